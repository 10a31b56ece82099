import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCase, expectFailedCleanly, runCases } from './fault.js';
import type { NodeFault } from './host-faults.js';
import type { Run } from './rack.js';

/** A suite for each fault: broken once, all its exercises side by side, healed whatever happens. */
export function describeFaults(faults: readonly NodeFault[]): void {
  describe.each(faults)('$name', ({ breaks, heals, cases }) => {
    let run: Run | undefined;
    const told = (): Run => {
      if (run === undefined) throw new Error('there was no run');
      return run;
    };
    beforeAll(async () => {
      await breaks();
      run = await runCases(cases);
    }, 300_000);
    afterAll(heals);

    it.each(cases)('$name', async (fault) => {
      await expectCase(told(), fault);
    });

    it('leaves nothing', async () => {
      await expectFailedCleanly(told());
      expect(told().stderr).toBe('');
    });
  });
}
