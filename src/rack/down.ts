import { rm } from 'node:fs/promises';
import { PilabError } from '../errors.js';
import { withLock } from './lock.js';
import { requireOutside, requireRoot } from './place.js';
import type { Progress } from './progress.js';
import { rackPaths } from './state.js';
import { remains, tearDown } from './tear-down.js';

/** Ends the rack and removes it from this machine; with `purge` its cache too. */
export async function rackDown(progress: Progress, { purge }: { purge: boolean }): Promise<void> {
  requireRoot();
  requireOutside();
  const { cache } = rackPaths();
  await withLock(async () => {
    await progress.run([
      { title: 'end the rack', run: tearDown },
      ...(purge ? [{ title: 'remove the cache', run: async () => rm(cache, { recursive: true, force: true }) }] : []),
    ]);
  });
  const left = remains();
  if (left.length > 0) {
    const message = `some of the rack could not be removed: ${left.join(', ')}`;
    throw new PilabError({
      code: 'RACK_REMAINS',
      message,
      hint: 'is a process of yours still in it? End it, then run it again',
      exitCode: 3,
    });
  }
}
