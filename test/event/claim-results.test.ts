import { describe, expect, it } from 'vitest';
import { claimResults, newestResults } from '../../src/event/claim-results.js';
import type { EventBody, Judgement, RunEvent, Verdict } from '../../src/event/event.js';
import { sampleRun } from './sample.js';

const NO_POOL = { en: 'needs a load balancer', ja: 'ロードバランサが必要です' };

/** A run of one playbook: step number → its claims and its verdict; without a verdict it was not reached. */
function run(
  startedAt: string,
  steps: readonly (readonly [claims: readonly string[], verdict?: Verdict])[],
): readonly RunEvent[] {
  const infos = steps.map(([claims], index) => ({
    id: `p/${index + 1}`,
    kind: 'check',
    title: { en: 'a', ja: 'あ' },
    claims,
    from: 'api',
    command: '',
    where: 'p.yaml:1',
  }));
  const bodies: EventBody[] = [
    {
      type: 'run-started',
      run: startedAt,
      pilab: '0.1.0',
      lab: { name: 'rack', simulated: false },
      startedAt,
      playbooks: [{ name: 'p', title: { en: 'a', ja: 'あ' }, namespaces: [], steps: infos }],
    },
  ];
  for (const [index, [, verdict]] of steps.entries()) {
    if (verdict === undefined) continue;
    const step = `p/${index + 1}`;
    const findings =
      verdict === 'skipped'
        ? [{ what: 'skipped', expected: '', observed: NO_POOL.en, verdict, why: NO_POOL } as const]
        : [];
    const judgement: Judgement = {
      verdict,
      place: 'api',
      subject: '',
      findings,
      evidence: [],
      next: [],
      durationMs: 1,
    };
    bodies.push({ type: 'judged', step, judgement }, { type: 'step-finished', step, verdict, durationMs: 1 });
  }
  return bodies.map((body, index) => ({ v: 1, seq: index + 1, ms: index * 1000, ...body }));
}

const verdicts = (events: readonly RunEvent[]): Record<string, Verdict> =>
  Object.fromEntries([...claimResults(events)].map(([claim, { verdict }]) => [claim, verdict]));

describe('what a run says of claims', () => {
  it('is the worst verdict of all steps that cite a claim, with the time when the last of them ended', () => {
    const events = run('2026-11-26T11:00:00.000Z', [
      [['B01'], 'passed'],
      [['B01', 'B02'], 'failed'],
      [['B03'], 'passed'],
      [['B03'], 'inconclusive'],
    ]);
    expect(verdicts(events)).toEqual({ B01: 'failed', B02: 'failed', B03: 'inconclusive' });
    expect(claimResults(events).get('B01')).toEqual({
      verdict: 'failed',
      at: '2026-11-26T11:00:04.000Z',
      run: '2026-11-26T11:00:00.000Z',
      lab: 'rack',
      simulated: false,
    });
  });

  it('lets a step for another proxy mode weigh nothing, and keeps the reason when nothing else is there', () => {
    const events = run('2026-11-26T11:00:00.000Z', [
      [['B08'], 'passed'],
      [['B08'], 'skipped'],
      [['I02'], 'skipped'],
    ]);
    expect(verdicts(events)).toEqual({ B08: 'passed', I02: 'skipped' });
    expect(claimResults(events).get('B08')).not.toHaveProperty('reason');
    expect(claimResults(events).get('I02')).toMatchObject({ reason: NO_POOL });
  });

  it('is nothing when the run ended before all steps of a claim did, unless one had failed by then', () => {
    const events = run('2026-11-26T11:00:00.000Z', [
      [['B01', 'B02', 'B03'], 'passed'],
      [['B02'], 'failed'],
      [['B01', 'B02']],
    ]);
    expect(verdicts(events)).toEqual({ B02: 'failed', B03: 'passed' });
  });

  it('is nothing for a record that holds no start of a run', () => {
    expect(claimResults(sampleRun().slice(1)).size).toBe(0);
  });
});

describe('the newest results', () => {
  it('are of the newest run that has the claim, in whatever order the records come', () => {
    const old = claimResults(run('2026-11-24T11:00:00.000Z', [[['B01', 'B02'], 'failed']]));
    const later = claimResults(run('2026-11-25T11:00:00.000Z', [[['B01'], 'passed']]));
    for (const order of [
      [old, later],
      [later, old],
    ]) {
      const newest = newestResults(order);
      expect(newest.get('B01')).toMatchObject({ verdict: 'passed', run: '2026-11-25T11:00:00.000Z' });
      expect(newest.get('B02')).toMatchObject({ verdict: 'failed', run: '2026-11-24T11:00:00.000Z' });
    }
  });
});
