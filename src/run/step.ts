import type { StepInfo, Verdict } from '../event/event.js';
import { worst } from '../event/verdict.js';
import { typedIn } from '../plan/typed.js';
import type { Step } from '../playbook/schema.js';
import type { StepContext, StepResult } from '../steps/context.js';
import { judgement, unmeasured } from '../steps/judgement.js';
import { runStep } from '../steps/step.js';
import { typedNow } from '../steps/typed-now.js';
import type { Text } from '../text.js';
import type { Scene } from './driver.js';
import type { RunDeps } from './run.js';

/** How a step that was told ended. */
export interface ToldStep {
  readonly verdict: Verdict;
  /** What later steps build on is missing. */
  readonly blocks: boolean;
}

/**
 * One step with all its events.
 * @param skip why it is not run
 */
export async function tellStep(
  step: Step,
  info: StepInfo,
  emit: RunDeps['emit'],
  scene: Scene | undefined,
  skip: Text | undefined,
): Promise<ToldStep> {
  const startedAt = performance.now();
  const context = skip === undefined && scene !== undefined ? { ...scene, info, emit } : undefined;
  const command = context && (await known(step, context));
  emit({
    type: 'step-started',
    step: info.id,
    ...(command === undefined || command === info.command ? {} : { command }),
  });
  const result = context === undefined ? skipped(skip, startedAt) : await runOne(step, context);
  for (const each of result.judgements) emit({ type: 'judged', step: info.id, judgement: each });
  const verdict = worst(result.judgements.map((each) => each.verdict));
  emit({ type: 'step-finished', step: info.id, verdict, durationMs: Math.round(performance.now() - startedAt) });
  return { verdict, blocks: result.blocks === true };
}

/** What a person would type; only shown, so nothing may fail because of it. */
async function known(step: Step, context: StepContext): Promise<string> {
  const line = await typedNow(step, context, 'memory').catch(() => context.info.command);
  return typedIn(context.namespace, line);
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

/** Why a step is skipped that builds on this one. */
export function blockedBy({ id, title }: StepInfo): Text {
  const number = id.slice(id.lastIndexOf('/') + 1);
  return {
    en: `needs step ${number} (${title.en}), which did not succeed`,
    ja: `手順 ${number}（${title.ja}）が成功していないため`,
  };
}

/** An adapter that is slow to notice the abort must not keep the run from stopping at once. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
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
