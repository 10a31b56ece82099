import { freeAddress, freeInRanges } from '../model/cidr.js';
import { Rejection, type KubeObject } from '../ports/cluster.js';
import { clusterNetwork } from './cluster-network.js';
import type { StepContext } from './context.js';

/**
 * An address that no Service holds; undefined: there is none, or nobody knows the range. Others may take it meanwhile:
 * then the API server says so, and the step fails.
 */
export async function freeOf(
  part: 'freeClusterIP' | 'freePoolAddress',
  context: StepContext,
): Promise<string | undefined> {
  const { cluster, signal, lab } = context;
  const services = await cluster.list({ apiVersion: 'v1', kind: 'Service' }, signal);
  if (part === 'freePoolAddress') {
    const ranges = lab.loadBalancer?.pool ?? (await metalLBPools(context));
    return freeInRanges(ranges, services.flatMap(givenAddresses));
  }
  const { serviceCIDR } = await clusterNetwork(cluster, signal);
  const used = services.map((service) => (service['spec'] as { readonly clusterIP?: string }).clusterIP ?? '');
  return serviceCIDR === undefined ? undefined : freeAddress(serviceCIDR, used);
}

/** A lab file that names no pool: MetalLB knows its own. Those that are not handed out by themselves are left alone. */
async function metalLBPools({ cluster, signal }: StepContext): Promise<string[]> {
  try {
    const pools = await cluster.list({ apiVersion: 'metallb.io/v1beta1', kind: 'IPAddressPool' }, signal);
    return pools.flatMap((pool) => {
      const { addresses = [], autoAssign } = pool['spec'] as {
        readonly addresses?: readonly string[];
        readonly autoAssign?: boolean;
      };
      return autoAssign === false ? [] : addresses;
    });
  } catch (error) {
    if (error instanceof Rejection && error.status === 404) return [];
    throw error;
  }
}

function givenAddresses(service: KubeObject): string[] {
  const status = service['status'] as
    { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } } | undefined;
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip === undefined ? [] : [ip]));
}
