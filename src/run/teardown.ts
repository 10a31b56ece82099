import type { Cluster, KubeObject } from '../ports/cluster.js';
import { messageOf } from '../errors.js';

/** How long a namespace may take to go away. Two busy cores need 5 to 12 s (observed.md part 2, timings). */
export const TEARDOWN_LIMIT_MS = 90_000;

/**
 * Removes namespaces with all that is in them and waits until they are gone.
 * @returns what is left, with the reason; empty when everything is gone
 */
export async function removeNamespaces(
  cluster: Cluster,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const left = await Promise.all(
    namespaces.map(async (namespace) => {
      try {
        await removeNamespace(cluster, namespace, signal);
        return [];
      } catch (error) {
        return [`namespace/${namespace} (${messageOf(error)})`];
      }
    }),
  );
  return left.flat();
}

/**
 * The namespace controller waits 5 s before it looks into a namespace that is to go, and comes back only after the longest
 * grace period that it finds there. Pods are stopped meanwhile, so that its first look finds none: nothing can make new
 * ones in a terminating namespace.
 */
async function removeNamespace(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<void> {
  await cluster.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, { signal });
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }, signal);
  await Promise.all(
    pods.map(({ metadata }) =>
      cluster.delete(
        { apiVersion: 'v1', kind: 'Pod', namespace, name: metadata?.name ?? '' },
        { gracePeriodSeconds: 1, signal },
      ),
    ),
  );
  await cluster.waitFor(
    { apiVersion: 'v1', kind: 'Namespace', fieldSelector: `metadata.name=${namespace}` },
    (found) => (found.length === 0 ? true : undefined),
    { timeoutMs: TEARDOWN_LIMIT_MS, signal, describe: (found) => whyTerminating(found[0]) },
  );
}

/** A namespace that hangs says in its conditions what it waits for. */
function whyTerminating(namespace: KubeObject | undefined): string {
  const status = namespace?.['status'] as
    { readonly conditions?: readonly { readonly status: string; readonly message?: string }[] } | undefined;
  const messages = status?.conditions?.filter(({ status: is }) => is === 'True').map(({ message }) => message ?? '');
  return ['still terminating', ...(messages ?? [])].join('; ');
}
