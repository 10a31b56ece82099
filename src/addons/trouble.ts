import type { Cluster, KubeObject } from '../ports/cluster.js';

interface PodStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  readonly containerStatuses?: readonly {
    readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  }[];
}

/** What the pods of a namespace wait for, in their kubelet's or the scheduler's words; empty when they do not say. */
export async function whyNotReady(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<string> {
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }, signal);
  return pods.flatMap(reasonsOf).join('; ');
}

function reasonsOf(pod: KubeObject): string[] {
  const status = (pod['status'] ?? {}) as PodStatus;
  const unscheduled = status.conditions?.find((each) => each.type === 'PodScheduled' && each.status === 'False');
  const waiting = (status.containerStatuses ?? []).flatMap(({ state }) => (state?.waiting ? [state.waiting] : []));
  const reasons = [
    ...(unscheduled === undefined ? [] : [`not scheduled: ${unscheduled.message ?? ''}`]),
    ...waiting.map(({ reason = '', message }) => (message === undefined ? reason : `${reason}: ${message}`)),
  ];
  return reasons.map((reason) => `pod/${pod.metadata?.name ?? ''}: ${reason}`);
}
