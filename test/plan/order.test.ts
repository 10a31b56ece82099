import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startOrder } from '../../src/plan/order.js';
import type { PlannedPlaybook } from '../../src/plan/plan.js';

function planned(name: string, parts: { takesMs?: number; steps?: number; locks?: string[] } = {}): PlannedPlaybook {
  const { takesMs, steps = 1, locks = [] } = parts;
  const playbook = {
    name,
    steps: Array.from({ length: steps }, () => ({ kind: 'check' })),
    ...(takesMs === undefined ? {} : { takesMs }),
  };
  return { playbook, locks } as unknown as PlannedPlaybook;
}

function order(playbooks: readonly PlannedPlaybook[], jobs = 3): string[] {
  return startOrder(playbooks, jobs).map(({ playbook }) => playbook.name);
}

describe('the order of the start', () => {
  it('is longest first: by what the author says, else by the number of steps', () => {
    const some = [planned('few', { steps: 5 }), planned('many', { steps: 60 }), planned('long', { takesMs: 60_000 })];
    expect(order(some)).toEqual(['long', 'many', 'few']);
  });

  it('puts first those that cannot run beside each other, as their lengths add up', () => {
    const some = [
      planned('alone', { takesMs: 25_000 }),
      planned('a', { takesMs: 10_000, locks: ['nodePort 30080'] }),
      planned('b', { takesMs: 20_000, locks: ['nodePort 30080', 'pool'] }),
    ];
    expect(order(some)).toEqual(['b', 'a', 'alone']);
  });

  it('is that of the plan for what weighs the same, and when only one runs at a time', () => {
    const some = [planned('a'), planned('b', { steps: 9 }), planned('c')];
    expect(order(some)).toEqual(['b', 'a', 'c']);
    expect(order(some, 1)).toEqual(['a', 'b', 'c']);
  });

  it('holds every playbook once', () => {
    const some = fc.array(fc.record({ takesMs: fc.nat(), locks: fc.subarray(['x', 'y', 'z']) }));
    fc.assert(
      fc.property(some, (drafts) => {
        const playbooks = drafts.map((draft, index) => planned(String(index), draft));
        expect(order(playbooks).sort()).toEqual(playbooks.map(({ playbook }) => playbook.name).sort());
      }),
    );
  });
});
