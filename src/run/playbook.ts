import pLimit from 'p-limit';
import type { ClusterFacts, StepInfo, Verdict } from '../event/event.js';
import { worst } from '../event/verdict.js';
import { namespacesOf, runLabels, type PlannedPlaybook } from '../plan/plan.js';
import { batchesOf, onlyLooks } from '../plan/batch.js';
import type { Step } from '../playbook/schema.js';
import { Certificates } from '../steps/certificates.js';
import type { StepContext, StepResult } from '../steps/context.js';
import { judgement, unmeasured } from '../steps/judgement.js';
import { ProbePods } from '../steps/probe-pods.js';
import { nodesOf } from '../steps/places.js';
import { runStep } from '../steps/step.js';
import type { Text } from '../text.js';
import { unmetNeed, unmetWhen } from './needs.js';
import type { RunDeps } from './run.js';
import { Turnstile } from './turnstile.js';

/** Steps that only look are run side by side, so many at once: a Pi is small. */
const SIDE_BY_SIDE = 4;

/** Runs one playbook in a namespace of its own. `onStep` hears each step's verdict, also when the rest is never reached. */
export async function runPlaybook(
  planned: PlannedPlaybook,
  runId: string,
  facts: ClusterFacts,
  deps: RunDeps,
  onStep: (verdict: Verdict) => void,
): Promise<void> {
  const { emit, signal, probes } = deps;
  const { playbook, steps } = planned;
  const startedAt = performance.now();
  const verdicts: Verdict[] = [];
  emit({ type: 'playbook-started', playbook: playbook.name });
  let skip: Text | undefined = unmetNeed(playbook.needs, facts, deps.lab);
  const context = skip === undefined ? await prepare(planned, runId, facts, deps) : undefined;
  for (const batch of batchesOf(playbook.steps)) {
    signal.throwIfAborted();
    const limit = pLimit(SIDE_BY_SIDE);
    // The first one never waits for another playbook: exercises count on the time that passes between two steps.
    const gently = <T>(step: Step | undefined, turn: number, work: () => Promise<T>): Promise<T> =>
      limit(() => (step?.kind === 'probe' && turn > 0 ? probes(work) : work()));
    const turnstile = new Turnstile(emit);
    const reason = skip;
    const results = await Promise.allSettled(
      batch.map((index, turn) =>
        gently(playbook.steps[index], turn, async () => {
          const [step, info] = [playbook.steps[index], steps[index]];
          if (step === undefined || info === undefined) return undefined;
          signal.throwIfAborted();
          const outlet = turnstile.outlet(turn);
          try {
            const own = context && { ...context, info, emit: outlet };
            const result = await tellStep(
              step,
              info,
              outlet,
              own,
              reason ?? beforeStart(planned, index) ?? unmetWhen(step, facts, deps.lab),
            );
            onStep(result.verdict);
            return { info, ...result };
          } finally {
            turnstile.done(turn);
          }
        }),
      ),
    );
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason;
      if (result.value === undefined) continue;
      verdicts.push(result.value.verdict);
      if (result.value.blocks) skip ??= blockedBy(result.value.info);
    }
  }
  emit({
    type: 'playbook-finished',
    playbook: playbook.name,
    verdict: worst(verdicts),
    durationMs: Math.round(performance.now() - startedAt),
  });
}

/** Who starts in the middle wants no earlier look; what later steps build on happens all the same. */
function beforeStart({ playbook, start = 1 }: PlannedPlaybook, index: number): Text | undefined {
  const step = playbook.steps[index];
  if (index + 1 >= start || step === undefined || !onlyLooks(step)) return undefined;
  return {
    en: `before step ${start}, where this run starts`,
    ja: `手順 ${start} から始めたため、それより前の確認は省略`,
  };
}

/** One step with all its events. */
async function tellStep(
  step: Step,
  info: StepInfo,
  emit: RunDeps['emit'],
  context: StepContext | undefined,
  skip: Text | undefined,
): Promise<{ verdict: Verdict; blocks: boolean }> {
  const startedAt = performance.now();
  emit({ type: 'step-started', step: info.id });
  const result = skip === undefined && context !== undefined ? await runOne(step, context) : skipped(skip, startedAt);
  for (const each of result.judgements) emit({ type: 'judged', step: info.id, judgement: each });
  const verdict = worst(result.judgements.map((each) => each.verdict));
  emit({ type: 'step-finished', step: info.id, verdict, durationMs: Math.round(performance.now() - startedAt) });
  return { verdict, blocks: result.blocks === true };
}

/** A step that throws "could not measure" is judged so; what cannot be judged at all goes up and ends the run. */
async function runOne(step: Step, context: StepContext): Promise<StepResult> {
  const startedAt = performance.now();
  const { signal } = context;
  try {
    return await untilAborted(runStep(step, context), signal);
  } catch (error) {
    const at = { place: 'api', subject: context.info.command, startedAt, signal };
    return { judgements: [unmeasured(error, at)], blocks: PREPARES.has(step.kind) };
  }
}

/** Step kinds that the following steps build on. */
const PREPARES = new Set<Step['kind']>(['apply', 'delete', 'scale', 'patch', 'save']);

function blockedBy({ id, title }: StepInfo): Text {
  const number = id.slice(id.lastIndexOf('/') + 1);
  return {
    en: `needs step ${number} (${title.en}), which did not succeed`,
    ja: `手順 ${number}（${title.ja}）が成功していないため`,
  };
}

/** An adapter that is slow to notice the abort must not keep the run from stopping at once. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('interrupted'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
    // What the loser of the race still throws has been overtaken by the abort.
    work.catch(() => undefined);
  }
}

function skipped(reason: Text | undefined, startedAt: number): StepResult {
  const why = reason ?? { en: 'not reached', ja: '未実行' };
  const finding = { what: 'skipped', expected: '', observed: why.en, verdict: 'skipped', why } as const;
  return { judgements: [judgement({ verdict: 'skipped', place: '', subject: '', startedAt, findings: [finding] })] };
}

/** Makes the namespaces, and starts the probe pods that the playbook will need while the first manifests are applied. */
async function prepare(
  planned: PlannedPlaybook,
  runId: string,
  facts: ClusterFacts,
  deps: RunDeps,
): Promise<Omit<StepContext, 'info' | 'emit'>> {
  const { cluster, lab, signal } = deps;
  const { playbook, namespace, neighbour } = planned;
  const labels = runLabels(runId);
  for (const name of namespacesOf(planned)) {
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }, { signal });
  }
  const pods = new ProbePods(cluster, deps.probeImage, labels);
  const hosts = lab.hosts.map((host) => host.name);
  const places = { cluster, facts, hosts, host: deps.host, operator: deps.operator, namespace, neighbour, pods };
  for (const from of new Set(playbook.steps.map((step) => (step.kind === 'probe' ? step.from : '')))) {
    if (!/^(pod|neighbour)/.test(from)) continue;
    const home = from === 'neighbour' ? (neighbour ?? namespace) : namespace;
    // Whoever needs the pod hears of its failure; nobody waits for it here.
    for (const node of nodesOf(from, facts)) pods.get(home, node, signal).catch(() => undefined);
  }
  return {
    playbook,
    namespace,
    neighbour,
    labels,
    cluster,
    lab,
    facts,
    places,
    saved: new Map(),
    certificates: new Certificates(),
    signal,
  };
}
