import type { Cluster, KubeObject } from '../ports/cluster.js';
import { PilabError } from '../errors.js';
import { probePod } from '../probe/pod.js';

/** A standing probe pod. */
export interface ProbePod {
  readonly pod: string;
  readonly ip: string;
}

/** First part of every probe pod's name; the node follows. */
export const PROBE_POD_PREFIX = 'pilab-probe-';

/** How long a probe pod may take to start: an image pull on a Pi with a slow card is a matter of a minute. */
const START_LIMIT_MS = 120_000;

/**
 * The run's throwaway pods, one a namespace and node: made when first asked for, kept for all probes of the playbook,
 * removed with the namespace. A request costs 0.5 ms in a standing pod and 2 s in a pod of its own (design.md).
 */
export class ProbePods {
  readonly #made = new Map<string, Promise<ProbePod>>();

  constructor(
    private readonly cluster: Cluster,
    private readonly image: string,
    private readonly labels: Record<string, string>,
  ) {}

  /** The pod of that node, ready. Concurrent callers share one. @throws PilabError `PROBE_POD_FAILED` */
  get(namespace: string, node: string, signal: AbortSignal): Promise<ProbePod> {
    const key = `${namespace}/${node}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.#make(namespace, node, signal);
    // One that failed is not kept: the API server may have been away, and a later step may ask again.
    made.catch(() => this.#made.delete(key));
    this.#made.set(key, made);
    return made;
  }

  /** The next who asks for a pod finds out whether it is still there. */
  forget(): void {
    this.#made.clear();
  }

  async #make(namespace: string, node: string, signal: AbortSignal): Promise<ProbePod> {
    const name = `${PROBE_POD_PREFIX}${node}`;
    await this.cluster.waitFor(
      { apiVersion: 'v1', kind: 'ServiceAccount', namespace, fieldSelector: 'metadata.name=default' },
      (found) => (found.length > 0 ? true : undefined),
      { timeoutMs: 10_000, signal },
    );
    const query = { apiVersion: 'v1', kind: 'Pod', namespace, fieldSelector: `metadata.name=${name}` };
    const manifest = probePod({ name, namespace, node, image: this.image, labels: this.labels });
    const { object } = await this.cluster.apply(manifest, { signal });
    if (isOver(object)) {
      await this.cluster.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name }, { signal, gracePeriodSeconds: 0 });
      const gone = (pods: readonly KubeObject[]): true | undefined => (pods.length === 0 ? true : undefined);
      await this.cluster.waitFor(query, gone, { timeoutMs: 30_000, signal });
      await this.cluster.apply(manifest, { signal });
    }
    const ip = await this.cluster.waitFor(query, (pods) => startedAt(pods[0], namespace, node), {
      timeoutMs: START_LIMIT_MS,
      signal,
      describe: (pods) => podState(pods[0]),
    });
    return { pod: name, ip };
  }
}

interface PodStatus {
  readonly podIP?: string;
  readonly phase?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  readonly containerStatuses?: readonly {
    readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  }[];
}

/** Waiting reasons that do not heal by waiting a little longer. */
const HOPELESS = new Set(['ErrImageNeverPull', 'InvalidImageName', 'ImagePullBackOff', 'CreateContainerConfigError']);

/** Pods have a limit of their own for their life, after which they stay as what they were. */
function isOver(pod: KubeObject): boolean {
  const { phase } = (pod['status'] ?? {}) as PodStatus;
  return phase === 'Failed' || phase === 'Succeeded' || pod.metadata?.deletionTimestamp !== undefined;
}

function startedAt(pod: KubeObject | undefined, namespace: string, node: string): string | undefined {
  const status = pod?.['status'] as PodStatus | undefined;
  const waiting = status?.containerStatuses?.[0]?.state?.waiting;
  if (waiting?.reason !== undefined && HOPELESS.has(waiting.reason)) {
    throw new PilabError({
      code: 'PROBE_POD_FAILED',
      message: `the probe pod on ${node} cannot start: ${waiting.reason}${waiting.message === undefined ? '' : `: ${waiting.message}`}`,
      hint: `kubectl -n ${namespace} describe pod ${PROBE_POD_PREFIX}${node}; an air-gapped lab names its own image under "images" in the lab file`,
      exitCode: 3,
    });
  }
  const ready = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  return ready === true ? status?.podIP : undefined;
}

function podState(pod: KubeObject | undefined): string {
  if (pod === undefined) return 'the pod does not exist';
  const status = pod['status'] as PodStatus | undefined;
  const waiting = status?.containerStatuses?.[0]?.state?.waiting?.reason;
  const trouble = status?.conditions?.find((condition) => condition.status === 'False')?.message;
  return [status?.phase, waiting, trouble].filter((part) => part !== undefined).join(', ');
}
