import { describe, expect, it } from 'vitest';
import { count, exitCodeOf } from '../../src/run/verdict.js';

describe('the end of a run', () => {
  it('counts every verdict, also those that nobody got', () => {
    expect(count(['passed', 'passed', 'failed'])).toEqual({ passed: 2, failed: 1, inconclusive: 0, skipped: 0 });
  });

  it.each([
    ['passed', false, 0],
    ['failed', false, 1],
    ['inconclusive', false, 3],
    ['skipped', false, 3],
    ['passed', true, 130],
    ['failed', true, 130],
  ] as const)('%s (interrupted: %s) ends the process with %i', (verdict, interrupted, code) => {
    expect(exitCodeOf(verdict, interrupted)).toBe(code);
  });
});
