import type { PathFacts } from '../event/event.js';
import type { StepOf } from '../playbook/schema.js';
import type { StepContext } from './context.js';
import type { Place } from './place.js';

interface Slice {
  readonly ports?: readonly { readonly port?: number }[] | null;
  readonly endpoints?: readonly {
    readonly addresses?: readonly string[];
    readonly nodeName?: string;
    readonly targetRef?: { readonly name?: string };
  }[];
}

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
  const slices = (await cluster.list(query, signal)) as readonly unknown[] as readonly Slice[];
  return slices.flatMap(({ ports, endpoints = [] }) =>
    endpoints.flatMap(({ addresses = [], nodeName, targetRef }) => {
      const [address] = addresses;
      if (address === undefined || targetRef?.name === undefined) return [];
      const port = ports?.[0]?.port;
      return [
        {
          pod: targetRef.name,
          address,
          ...(port === undefined ? {} : { port }),
          ...(nodeName === undefined ? {} : { node: nodeName }),
        },
      ];
    }),
  );
}
