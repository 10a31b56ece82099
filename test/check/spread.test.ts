import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { judgeSpread } from '../../src/check/http-spread.js';
import { ALPHA, detects, skewPower, spreadOf } from '../../src/check/spread.js';

const PODS = ['pod-a', 'pod-b', 'pod-c'];
const given = (counts: Record<string, number>): string[] =>
  Object.entries(counts).flatMap(([name, count]) => Array.from({ length: count }, () => name));
const verdicts = (mode: 'even' | 'all' | 'one', counts: Record<string, number>, pods: string[] = PODS) =>
  judgeSpread(mode, given(counts), pods).findings.map(({ what, verdict }) => `${what} ${verdict}`);

/** mulberry32, so that a simulated cluster is the same every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function simulated(shares: number[], total: number, random: () => number): string[] {
  return Array.from({ length: total }, () => {
    let rest = random();
    const index = shares.findIndex((share) => (rest -= share) < 0);
    return PODS[index < 0 ? shares.length - 1 : index] ?? '';
  });
}

describe('a spread', () => {
  it('gives the chi-square that was observed on a real cluster', () => {
    expect(spreadOf(given({ 'pod-a': 100, 'pod-b': 97, 'pod-c': 103 }), PODS).chiSquare).toBeCloseTo(0.18, 2);
    expect(spreadOf(given({ 'pod-a': 101, 'pod-b': 104, 'pod-c': 95 }), PODS).chiSquare).toBeCloseTo(0.42, 2);
  });

  it('lists silent backends with 0, and strangers by name', () => {
    const spread = spreadOf(given({ 'pod-a': 2, ghost: 1 }), PODS);
    expect(spread.counts).toEqual({ 'pod-a': 2, 'pod-b': 0, 'pod-c': 0, ghost: 1 });
    expect(spread).toMatchObject({ total: 3, unexpected: ['ghost'] });
  });

  it('does not depend on who is favoured, and gets less likely the larger the skew', () => {
    const count = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(count, count, count, (a, b, c) => {
        const one = spreadOf(given({ 'pod-a': a, 'pod-b': b, 'pod-c': c }), PODS);
        const other = spreadOf(given({ 'pod-a': c, 'pod-b': a, 'pod-c': b }), PODS);
        expect(other.pValue).toBeCloseTo(one.pValue, 10);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), (shift) => {
        const skewed = (by: number) =>
          spreadOf(given({ 'pod-a': 100 + by, 'pod-b': 100 - by, 'pod-c': 100 }), PODS).pValue;
        expect(skewed(shift + 1)).toBeLessThan(skewed(shift));
      }),
    );
  });

  it('finds what the design says it finds', () => {
    expect(skewPower(1000, 3, 1.2)).toBeGreaterThan(0.78);
    expect(skewPower(1000, 3, 1.2)).toBeLessThan(0.84);
    expect(skewPower(300, 3, 1.5)).toBeCloseTo(0.99, 2);
    expect(skewPower(300, 3, 1.2)).toBeCloseTo(1 / 7, 1);
    expect(detects(1000, 3)).toBe('40/30/30');
    expect(detects(300, 3)).toBe('50/25/25');
    expect(detects(39, 3)).toBe('80/10/10');
    expect(detects(3, 3)).toBe('none');
    expect(detects(1000, 1)).toBe('none');
  });

  it('finds it in simulated clusters as often as it says, and blames a healthy one once in a thousand', () => {
    const random = generator(20261126);
    const found = (shares: number[], total: number, runs: number): number =>
      Array.from({ length: runs }, () => spreadOf(simulated(shares, total, random), PODS).pValue).filter(
        (p) => p < ALPHA,
      ).length / runs;
    expect(found([0.4, 0.3, 0.3], 1000, 500)).toBeCloseTo(skewPower(1000, 3, 1.2), 1);
    expect(found([0.5, 0.25, 0.25], 300, 500)).toBeGreaterThan(0.97);
    expect(found([1 / 3, 1 / 3, 1 / 3], 1000, 2000)).toBeLessThan(0.004);
  });
});

describe('judging a spread', () => {
  it('passes what chance explains and fails what it does not', () => {
    expect(verdicts('even', { 'pod-a': 350, 'pod-b': 320, 'pod-c': 330 })).toEqual([
      'backends passed',
      'spread passed',
    ]);
    expect(verdicts('even', { 'pod-a': 420, 'pod-b': 290, 'pod-c': 290 })).toEqual([
      'backends passed',
      'spread failed',
    ]);
  });

  it('asks only for coverage with all, and only for one pod with one', () => {
    expect(verdicts('all', { 'pod-a': 90, 'pod-b': 5, 'pod-c': 5 })).toEqual(['backends passed']);
    expect(verdicts('one', { 'pod-a': 30 })).toEqual(['spread passed']);
    expect(verdicts('one', { 'pod-a': 29, 'pod-b': 1 })).toEqual(['spread failed']);
    expect(verdicts('one', { ghost: 30 })).toEqual(['spread failed']);
  });

  it('fails a stranger in every mode, even with a single backend', () => {
    expect(verdicts('even', { 'pod-a': 300, 'pod-b': 300, 'pod-c': 300, ghost: 1 })).toContain('backends failed');
    expect(verdicts('all', { 'pod-a': 10, ghost: 1 }, ['pod-a'])).toEqual(['backends failed']);
    expect(verdicts('even', { 'pod-a': 10, ghost: 1 }, ['pod-a'])).toContain('backends failed');
  });

  it('fails a silent backend, unless so few answers may well miss one', () => {
    expect(verdicts('all', { 'pod-a': 20, 'pod-b': 19 })).toEqual(['backends failed']);
    expect(verdicts('all', { 'pod-a': 2, 'pod-b': 1 })).toEqual(['backends inconclusive']);
    expect(verdicts('even', { 'pod-a': 3, 'pod-b': 3, 'pod-c': 3 })).toEqual([
      'backends passed',
      'spread inconclusive',
    ]);
  });

  it('calls one backend that answers everything even', () => {
    expect(verdicts('even', { 'pod-a': 3 }, ['pod-a'])).toEqual(['backends passed', 'spread passed']);
  });

  it('says nothing when nobody knows who should answer, and fails when nobody answered', () => {
    expect(judgeSpread('even', ['x'], undefined).findings[0]?.verdict).toBe('inconclusive');
    expect(judgeSpread('all', ['x'], []).findings[0]?.verdict).toBe('inconclusive');
    expect(judgeSpread('all', [], PODS).findings[0]?.verdict).toBe('failed');
  });
});
