import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCase, expectFailedCleanly, runCases } from './fault.js';
import { CHAPTER, healthyRun } from './healthy-run.js';
import type { NodeFault } from './host-faults.js';
import type { Run } from './rack.js';

/** A suite for each fault: broken once, all its exercises side by side, healed whatever happens. */
export function describeFaults(faults: readonly NodeFault[]): void {
  describe.each(titled(faults))('%s', (_title, { breaks, heals, cases }) => {
    let run: Run | undefined;
    const told = (): Run => {
      if (run === undefined) throw new Error('there was no run');
      return run;
    };
    beforeAll(async () => {
      // Before anything is broken: whatever the tests compare with must be healthy.
      await healthyRun(CHAPTER);
      await breaks();
      run = await runCases(cases);
    }, 900_000);
    afterAll(heals);

    it.each(titled(cases))('%s', async (_case, fault) => {
      await expectCase(told(), fault);
    });

    it('leaves nothing', async () => {
      await expectFailedCleanly(told());
      expect(told().stderr).toBe('');
    });
  });
}

/** Whole titles: `$name` would be cut short. */
export function titled<T extends { readonly name: string }>(items: readonly T[]): [string, T][] {
  return items.map((item) => [item.name, item]);
}
