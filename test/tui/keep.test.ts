import { describe, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../../src/event/event.js';
import { keepEvent } from '../../src/tui/keep.js';
import { newRun, type RunView } from '../../src/tui/state.js';
import { PLAYBOOK, passed, stamped } from '../event/sample.js';

const START: EventBody = {
  type: 'run-started',
  run: 'r',
  pilab: '0',
  lab: { name: 'rack', simulated: false },
  startedAt: '2026-11-26T11:07:49.120Z',
  playbooks: [PLAYBOOK],
};

/** A long run: the same few steps tell of everything again and again. */
function flood(count: number): RunEvent[] {
  const bodies = Array.from({ length: count }, (_, index): [number, EventBody] => {
    const step = `clusterip/${(index % 9) + 1}`;
    const place = `pod@raspi00${(index % 60) + 1}`;
    switch (index % 5) {
      case 0:
        return [index, { type: 'measured', step, what: `slices ${index}`, value: index, unit: 'ms' }];
      case 1:
        return [index, { type: 'warning', step, message: `warning ${index}` }];
      case 2: {
        const evidence = [{ place, command: 'curl', output: 'x'.repeat(8192) }];
        return [index, { type: 'judged', step, judgement: { ...passed(place, 'http://x/'), evidence } }];
      }
      case 3: {
        const requests = Array.from({ length: 20 }, (__, each) => ({
          url: 'http://x/',
          outcome: 'ok' as const,
          status: 200,
          exitCode: 0,
          ms: 1,
          remote: `10.0.0.${(index + each) % 250}`,
          answer: { host: 'x', path: '/', from: `pod-${index + each}`, client: '10.1.1.1', forwardedFor: '' },
        }));
        return [index, { type: 'observed', step, place, observation: { kind: 'http', requests } }];
      }
      default:
        return [index, { type: 'warning', message: `of the run ${index}` }];
    }
  });
  return stamped([[0, START], ...bodies]);
}

function sizeAfter(count: number): number {
  const run = flood(count).reduce<RunView>(keepEvent, newRun('replay'));
  return JSON.stringify(run).length;
}

describe('what a run on the screen keeps', () => {
  it('is bounded by the plan, not by the number of events', () => {
    expect(sizeAfter(20_000)).toBeLessThan(sizeAfter(10_000) * 1.01);
  }, 60_000);

  it('has no control codes of others', () => {
    const run = stamped([
      [0, START],
      [1, { type: 'warning', step: 'clusterip/1', message: '\u001b[31mred\u001b[0m and \u0007bell' }],
    ]).reduce<RunView>(keepEvent, newRun('live'));
    expect(run.state.playbooks[0]?.steps[0]?.warnings).toEqual(['red and \ufffdbell']);
  });
});
