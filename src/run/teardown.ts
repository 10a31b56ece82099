import { setTimeout as sleep } from 'node:timers/promises';
import { Rejection, type Cluster, type KubeObject } from '../ports/cluster.js';
import { PilabError, messageOf } from '../errors.js';

/** How long a namespace may take to go away. Two busy cores need 5 to 12 s (observed.md part 2, timings). */
export const TEARDOWN_LIMIT_MS = 90_000;

/** A restarted control plane on a Pi needs up to a minute. */
const AWAY_LIMIT_MS = 60_000;
/** An API server that has just started forbids everything to everybody until it has read its RBAC rules. */
const FORBIDDEN_LIMIT_MS = 20_000;
const PAUSE_MS = 1000;

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
        await persistently(() => removeNamespace(cluster, namespace, signal), signal);
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

/** Clean-up is worth more patience than a measurement: what is not removed now stays on somebody's cluster. */
async function persistently(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (performance.now() - startedAt > patienceFor(error)) throw error;
      // Whoever leaves hears why this was not removed, and not that a pause was cut short.
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}

function patienceFor(error: unknown): number {
  if (error instanceof Rejection)
    return error.status === 403 ? FORBIDDEN_LIMIT_MS : error.status >= 500 ? AWAY_LIMIT_MS : 0;
  if (error instanceof PilabError && ['CLUSTER_UNREACHABLE', 'CLUSTER_TIMEOUT'].includes(error.code))
    return AWAY_LIMIT_MS;
  return 0;
}

/** A namespace that hangs says in its conditions what it waits for. */
function whyTerminating(namespace: KubeObject | undefined): string {
  const status = namespace?.['status'] as
    { readonly conditions?: readonly { readonly status: string; readonly message?: string }[] } | undefined;
  const messages = status?.conditions?.filter(({ status: is }) => is === 'True').map(({ message }) => message ?? '');
  return ['still terminating', ...(messages ?? [])].join('; ');
}
