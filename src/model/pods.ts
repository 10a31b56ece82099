import { selects, type LiveObject } from './object.js';

/** A pod that may receive traffic. */
export interface ReadyPod {
  readonly name: string;
  readonly node: string;
  readonly ip: string;
}

/** The parts of a Pod that the model reads. */
export interface PodView {
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly PodContainer[];
    readonly initContainers?: readonly (PodContainer & { readonly restartPolicy?: string })[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface PodContainer {
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly protocol?: string;
  }[];
}

/**
 * Pods that are Ready, have an address and are not on their way out, by name.
 * @param selector Only pods with these labels. @default every pod of the list
 */
export function readyPods(pods: readonly LiveObject[], selector?: Readonly<Record<string, string>>): ReadyPod[] {
  return pods
    .filter((pod) => selector === undefined || selects(selector, pod.metadata?.labels))
    .filter((pod) => isAlive(pod) && isReady(pod))
    .map((pod) => {
      const { spec, status } = pod as PodView;
      return { name: pod.metadata?.name ?? '', node: spec?.nodeName ?? '', ip: status?.podIP ?? '' };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Has an address, is not finished and not being deleted: a candidate for an EndpointSlice. */
export function isAlive(pod: LiveObject): boolean {
  const { status } = pod as PodView;
  const finished = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return !finished && (status?.podIP ?? '') !== '' && pod.metadata?.deletionTimestamp === undefined;
}

/** Condition Ready is True. */
export function isReady(pod: LiveObject): boolean {
  const { status } = pod as PodView;
  return status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
}
