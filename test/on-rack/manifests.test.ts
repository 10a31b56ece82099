import { beforeAll, describe, expect, it } from 'vitest';
import { expectCase, expectFailedCleanly, runCases } from './fault.js';
import { DOOR_FAULTS } from './door-faults.js';
import { titled } from './fault-suites.js';
import { MANIFEST_FAULTS } from './manifest-faults.js';
import { CHAPTER, healthyRun } from './healthy-run.js';
import type { Run } from './rack.js';

describe.each([
  ['mistakes in manifests', MANIFEST_FAULTS],
  ['mistakes about names and doors', DOOR_FAULTS],
])('%s, side by side', (_, faults) => {
  let run: Run;
  beforeAll(async () => {
    await healthyRun(CHAPTER);
    run = await runCases(faults);
  }, 900_000);

  it.each(titled(faults))('%s', async (_case, fault) => {
    await expectCase(run, fault);
  });

  it('the run fails as a whole, and leaves nothing', async () => {
    await expectFailedCleanly(run);
    expect(run.stderr).toBe('');
  });
});
