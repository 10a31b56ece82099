import type { Evidence, Finding } from '../event/event.js';
import { judgeFields } from '../check/fields.js';
import { NEXT_NODES, nextDoor } from '../check/next.js';
import type { FieldMatcher, StepOf } from '../playbook/schema.js';
import type { KubeObject } from '../ports/cluster.js';
import { PilabError } from '../errors.js';
import type { StepContext, StepResult } from './context.js';
import { evidence, judgement } from './judgement.js';
import { objectRef } from './kinds.js';
import { filled } from './lookup.js';
import { isReady, readiness } from './readiness.js';
import { doorOf as kindOfDoor } from './judge-observation.js';
import { settle, type Door } from './settle.js';
import { watchPods } from './pod-watch.js';

/** Default limits. Pulling an image on a Pi is slow; a data plane that needs 15 s has a problem (observed: 0.6 to 1.2 s). */
const LIMITS = { ready: 180_000, gone: 30_000, until: 30_000, serving: 15_000, empty: 15_000 } as const;

/** Waits by watching, never by sleeping, until an object is as the playbook says. What took how long is measured. */
export async function waitStep(step: StepOf<'wait'>, context: StepContext): Promise<StepResult> {
  const goal = step.is ?? 'until';
  const timeoutMs = step.timeout ?? LIMITS[goal];
  const name = await filled(step.wait, context);
  if (goal === 'serving' || goal === 'empty') {
    return settle(name, goal, timeoutMs, context, await doorOf(step, context));
  }
  const until = await filled(step.until ?? {}, context);
  return watchUntil({ goal, name, until, timeoutMs }, context);
}

async function doorOf({ at, from, headers }: StepOf<'wait'>, context: StepContext): Promise<Door | undefined> {
  if (at === undefined) return undefined;
  return {
    url: await filled(at, context),
    from: from ?? 'operator',
    headers: await filled(headers ?? {}, context),
    kind: kindOfDoor({ url: at }),
  };
}

/** A wait whose words are filled in. */
interface Watched {
  readonly goal: 'ready' | 'gone' | 'until';
  /** `kind/name` */
  readonly name: string;
  readonly until: Readonly<Record<string, FieldMatcher>>;
  readonly timeoutMs: number;
}

async function watchUntil({ goal, name, until, timeoutMs }: Watched, context: StepContext): Promise<StepResult> {
  const startedAt = performance.now();
  const { cluster, namespace, signal } = context;
  const ref = objectRef(name, namespace);
  const query = { ...ref, fieldSelector: `metadata.name=${ref.name}` };
  const pods = watchPods(context);
  // Ends whichever of the two loses the race below.
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const met = {
    ready: (object: KubeObject | undefined) => object !== undefined && isReady(object),
    gone: (object: KubeObject | undefined) => object === undefined,
    until: (object: KubeObject | undefined) =>
      object !== undefined && judgeFields(name, object, until, { namespace }).verdict === 'passed',
  }[goal];
  const describe = {
    ready: readiness,
    gone: () => `${name} is still there`,
    until: (object: KubeObject | undefined) => unmet(name, object, until),
  }[goal];
  try {
    const wait = cluster.waitFor(query, ([object]) => (met(object) ? true : undefined), {
      timeoutMs,
      signal: both,
      describe: ([object]) => describe(object),
    });
    await (goal === 'gone' ? wait : Promise.race([wait, pods.cannotStart]));
    if (goal === 'until') {
      const ms = Math.round(performance.now() - startedAt);
      context.emit({ type: 'measured', step: context.info.id, what: name, value: ms, unit: 'ms' });
    }
    return { judgements: [judgement({ verdict: 'passed', place: 'api', subject: name, startedAt })] };
  } catch (error) {
    if (!(error instanceof PilabError) || !NOT_MET.has(error.code)) throw error;
    const proof = [evidence('api', `kubectl -n ${namespace} get pods -o wide`, await pods.describe())];
    const homeless = goal === 'ready' ? await pods.unscheduled() : undefined;
    const observed = homeless === undefined ? error.message : `${error.message}; a pod has no node: ${homeless}`;
    return notMet(goal, name, namespace, { observed, proof, nodes: homeless !== undefined }, startedAt);
  } finally {
    over.abort();
    pods.stop();
  }
}

/** The time is up, or waiting longer is pointless: an expectation that is not met, not a failure to measure. */
const NOT_MET = new Set(['CLUSTER_WAIT_TIMEOUT', 'POD_CANNOT_START']);

function notMet(
  is: Watched['goal'],
  name: string,
  namespace: string,
  {
    observed,
    proof,
    nodes,
  }: { readonly observed: string; readonly proof: readonly Evidence[]; readonly nodes: boolean },
  startedAt: number,
): StepResult {
  const object = name.replace('/', ' ');
  const finding: Finding = {
    what: is,
    expected: is === 'until' ? `${name} gets so` : `${name} is ${is}`,
    observed,
    verdict: 'failed',
    why: WHY[is],
  };
  const [kind] = name.split('/');
  const door =
    is !== 'until' ? undefined : kind === 'ingress' ? 'ingress' : kind === 'service' ? 'loadBalancer' : undefined;
  const next = [
    ...(nodes ? [NEXT_NODES] : []),
    ...nextDoor({ door, namespace }),
    {
      en: `kubectl -n ${namespace} describe ${object}; kubectl -n ${namespace} get events --sort-by=.lastTimestamp`,
      ja: `kubectl -n ${namespace} describe ${object} と kubectl -n ${namespace} get events --sort-by=.lastTimestamp を確認してください`,
    },
  ];
  return {
    judgements: [
      judgement({
        verdict: 'failed',
        place: 'api',
        subject: name,
        startedAt,
        findings: [finding],
        evidence: proof,
        next,
      }),
    ],
    blocks: true,
  };
}

const WHY = {
  ready: {
    en: 'Kubernetes accepted the object, but its pods do not get ready; the reason stands with the pod.',
    ja: 'オブジェクトは作成されましたが、Pod が Ready になりません。理由は Pod の状態に表示されます。',
  },
  until: {
    en: 'Whoever fills in this field has not done so: look at the events of the object and at its controller.',
    ja: 'このフィールドを設定するコンポーネントがまだ動いていません。オブジェクトのイベントとコントローラを確認してください。',
  },
  gone: {
    en: 'A finalizer or a pod that does not stop keeps it.',
    ja: 'ファイナライザ、または停止しない Pod が残っています。',
  },
} as const;

function unmet(name: string, object: KubeObject | undefined, until: Watched['until']): string {
  const wrong = judgeFields(name, object, until).findings.filter(({ verdict }) => verdict !== 'passed');
  return wrong.map(({ what, expected, observed }) => `${what}: ${observed} instead of ${expected}`).join('; ');
}
