import type { Verdict } from './event.js';

/** Worst first: a failed expectation outweighs one that could not be measured; what was skipped weighs nothing. */
const ORDER = ['failed', 'inconclusive', 'passed', 'skipped'] as const satisfies readonly Verdict[];

/** The verdict of a whole: the worst of its parts; nothing at all is `skipped`. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'skipped';
}
