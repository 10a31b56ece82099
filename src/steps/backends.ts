import { slicesByHand } from '../model/endpoints.js';
import { readyPods, type ReadyPod } from '../model/pods.js';
import type { KubeObject } from '../ports/cluster.js';
import { PilabError } from '../errors.js';
import { endpointsByHand, serverName } from './by-hand.js';
import type { StepContext } from './context.js';

/** The live objects that say who stands behind a Service. */
export interface ServiceView {
  readonly service: KubeObject;
  readonly pods: readonly KubeObject[];
  readonly slices: readonly KubeObject[];
}

/** Reads a Service of the run's namespace with its pods and slices. @throws PilabError `STEP_NO_SERVICE` */
export async function serviceView(name: string, context: StepContext): Promise<ServiceView> {
  const { cluster, namespace, signal } = context;
  const [service, pods, slices] = await Promise.all([
    cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name }, signal),
    cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }, signal),
    cluster.list(
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        namespace,
        labelSelector: `kubernetes.io/service-name=${name}`,
      },
      signal,
    ),
  ]);
  if (service === undefined) {
    throw new PilabError({
      code: 'STEP_NO_SERVICE',
      message: `Service ${name} does not exist in ${namespace}`,
      hint: `kubectl -n ${namespace} get services`,
      exitCode: 3,
    });
  }
  return { service, pods, slices };
}

/**
 * Who should answer for a Service: the ready pods that it selects, and the servers whose addresses were written down by
 * hand, by the name with which they answer; these run on no node.
 */
export async function backendsOf(name: string, context: StepContext): Promise<ReadyPod[]> {
  const { service, pods, slices } = await serviceView(name, context);
  const { selector = {} } = service['spec'] as { readonly selector?: Record<string, string> };
  const byHand = [...(await endpointsByHand(service, context)), ...slicesByHand(slices, name)];
  const servers = new Map(byHand.map((endpoint) => [endpoint.address, serverName(endpoint, context.lab)]));
  return [...readyPods(pods, selector), ...[...servers].map(([ip, server]) => ({ name: server ?? ip, node: '', ip }))];
}

/** What the rules about a Service are set against; one that is gone should have none, so that is no error here. */
export async function rulesViewOf(
  name: string,
  context: StepContext,
): Promise<{ name: string; service: KubeObject | undefined; slices: readonly KubeObject[] }> {
  const { cluster, namespace, signal } = context;
  const of = `${namespace}/${name}`;
  const service = await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name }, signal);
  return { name: of, service, slices: service === undefined ? [] : (await serviceView(name, context)).slices };
}

/** Services by name; `kubernetes` is the one of namespace `default`, whose variables every pod has. */
export async function servicesOf(
  names: readonly string[],
  { cluster, namespace, signal }: StepContext,
): Promise<Map<string, KubeObject | undefined>> {
  const found = await Promise.all(
    names.map((name) => {
      const home = name === 'kubernetes' ? 'default' : namespace;
      return cluster.get({ apiVersion: 'v1', kind: 'Service', namespace: home, name }, signal);
    }),
  );
  return new Map(names.map((name, index) => [name, found[index]]));
}
