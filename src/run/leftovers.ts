import type { Cluster } from '../ports/cluster.js';
import { PAUSED_LABEL, RUN_LABEL } from '../plan/plan.js';

/** A namespace that a run made and did not remove. */
export interface Leftover {
  readonly namespace: string;
  readonly run: string;
  /** RFC 3339, from the API server's clock. */
  readonly createdAt: string;
  /** A walkthrough that somebody wants to go on with. */
  readonly paused: boolean;
}

/** Everything that runs left on the cluster, found by label. A run that is still going on looks the same. */
export async function findLeftovers(cluster: Cluster): Promise<Leftover[]> {
  const namespaces = await cluster.list({
    apiVersion: 'v1',
    kind: 'Namespace',
    labelSelector: `app.kubernetes.io/managed-by=pilab,${RUN_LABEL}`,
  });
  return namespaces.map(({ metadata }) => ({
    namespace: metadata?.name ?? '',
    run: metadata?.labels?.[RUN_LABEL] ?? '',
    createdAt: metadata?.creationTimestamp ?? '',
    paused: PAUSED_LABEL in (metadata?.labels ?? {}),
  }));
}
