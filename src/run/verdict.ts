import type { Counts, Verdict } from '../event/event.js';

/** How many of each. */
export function count(verdicts: readonly Verdict[]): Counts {
  const counts = { passed: 0, failed: 0, inconclusive: 0, skipped: 0 };
  for (const verdict of verdicts) counts[verdict] += 1;
  return counts;
}

/** design.md: 0 all passed, 1 an expectation failed, 3 could not measure, 130 interrupted. A run that proved nothing is 3. */
export function exitCodeOf(verdict: Verdict, interrupted: boolean): number {
  if (interrupted) return 130;
  return { passed: 0, failed: 1, inconclusive: 3, skipped: 3 }[verdict];
}
