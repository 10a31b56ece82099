import type { PathFacts } from '../event/event.js';
import { endpointsOf } from '../model/endpoints.js';
import type { StepOf } from '../playbook/schema.js';
import type { StepContext } from './context.js';
import type { Place } from './place.js';

/**
 * The ends of a probe's way: its own address, and where the Service's rules may lead. For drawing only, so what cannot be
 * read is left out and never changes a verdict.
 */
export async function pathFacts(
  step: StepOf<'probe'>,
  place: Place,
  context: StepContext,
): Promise<PathFacts | undefined> {
  if (step.tool !== 'curl') return undefined;
  const { of } = step.expect;
  return {
    ...(place.ip === undefined ? {} : { client: place.ip }),
    ...(place.node === undefined ? {} : { node: place.node }),
    targets: of === undefined ? [] : await targetsOf(of, context).catch(() => []),
  };
}

async function targetsOf(service: string, context: StepContext): Promise<PathFacts['targets']> {
  const { cluster, namespace, signal } = context;
  const labelSelector = `kubernetes.io/service-name=${service}`;
  const query = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace, labelSelector };
  const ready = endpointsOf(await cluster.list(query, signal), service);
  return ready.flatMap(({ address, pod, node, ports: [port] }) => {
    if (pod === undefined) return [];
    return [
      {
        pod,
        address,
        ...(port === undefined ? {} : { port: port.port }),
        ...(node === undefined ? {} : { node }),
      },
    ];
  });
}
