import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { chiSquaredDistributionTable, errorFunction, gammaln, binomialDistribution } from 'simple-statistics';
import {
  binomialBand,
  chiSquareCritical,
  chiSquareTail,
  logGamma,
  noncentralTail,
} from '../../src/check/chi-square.js';

describe('chi-square', () => {
  it('agrees with the printed table', () => {
    const table = chiSquaredDistributionTable as unknown as Record<string, Record<string, number>>;
    for (const [df, row] of Object.entries(table)) {
      // Two decimals are printed.
      for (const [p, x] of Object.entries(row)) {
        expect(Math.abs(chiSquareCritical(Number(p), Number(df)) - x), `p ${p}, df ${df}`).toBeLessThan(0.0101);
      }
    }
  });

  it('is exp(−x/2) for two degrees of freedom, and the normal distribution’s for one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 60, noNaN: true }), (x) => {
        expect(chiSquareTail(x, 2)).toBeCloseTo(Math.exp(-x / 2), 12);
        expect(chiSquareTail(x, 1)).toBeCloseTo(1 - errorFunction(Math.sqrt(x / 2)), 6);
      }),
    );
    // The iptables claim's own bound (claims.md, B05).
    expect(chiSquareCritical(0.001, 2)).toBeCloseTo(13.8155, 3);
  });

  it('falls with x and rises with the degrees of freedom', () => {
    const x = fc.double({ min: 0, max: 200, noNaN: true });
    fc.assert(
      fc.property(x, x, fc.integer({ min: 1, max: 60 }), (a, b, df) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(chiSquareTail(low, df)).toBeGreaterThanOrEqual(chiSquareTail(high, df) - 1e-12);
        expect(chiSquareTail(low, df + 1)).toBeGreaterThanOrEqual(chiSquareTail(low, df) - 1e-12);
      }),
    );
  });

  it('has a noncentral form that is the central one at 0 and rises with the skew', () => {
    const lambda = fc.double({ min: 0, max: 200, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 60, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        lambda,
        lambda,
        (x, df, a, b) => {
          expect(noncentralTail(x, df, 0)).toBeCloseTo(chiSquareTail(x, df), 10);
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          expect(noncentralTail(x, df, high)).toBeGreaterThanOrEqual(noncentralTail(x, df, low) - 1e-9);
        },
      ),
    );
  });

  it('stands on a logarithm of gamma that others compute too', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 5000, noNaN: true }), (x) => {
        expect(Math.abs(logGamma(x) - gammaln(x))).toBeLessThan(1e-6 * Math.max(1, Math.abs(gammaln(x))));
      }),
    );
  });
});

describe('the band of a binomial count', () => {
  it('leaves out at most alpha, half on either side, and is no wider than needed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 2, max: 8 }), (n, k) => {
        const alpha = 0.001;
        const [low, high] = binomialBand(n, 1 / k, alpha);
        const chances = binomialDistribution(n, 1 / k) as number[];
        // simple-statistics stops once the rest is negligible.
        const sum = (from: number, to: number): number =>
          chances.slice(from, to).reduce((total, each) => total + each, 0);
        expect(sum(0, low)).toBeLessThanOrEqual(alpha / 2 + 1e-9);
        expect(sum(0, low + 1)).toBeGreaterThan(alpha / 2 - 1e-4);
        expect(1 - sum(0, high + 1)).toBeLessThanOrEqual(alpha / 2 + 1e-4);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(n);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });

  it('is the whole sample for one backend', () => expect(binomialBand(30, 1, 0.001)).toEqual([30, 30]));
});
