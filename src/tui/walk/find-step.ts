import type { StepInfo } from '../../event/event.js';

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
