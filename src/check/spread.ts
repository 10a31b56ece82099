import type { Spread } from '../event/event.js';
import { binomialBand, chiSquareCritical, chiSquareTail, noncentralTail } from './chi-square.js';

/** One healthy spread in a thousand is called uneven. */
export const ALPHA = 0.001;

/** A skew counts as findable when a sample of this size finds it four times in five. */
const POWER = 0.8;

/** Below this many expected answers per backend chi-square says nothing (Cochran's rule). */
export const LEAST_EXPECTED = 5;

/** Shares of one favoured backend, as multiples of its fair share: 40, 45, 50, 60, 80 % of three. */
const LADDER = [1.1, 1.2, 1.35, 1.5, 1.8, 2.4];

/**
 * Counts answers per backend and says what chance allows: chi-square goodness of fit against equal shares.
 * @param answers The pod behind each answer.
 * @param backends The pods that should answer.
 */
export function spreadOf(answers: readonly string[], backends: readonly string[]): Spread {
  const counts: Record<string, number> = Object.fromEntries([...backends].sort().map((name) => [name, 0]));
  for (const name of answers) counts[name] = (counts[name] ?? 0) + 1;
  const expected = new Set(backends);
  const unexpected = Object.keys(counts).filter((name) => !expected.has(name));
  const total = answers.length;
  const size = expected.size;
  const share = size === 0 ? 0 : total / size;
  const chiSquare =
    share === 0 ? 0 : [...expected].reduce((sum, name) => sum + ((counts[name] ?? 0) - share) ** 2 / share, 0);
  return {
    total,
    counts,
    unexpected,
    band: size === 0 ? [0, 0] : binomialBand(total, 1 / size, ALPHA / size),
    chiSquare,
    // An answer of a stranger leaves its backend short; the sum of squares must not hide that with one backend only.
    pValue: size <= 1 ? (unexpected.length > 0 ? 0 : 1) : chiSquareTail(chiSquare, size - 1),
    detects: detects(total, size),
  };
}

/** The smallest skew of the ladder that a sample finds four times in five, in words: `40/30/30`; `none` if there is none. */
export function detects(total: number, backends: number): string {
  const found = LADDER.find((factor) => skewPower(total, backends, factor) >= POWER);
  return found === undefined ? 'none' : skewName(backends, found);
}

/** Chance that the test calls a spread uneven in which one of the backends gets `factor` times its share. */
export function skewPower(total: number, backends: number, factor: number): number {
  if (backends < 2 || factor / backends >= 1) return 0;
  const others = (1 - factor / backends) / (backends - 1);
  const lambda =
    total * backends * ((factor / backends - 1 / backends) ** 2 + (backends - 1) * (others - 1 / backends) ** 2);
  return noncentralTail(chiSquareCritical(ALPHA, backends - 1), backends - 1, lambda);
}

function skewName(backends: number, factor: number): string {
  const top = factor / backends;
  const others = (1 - top) / (backends - 1);
  const words = [top, ...Array.from({ length: Math.min(backends - 1, 4) }, () => others)].map((share) =>
    String(Math.round(share * 100)),
  );
  return words.join('/') + (backends > 5 ? '/…' : '');
}

/** Chance that at least one of the backends gets nothing although all are equally likely (an upper bound). */
export function missChance(total: number, backends: number): number {
  return backends < 2 ? 0 : Math.min(1, backends * (1 - 1 / backends) ** total);
}
