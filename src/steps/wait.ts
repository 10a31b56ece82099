import type { Evidence, Finding } from '../event/event.js';
import type { StepOf } from '../playbook/schema.js';
import { PilabError } from '../errors.js';
import type { StepContext, StepResult } from './context.js';
import { evidence, judgement } from './judgement.js';
import { objectRef } from './kinds.js';
import { filled } from './lookup.js';
import { isReady, readiness } from './readiness.js';
import { settle } from './settle.js';
import { watchPods } from './pod-watch.js';

/** Default limits. Pulling an image on a Pi is slow; a data plane that needs 15 s has a problem (observed: 0.6 to 1.2 s). */
const LIMITS = { ready: 180_000, gone: 30_000, serving: 15_000, empty: 15_000 } as const;

/** Waits by watching, never by sleeping, until an object is as the playbook says. What took how long is measured. */
export async function waitStep(step: StepOf<'wait'>, context: StepContext): Promise<StepResult> {
  const timeoutMs = step.timeout ?? LIMITS[step.is];
  const name = await filled(step.wait, context);
  if (step.is === 'serving' || step.is === 'empty') return settle(name, step.is, timeoutMs, context);
  const startedAt = performance.now();
  const { cluster, namespace, signal } = context;
  const ref = objectRef(name, namespace);
  const query = { ...ref, fieldSelector: `metadata.name=${ref.name}` };
  const pods = watchPods(context);
  // Ends whichever of the two loses the race below.
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  try {
    const wait =
      step.is === 'ready'
        ? cluster.waitFor(query, ([object]) => (object !== undefined && isReady(object) ? true : undefined), {
            timeoutMs,
            signal: both,
            describe: ([object]) => readiness(object),
          })
        : cluster.waitFor(query, (found) => (found.length === 0 ? true : undefined), {
            timeoutMs,
            signal: both,
            describe: () => `${name} is still there`,
          });
    await (step.is === 'ready' ? Promise.race([wait, pods.cannotStart]) : wait);
    return { judgements: [judgement({ verdict: 'passed', place: 'api', subject: name, startedAt })] };
  } catch (error) {
    if (!(error instanceof PilabError) || !NOT_MET.has(error.code)) throw error;
    const proof = [evidence('api', `kubectl -n ${namespace} get pods -o wide`, await pods.describe())];
    return notMet(step.is, name, namespace, error.message, proof, startedAt);
  } finally {
    over.abort();
    pods.stop();
  }
}

/** The time is up, or waiting longer is pointless: an expectation that is not met, not a failure to measure. */
const NOT_MET = new Set(['CLUSTER_WAIT_TIMEOUT', 'POD_CANNOT_START']);

function notMet(
  is: 'ready' | 'gone',
  name: string,
  namespace: string,
  observed: string,
  proof: readonly Evidence[],
  startedAt: number,
): StepResult {
  const object = name.replace('/', ' ');
  const finding: Finding = { what: is, expected: `${name} is ${is}`, observed, verdict: 'failed', why: WHY[is] };
  const next = [
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
  gone: {
    en: 'A finalizer or a pod that does not stop keeps it.',
    ja: 'ファイナライザ、または停止しない Pod が残っています。',
  },
} as const;
