import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { RunEvent } from '../../src/event/event.js';
import { countSteps, initialState, namespacesLeft, reduce, type RunState } from '../../src/event/state.js';
import { sampleRun, stamped } from './sample.js';

const after = (events: readonly RunEvent[]): RunState => events.reduce(reduce, initialState());

describe('the state of a run', () => {
  it('has verdict, judgements, measurements and time of every finished step', () => {
    const [playbook] = after(sampleRun()).playbooks;
    expect(playbook?.verdict).toBe('failed');
    expect(playbook?.steps.map(({ progress, verdict, judgements }) => [progress, verdict, judgements.length])).toEqual([
      ['done', 'passed', 1],
      ['done', 'passed', 2],
      ['done', 'passed', 1],
      ['done', 'passed', 1],
      ['done', 'passed', 3],
      ['done', 'failed', 1],
      ['done', 'failed', 2],
      ['done', 'inconclusive', 1],
      ['done', 'passed', 1],
      ['done', 'skipped', 1],
    ]);
    expect(playbook?.steps[1]?.measured.map(({ value }) => value)).toEqual([12, 640, 1121, 702]);
    expect(playbook?.steps[0]?.warnings).toHaveLength(1);
    expect(playbook?.steps[3]?.durationMs).toBe(520);
  });

  it('counts the steps as the run itself does at its end', () => {
    const state = after(sampleRun());
    expect(countSteps(state)).toEqual(state.end?.steps);
  });

  it('keeps the newest live count of each place, and none once the step is done', () => {
    const events = sampleRun();
    const isProgress = events.findIndex(({ type }) => type === 'progress');
    const running = after(events.slice(0, isProgress + 1)).playbooks[0]?.steps[3];
    expect(running?.live).toMatchObject([{ place: 'pod@raspi002', done: 412, total: 1000 }]);
    const newer = after([
      ...events.slice(0, isProgress + 1),
      ...stamped([
        [1, { type: 'progress', step: 'clusterip/4', place: 'pod@raspi002', done: 700, total: 1000, counts: {} }],
        [2, { type: 'progress', step: 'clusterip/4', place: 'pod@raspi003', done: 5, total: 1000, counts: {} }],
      ]),
    ]).playbooks[0]?.steps[3];
    expect(newer?.live.map(({ place, done }) => [place, done])).toEqual([
      ['pod@raspi002', 700],
      ['pod@raspi003', 5],
    ]);
    expect(after(events).playbooks[0]?.steps[3]?.live).toEqual([]);
  });

  it('leaves the step in which a run was interrupted running', () => {
    const steps = after(sampleRun({ ending: 'interrupted' })).playbooks[0]?.steps ?? [];
    expect(steps.map(({ progress }) => progress).slice(-2)).toEqual(['running', 'waiting']);
  });

  it('knows which namespaces are on the cluster at any time', () => {
    const events = sampleRun();
    const both = ['namespace/pilab-clusterip-3f9a', 'namespace/pilab-clusterip-3f9a-b'];
    const made = events.findIndex(({ type }) => type === 'playbook-started');
    const removed = events.findIndex(({ type }) => type === 'cleanup-finished');
    expect(namespacesLeft(after(events.slice(0, made)))).toEqual([]);
    expect(namespacesLeft(after(events.slice(0, made + 1)))).toEqual(both);
    expect(namespacesLeft(after(events.slice(0, removed)))).toEqual(both);
    expect(namespacesLeft(after(events.slice(0, removed + 1)))).toEqual([]);
    expect(namespacesLeft(after(sampleRun({ ending: 'broken' })))).toEqual(['namespace/pilab-clusterip-3f9a']);
  });

  it('takes events in any order and any number, and never changes the state before', () => {
    const events = sampleRun({ ending: 'broken' });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 60 }), (some) => {
        let state = initialState();
        for (const event of some) {
          const copy = structuredClone(state);
          const next = reduce(state, event);
          expect(state).toEqual(copy);
          expect(next).toEqual(reduce(copy, event));
          expect(next.ms).toBe(event.ms);
          state = next;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('knows a step by the line that was told when it began', () => {
    const state = after(sampleRun());
    const [step] = state.playbooks[0]?.steps ?? [];
    const again = stamped([[state.ms, { type: 'step-started', step: step?.info.id ?? '', command: 'kubectl get x' }]]);
    expect(again.reduce(reduce, state).playbooks[0]?.steps[0]?.info).toEqual({
      ...step?.info,
      command: 'kubectl get x',
    });
  });

  it('ignores steps and playbooks that nobody has announced', () => {
    const state = after(sampleRun());
    const strange = stamped([
      [state.ms, { type: 'step-started', step: 'other/1' }],
      [state.ms, { type: 'warning', step: 'no-slash', message: '' }],
      [state.ms, { type: 'cleanup-finished', playbook: 'other', left: ['x'], durationMs: 1 }],
    ]);
    expect(strange.reduce(reduce, state)).toEqual(state);
  });
});
