import { describe, expect, it } from 'vitest';
import { worst } from '../../src/event/verdict.js';

describe('the verdict of a whole', () => {
  it.each([
    [['passed', 'failed', 'inconclusive'], 'failed'],
    [['passed', 'inconclusive', 'skipped'], 'inconclusive'],
    [['skipped', 'passed'], 'passed'],
    [['skipped'], 'skipped'],
    [[], 'skipped'],
  ] as const)('of %j is %s', (parts, whole) => {
    expect(worst(parts)).toBe(whole);
  });
});
