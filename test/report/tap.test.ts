import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tapReport } from '../../src/report/tap.js';
import { initialState } from '../../src/event/state.js';
import { PLAYBOOK, passed, sampleRun, stamped } from '../event/sample.js';
import { stateAfter } from './reports.js';

const points = (tap: string): string[] => tap.match(/^ *(not )?ok .*$/gm) ?? [];

describe('the TAP report', () => {
  const tap = tapReport(stateAfter(sampleRun()));

  it('has a subtest for each playbook and a point for each step', async () => {
    expect(tap.startsWith('TAP version 14\n1..1\n# Subtest: clusterip\n    1..10\n    ok 1 - clusterip/1 ')).toBe(true);
    expect(points(tap).map((line) => line.trim().split(' - ')[0])).toEqual([
      'ok 1',
      'ok 2',
      'ok 3',
      'ok 4',
      'ok 5',
      'not ok 6',
      'not ok 7',
      'not ok 8',
      'ok 9',
      'ok 10',
      'not ok 1',
    ]);
    expect(tap).toContain('# SKIP holds in proxy mode nftables; this cluster runs iptables\n');
    expect(tap).not.toContain('Bail out!');
    await expect(tap).toMatchFileSnapshot('snapshots/run.tap');
  });

  it('gives the diagnostics of a failure as YAML', () => {
    const block = /not ok 7 .*\n {6}---\n([\s\S]*?)\n {6}\.\.\.\n/.exec(tap)?.[1] ?? '';
    expect(parse(block)).toMatchObject({
      verdict: 'failed',
      at: 'playbooks/clusterip.yaml:72',
      claims: ['B08'],
      places: [
        { place: 'pod@raspi002', findings: [{ what: 'outcome', expected: 'refused' }] },
        { place: 'pod@raspi003' },
      ],
    });
  });

  it.each([
    ['interrupted', stateAfter(sampleRun({ ending: 'interrupted' })), 'interrupted'],
    ['broken', stateAfter(sampleRun({ ending: 'broken' })), 'CLUSTER_UNREACHABLE: '],
    ['cut', stateAfter(sampleRun().slice(0, 20)), 'the record ends in the middle of the run'],
    ['empty', initialState(), 'the record is empty'],
  ])('bails out of a run that is %s', (_name, state, reason) => {
    expect(tapReport(state)).toContain(`\nBail out! ${reason}`);
  });

  it('fails for what is left on the cluster', () => {
    const broken = tapReport(stateAfter(sampleRun({ ending: 'broken' })));
    expect(broken).toContain('\n1..2\n');
    expect(broken).toContain('\nnot ok 2 - clean-up\n  ---\n  left:\n    - namespace/pilab-clusterip-3f9a\n');
  });

  it('lets no title become a directive or a line of its own', () => {
    const [start] = sampleRun();
    if (start?.type !== 'run-started') throw new Error('the sample begins with something else');
    const title = { en: 'Odd # SKIP \\ title\nnot ok 5', ja: '' };
    const steps = PLAYBOOK.steps.slice(0, 1).map((step) => ({ ...step, title }));
    const state = stateAfter(
      stamped([
        [0, { ...start, playbooks: [{ ...PLAYBOOK, steps }] }],
        [1, { type: 'judged', step: 'clusterip/1', judgement: passed('api', 'x') }],
        [1, { type: 'step-finished', step: 'clusterip/1', verdict: 'passed', durationMs: 1 }],
      ]),
    );
    expect(points(tapReport(state))[0]).toBe('    ok 1 - clusterip/1 Odd \\# SKIP \\\\ title not ok 5');
  });
});
