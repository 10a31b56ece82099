import type { KubeObject } from '../ports/cluster.js';
import { PilabError } from '../errors.js';
import type { StepContext } from './context.js';
import { PROBE_POD_PREFIX } from './probe-pods.js';

interface PodView {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly image: string;
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
    }[];
  };
}

/** Container states that waiting does not heal within a lesson. */
const HOPELESS = new Set([
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CrashLoopBackOff',
]);

/** Looks at the namespace's pods while something waits for them. */
export interface PodWatch {
  /** Rejects with `POD_CANNOT_START` when a pod's container is in a state that waiting does not heal. Never resolves. */
  readonly cannotStart: Promise<never>;
  readonly stop: () => void;
  /** A line for each pod: node, phase, what it waits for. */
  readonly describe: () => Promise<string>;
  /** Why a pod has no node yet, in the scheduler's words: cordoned, tainted or full nodes. */
  readonly unscheduled: () => Promise<string | undefined>;
}

/** Starts looking. */
export function watchPods(context: StepContext): PodWatch {
  const stop = new AbortController();
  const { cluster, namespace, signal } = context;
  const query = { apiVersion: 'v1', kind: 'Pod', namespace };
  const cannotStart = cluster
    .waitFor(query, (pods) => pods.map(hopeless).find((found) => found !== undefined), {
      timeoutMs: 3_600_000,
      signal: AbortSignal.any([signal, stop.signal]),
    })
    .then(
      (reason) => {
        throw new PilabError({ code: 'POD_CANNOT_START', message: reason, exitCode: 1 });
      },
      // Whatever ends this watch is heard by the wait that it accompanies.
      () => new Promise<never>(() => undefined),
    );
  // Somebody may stop before anybody listens.
  cannotStart.catch(() => undefined);
  return {
    cannotStart,
    stop: () => stop.abort(),
    describe: async () => (await cluster.list(query, signal)).map(podLine).join('\n') || 'no pods',
    unscheduled: async () =>
      (await cluster.list(query, signal))
        .map((pod) => unscheduled(pod as unknown as PodView))
        .find((reason) => reason !== undefined),
  };
}

function hopeless(pod: KubeObject): string | undefined {
  // A probe pod is ours: whoever needs it says so, as "could not measure".
  if (pod.metadata?.name?.startsWith(PROBE_POD_PREFIX) === true) return undefined;
  const view = pod as unknown as PodView;
  for (const container of view.status?.containerStatuses ?? []) {
    const waiting = container.state?.waiting;
    if (waiting?.reason !== undefined && HOPELESS.has(waiting.reason)) {
      const on = view.spec?.nodeName ?? 'no node';
      return `pod ${pod.metadata?.name ?? ''} on ${on}, container ${container.name}, image ${container.image}: ${waiting.reason}${
        waiting.message === undefined ? '' : `: ${waiting.message}`
      }`;
    }
  }
  return undefined;
}

function podLine(pod: KubeObject): string {
  const { spec, status } = pod as unknown as PodView;
  const containers = (status?.containerStatuses ?? []).map((c) =>
    [`${c.name} ${c.ready ? 'ready' : 'not ready'}`, c.state?.waiting?.reason, c.state?.waiting?.message]
      .filter((part) => part !== undefined)
      .join(': '),
  );
  const without = unscheduled({ status });
  return [pod.metadata?.name, spec?.nodeName ?? 'no node', status?.phase, ...containers, without]
    .filter((part) => part !== undefined)
    .join('  ');
}

function unscheduled({ status }: { readonly status?: PodView['status'] | undefined }): string | undefined {
  return status?.conditions?.find((c) => c.type === 'PodScheduled' && c.status === 'False')?.message;
}
