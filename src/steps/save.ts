import type { StepOf } from '../playbook/schema.js';
import type { StepContext, StepResult } from './context.js';
import { judgement } from './judgement.js';
import { filledValue } from './lookup.js';

/** Keeps values of live objects for later steps. */
export async function saveStep(step: StepOf<'save'>, context: StepContext): Promise<StepResult> {
  const startedAt = performance.now();
  const values: Record<string, unknown> = {};
  for (const [key, expression] of Object.entries(step.values)) values[key] = await filledValue(expression, context);
  context.saved.set(step.save, values);
  const subject = Object.entries(values)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return { judgements: [judgement({ verdict: 'passed', place: 'api', subject, startedAt })] };
}
