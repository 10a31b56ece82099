import type { KubeObject } from '../ports/cluster.js';

interface WorkloadStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly readyReplicas?: number;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
}

/** `kubectl rollout status` in one sentence: the newest generation is out, complete and available. */
export function isReady(object: KubeObject): boolean {
  const status = (object['status'] ?? {}) as WorkloadStatus;
  if (object.kind === 'Pod') return status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;
  const generation = (object.metadata as { readonly generation?: number } | undefined)?.generation ?? 0;
  if ((status.observedGeneration ?? 0) < generation) return false;
  if (object.kind === 'DaemonSet') {
    // The counts that are 0 are left out by the API server, except the desired one.
    const { desiredNumberScheduled: desired, updatedNumberScheduled: updated = 0, numberAvailable = 0 } = status;
    return updated === desired && numberAvailable === desired;
  }
  const wanted = (object['spec'] as { readonly replicas?: number } | undefined)?.replicas ?? 1;
  const ready = object.kind === 'StatefulSet' ? status.readyReplicas : status.availableReplicas;
  return (status.updatedReplicas ?? 0) === wanted && (status.replicas ?? 0) === wanted && (ready ?? 0) === wanted;
}

/** How far it is, in words. */
export function readiness(object: KubeObject | undefined): string {
  if (object === undefined) return 'it does not exist';
  if (object.kind === 'Pod') return 'the pod is not ready';
  const status = (object['status'] ?? {}) as WorkloadStatus;
  const wanted =
    (object['spec'] as { readonly replicas?: number } | undefined)?.replicas ?? status.desiredNumberScheduled ?? 1;
  // Pods that could not even be made: a quota, an admission rule.
  const failure = status.conditions?.find((c) => c.type === 'ReplicaFailure' && c.status === 'True')?.message;
  const ready = status.availableReplicas ?? status.numberAvailable ?? status.readyReplicas ?? 0;
  return `${ready} of ${wanted} replicas available${failure === undefined ? '' : `: ${failure}`}`;
}
