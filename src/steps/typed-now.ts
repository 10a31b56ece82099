import type { ReadyPod } from '../model/pods.js';
import { typedCommandOf } from '../plan/typed.js';
import type { Step } from '../playbook/schema.js';
import type { StepContext } from './context.js';
import { filledWhereKnown, type Look } from './lookup.js';
import { typedPlace } from './typed-place.js';

/**
 * The line that a person would type for a step, now.
 * @param items of the step's `each` list: told by the first one, which makes a line that can be typed
 */
export async function typedNow(
  step: Step,
  context: StepContext,
  look: Look,
  [each, ...others]: readonly ReadyPod[] = [],
): Promise<string> {
  const { facts, lab, neighbour } = context;
  const line = typedCommandOf(step, typedPlace(facts, lab, neighbour));
  const likewise = others.length === 0 ? '' : `   # likewise: ${others.map(({ name }) => name).join(', ')}`;
  return `${await filledWhereKnown(line, context, look, { each })}${likewise}`;
}
