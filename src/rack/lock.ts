import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PilabError } from '../errors.js';
import { rackPaths } from './state.js';

/** When a process started, in clock ticks since boot: with its number it names that process and no later one. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Lets only one `rack up` or `rack down` at a time change things. A holder that was killed holds nothing. */
export async function withLock<T>(run: () => Promise<T>): Promise<T> {
  const { cache } = rackPaths();
  await mkdir(cache, { recursive: true });
  const path = join(cache, 'lock');
  await take(path);
  try {
    return await run();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<void> {
  const mine = `${process.pid} ${(await startOf(process.pid)) ?? ''}`;
  for (let tries = 0; tries < 3; tries++) {
    try {
      await writeFile(path, mine, { flag: 'wx' });
      return;
    } catch {
      const [pid = '', start] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
      if (pid !== '' && start !== undefined && (await startOf(Number(pid))) === start) {
        const message = `another pilab (process ${pid}) is changing the rack`;
        throw new PilabError({ code: 'RACK_BUSY', message, hint: 'wait until it is done, or end it', exitCode: 3 });
      }
      await rm(path, { force: true });
    }
  }
  throw new PilabError({ code: 'RACK_BUSY', message: `the lock ${path} cannot be taken`, exitCode: 3 });
}
