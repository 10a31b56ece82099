import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../src/event/event.js';
import { joinPlaces } from '../../src/report/judgement-lines.js';

const spread = { total: 30, unexpected: [], band: [0, 30] as const, chiSquare: 0, pValue: 1, detects: 'none' };

function at(place: string, pod: string, what: string): Judgement {
  return {
    verdict: 'passed',
    place,
    subject: 'http://web/',
    findings: [{ what, expected: 'nobody else answers', observed: `30 × ${pod}`, verdict: 'passed' }],
    spread: { ...spread, counts: { [pod]: 30 } },
    evidence: [],
    next: [],
    durationMs: 1,
  };
}

describe('places with equal results', () => {
  it('are told apart by who answered, where that is told in words', () => {
    expect(joinPlaces([at('pod@a', 'web-0', 'spread'), at('pod@b', 'web-1', 'spread')])).toHaveLength(2);
    expect(joinPlaces([at('pod@a', 'web-0', 'spread'), at('pod@b', 'web-0', 'spread')])).toHaveLength(1);
  });

  it('are told together where the answers of each are counted', () => {
    expect(joinPlaces([at('pod@a', 'web-0', 'backends'), at('pod@b', 'web-1', 'backends')])).toHaveLength(1);
  });
});
