/**
 * The few distributions that judging a spread needs. Formulas: Abramowitz and Stegun, Handbook of Mathematical
 * Functions, 6.5.29 and 6.5.31 (incomplete gamma), 26.4.25 (noncentral chi-square as a Poisson mixture).
 */

const LANCZOS: readonly [number, ...number[]] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function, for x ≥ 0.5. */
export function logGamma(x: number): number {
  const shifted = x - 1;
  const [first, ...rest] = LANCZOS;
  const sum = rest.reduce((total, coefficient, index) => total + coefficient / (shifted + index + 1), first);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Regularised upper incomplete gamma function Q(a, x), for a ≥ 0.5 and x ≥ 0. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? Math.max(0, 1 - scale * lowerSeries(a, x)) : scale * upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 10_000 && term > sum * 1e-16; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Lentz's way of evaluating the continued fraction. */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b || tiny);
    c = b + an / c || tiny;
    const delta = d * c;
    value *= delta;
    if (Math.abs(delta - 1) < 1e-15) break;
  }
  return value;
}

/** Chance that a chi-square variable with `df` degrees of freedom is at least `x`. With df 0 it is always 0. */
export function chiSquareTail(x: number, df: number): number {
  if (df === 0) return x <= 0 ? 1 : 0;
  return upperGamma(df / 2, x / 2);
}

/** The x that such a variable exceeds with chance `alpha`. */
export function chiSquareCritical(alpha: number, df: number): number {
  let [low, high] = [0, 10];
  while (chiSquareTail(high, df) > alpha) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (chiSquareTail(middle, df) > alpha) low = middle;
    else high = middle;
  }
  return high;
}

/** Chance that a noncentral chi-square variable is at least `x`: the power of the test. */
export function noncentralTail(x: number, df: number, lambda: number): number {
  const half = lambda / 2;
  let [sum, weights] = [0, 0];
  for (let j = 0; j < 10_000 && (weights < 1 - 1e-12 || j < half); j++) {
    const weight = Math.exp(-half + (j === 0 ? 0 : j * Math.log(half)) - logGamma(j + 1));
    weights += weight;
    sum += weight * chiSquareTail(x, df + 2 * j);
  }
  return Math.min(1, sum);
}

/**
 * The interval outside which a binomial(n, p) count falls with chance at most `alpha`, half of it on either side.
 */
export function binomialBand(n: number, p: number, alpha: number): [number, number] {
  if (n === 0 || p >= 1) return [n, n];
  const chance = (k: number): number =>
    Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  let low = 0;
  for (let below = chance(0); below <= alpha / 2; below += chance(++low));
  let high = n;
  for (let above = chance(n); above <= alpha / 2; above += chance(--high));
  return [low, high];
}
