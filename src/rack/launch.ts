import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeGroups } from './cgroups.js';
import { rackFile } from './command.js';
import { rackPaths } from './state.js';

/**
 * Starts a long-lived process of the rack: detached, in cgroups of its own, output to a log. Node's own spawn, because
 * it must outlive us; execa would rather end it.
 */
export async function launch(
  machine: string,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  const groups = await makeGroups(machine);
  const run = rackPaths().run;
  await mkdir(run, { recursive: true });
  const log = openSync(join(run, `${machine}.log`), 'a');
  const child = spawn('/bin/sh', [rackFile('enter-cgroups.sh'), ...groups, '--', ...argv], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    cwd: '/',
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
  child.unref();
  await writeFile(join(run, `${machine}.pid`), `${pid}\n`);
  return pid;
}

/** Pid of a machine's keeper (what {@link launch} started), if that very process still runs. */
export async function keeper(machine: string, alive: readonly number[]): Promise<number | undefined> {
  try {
    const pid = Number(await readFile(join(rackPaths().run, `${machine}.pid`), 'utf8'));
    // The number alone may have gone to a stranger: it must also be in the machine's cgroup.
    return alive.includes(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
