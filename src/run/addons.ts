import type { ClusterFacts } from '../event/event.js';
import { Rejection, type Cluster, type KubeObject, type ListQuery } from '../ports/cluster.js';
import type { Host } from '../ports/host.js';

/** The parts of {@link ClusterFacts} that add-ons bring; whatever cannot be found out is left out. */
export type AddonFacts = Pick<ClusterFacts, 'coreDNS' | 'metalLB' | 'loadBalancer' | 'ingressClasses'>;

/** Looks which add-ons the cluster has, and in which versions. What the credentials may not read stays unknown. */
export async function readAddons(cluster: Cluster, hosts: readonly Host[], signal: AbortSignal): Promise<AddonFacts> {
  const list = (query: ListQuery): Promise<KubeObject[] | undefined> => readable(cluster.list(query, signal));
  const [coreDNS, metalLB, services, classes] = await Promise.all([
    coreDNSVersion(cluster, hosts, signal),
    list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'metallb-system' }).then(metalLBImage),
    list({ apiVersion: 'v1', kind: 'Service' }),
    list({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass' }),
  ]);
  const loadBalancer = metalLB === undefined ? otherLoadBalancer(services) : 'metallb';
  const version = tagVersion(metalLB);
  return {
    ...(coreDNS === undefined ? {} : { coreDNS }),
    ...(version === undefined ? {} : { metalLB: version }),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    ...(classes === undefined ? {} : { ingressClasses: classes.map(classFacts).sort(byName) }),
  };
}

/** A refusal (no permission, no such kind) is no reason to end the run; a lost connection is. */
async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Rejection) return undefined;
    throw error;
  }
}

/**
 * CoreDNS itself says its version in its metrics, on port 9153 of the kube-dns Service; the tag of its image may lie
 * (observed.md part 1: tagged v1.12.1, it is 1.14.7), so the tag is only believed when no node can ask.
 */
async function coreDNSVersion(
  cluster: Cluster,
  hosts: readonly Host[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const named = { namespace: 'kube-system' };
  const [service, deployment] = await Promise.all([
    readable(cluster.get({ apiVersion: 'v1', kind: 'Service', name: 'kube-dns', ...named }, signal)),
    readable(cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'coredns', ...named }, signal)),
  ]);
  const { clusterIP } = (service?.['spec'] ?? {}) as { readonly clusterIP?: string };
  if (clusterIP !== undefined) {
    for (const host of hosts) {
      const said = await metricsOf(`http://${clusterIP}:9153/metrics`, host, signal);
      const version = /^coredns_build_info\{.*\bversion="([^"]+)"/m.exec(said)?.[1];
      if (version !== undefined) return version;
    }
  }
  return tagVersion(imagesOf(deployment)[0]);
}

async function metricsOf(url: string, host: Host, signal: AbortSignal): Promise<string> {
  try {
    const argv = ['curl', '-q', '-s', '--noproxy', '*', '-m', '2', url];
    return (await host.exec(argv, { signal, timeoutMs: 10_000 })).stdout;
  } catch {
    // Another host may answer; that this one does not is told where the proxy mode is read.
    signal.throwIfAborted();
    return '';
  }
}

function metalLBImage(deployments: readonly KubeObject[] = []): string | undefined {
  return deployments.flatMap(imagesOf).find((image) => /(^|\/)(metallb-?)?controller(:|@|$)/.test(image));
}

/** Without MetalLB: whoever gave a Service its address is not known; if none has one, nobody seems to be there. */
function otherLoadBalancer(services: readonly KubeObject[] | undefined): 'none' | 'unknown' | undefined {
  if (services === undefined) return undefined;
  return services.some((service) => {
    const spec = service['spec'] as { readonly type?: string } | undefined;
    const status = service['status'] as
      { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } } | undefined;
    return spec?.type === 'LoadBalancer' && (status?.loadBalancer?.ingress ?? []).length > 0;
  })
    ? 'unknown'
    : 'none';
}

function classFacts(object: KubeObject): { name: string; controller: string } {
  const { controller = '' } = (object['spec'] ?? {}) as { readonly controller?: string };
  return { name: object.metadata?.name ?? '', controller };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name);
}

function imagesOf(workload: KubeObject | undefined): string[] {
  const { template } = (workload?.['spec'] ?? {}) as {
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  };
  return (template?.spec?.containers ?? []).flatMap(({ image }) => (image === undefined ? [] : [image]));
}

/** `quay.io/metallb/controller:v0.15.2` → `0.15.2`; undefined without a tag that is a version. */
function tagVersion(image: string | undefined): string | undefined {
  const [name = ''] = (image ?? '').split('@');
  return /:v?(\d+(?:\.\d+)*)(?:[-+][^/]*)?$/.exec(name)?.[1];
}
