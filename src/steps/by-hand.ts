import type { Lab } from '../lab/lab.js';
import { legacyEndpoints, type Endpoint } from '../model/endpoints.js';
import type { KubeObject } from '../ports/cluster.js';
import type { StepContext } from './context.js';

/** The addresses of a hand-made Endpoints object, which the control plane mirrors into slices (claims N01, N08). */
export async function endpointsByHand(
  service: KubeObject,
  { cluster, namespace, signal }: StepContext,
): Promise<Endpoint[]> {
  const name = service.metadata?.name ?? '';
  const { selector } = service['spec'] as { readonly selector?: Record<string, string> };
  // With a selector the object is the controller's (claim N06).
  if (selector !== undefined) return [];
  return legacyEndpoints(await cluster.get({ apiVersion: 'v1', kind: 'Endpoints', namespace, name }, signal));
}

/**
 * The name with which an endpoint answers: the pod's, or that of a server outside the cluster, which calls itself by the
 * first label of its name in the lab file. Undefined: nobody that the lab knows.
 */
export function serverName({ pod, address }: Endpoint, { outside }: Lab): string | undefined {
  return pod ?? outside.find((server) => server.address === address)?.name.split('.')[0];
}
