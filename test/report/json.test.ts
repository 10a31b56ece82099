import { describe, expect, it } from 'vitest';
import { initialState } from '../../src/event/state.js';
import { decodeRecord } from '../../src/event/record.js';
import { jsonReport, ndjsonReporter } from '../../src/report/json.js';
import { sampleRun } from '../event/sample.js';
import { stateAfter } from './reports.js';

describe('the JSON display', () => {
  it('writes the record itself', () => {
    let text = '';
    const reporter = ndjsonReporter((line) => void (text += line));
    for (const event of sampleRun()) reporter.onEvent(event);
    expect(decodeRecord('stdout', text)).toEqual({ events: sampleRun(), cut: false });
  });
});

describe('the JSON summary', () => {
  it('has the verdict of the run, of each step, and of each claim', () => {
    const report = jsonReport(stateAfter(sampleRun()));
    expect(report).toMatchObject({
      version: 1,
      run: '20261126-110749-3f9a',
      finished: true,
      interrupted: false,
      verdict: 'failed',
      exitCode: 1,
      error: null,
      steps: { passed: 6, failed: 2, inconclusive: 1, skipped: 1 },
      left: [],
    });
    // B05 passed in one step and failed in another: the worse one counts.
    expect(report.claims).toEqual({
      B01: 'passed',
      B04: 'failed',
      B05: 'failed',
      B06: 'passed',
      B08: 'failed',
      B12: 'skipped',
      E02: 'inconclusive',
    });
    expect(report.playbooks[0]?.steps[6]).toMatchObject({ id: 'clusterip/7', verdict: 'failed', durationMs: 4100 });
  });

  it('has null for what a broken run never found out', () => {
    const cut = jsonReport(stateAfter(sampleRun().slice(0, 20)));
    expect(cut).toMatchObject({ finished: false, verdict: null, exitCode: null });
    expect(cut.left).toEqual(['namespace/pilab-clusterip-3f9a', 'namespace/pilab-clusterip-3f9a-b']);
    expect(cut.playbooks[0]?.steps.at(-1)).toMatchObject({ verdict: null, durationMs: null });
    expect(jsonReport(initialState())).toMatchObject({ run: null, lab: null, verdict: null });
    expect(jsonReport(stateAfter(sampleRun({ ending: 'broken' }))).error?.code).toBe('CLUSTER_UNREACHABLE');
  });

  it('survives JSON unchanged, so that no value is lost on its way to a file', () => {
    const report = jsonReport(stateAfter(sampleRun()));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});
