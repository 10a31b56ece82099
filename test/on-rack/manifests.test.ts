import { beforeAll, describe, expect, it } from 'vitest';
import { expectCase, expectFailedCleanly, runCases } from './fault.js';
import { MANIFEST_FAULTS } from './manifest-faults.js';
import type { Run } from './rack.js';

describe('mistakes in manifests, side by side', () => {
  let run: Run;
  beforeAll(async () => {
    run = await runCases(MANIFEST_FAULTS);
  }, 300_000);

  it.each(MANIFEST_FAULTS)('$name', async (fault) => {
    await expectCase(run, fault);
  });

  it('the run fails as a whole, and leaves nothing', async () => {
    await expectFailedCleanly(run);
    expect(run.stderr).toBe('');
  });
});
