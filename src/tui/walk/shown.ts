import type { StepInfo, Verdict } from '../../event/event.js';
import type { Text } from '../../text.js';

/** A step that the class looks at, as far as a display needs it. */
export interface ShownStep {
  /** From 1. */
  readonly number: number;
  readonly info: StepInfo;
  readonly command: string;
  readonly expects: readonly Text[];
  readonly notes: Text | undefined;
  readonly verdict: Verdict | undefined;
  readonly again: boolean;
  readonly changedBy: StepInfo | undefined;
}

/**
 * The step that a presenter means: its number, or words of its title in any language, looked for from the step after
 * `from` on and then from the start. undefined: there is none.
 */
export function findStep(steps: readonly StepInfo[], query: string, from: number): number | undefined {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return undefined;
  if (/^\d+$/.test(wanted)) {
    const number = Number.parseInt(wanted, 10);
    return number >= 1 && number <= steps.length ? number : undefined;
  }
  const order = [...steps.keys()].map((index) => (from + index) % steps.length);
  const found = order.find((index) => {
    const { title, claims } = steps[index] ?? { title: { en: '', ja: '' }, claims: [] };
    return [title.en, title.ja, ...claims].some((each) => each.toLowerCase().includes(wanted));
  });
  return found === undefined ? undefined : found + 1;
}
