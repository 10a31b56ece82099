import { setTimeout as sleep } from 'node:timers/promises';
import type { StepOf } from '../playbook/schema.js';
import type { StepContext, StepResult } from './context.js';
import { judgement } from './judgement.js';

/** Lets time pass where time itself is the lesson; an abort ends it. */
export async function pauseStep(step: StepOf<'pause'>, { signal }: StepContext): Promise<StepResult> {
  const startedAt = performance.now();
  await sleep(step.pause, undefined, { signal });
  const subject = `${step.pause / 1000} s`;
  return { judgements: [judgement({ verdict: 'passed', place: 'api', subject, startedAt })] };
}
