import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { findGroups, processes, removeGroups } from './cgroups.js';
import { command, succeeds } from './command.js';
import { removeLab } from './lab-file.js';
import { presentNamespaces, removeNetwork } from './network.js';
import { initPid, nodeMounts } from './nodes.js';
import { LAN_HOSTS } from './plan.js';
import { rackPaths } from './state.js';

/** What a rack, alive or dead, has left on this machine: nothing means a clean slate. */
export function remains(): string[] {
  const { nodes, run } = rackPaths();
  return [...presentNamespaces(), ...findGroups(), ...nodeMounts(), ...[nodes, run].filter((path) => existsSync(path))];
}

/** Ends and removes everything of the rack but the cache. Repeatable, and content with whatever is there. */
export async function tearDown(): Promise<void> {
  await endProcesses();
  for (const mount of nodeMounts().reverse()) {
    // Lazily if need be: a process that looks on (a shell of the person in there) must not keep the rack alive.
    if (!(await succeeds(['umount', mount]))) await command(['umount', '--lazy', mount]);
  }
  await removeNetwork();
  await removeGroups();
  // systemd-nspawn's own folder for each container.
  for (const { netns } of LAN_HOSTS)
    await rm(`/run/systemd/nspawn/propagate/${netns}`, { recursive: true, force: true });
  const { nodes, run } = rackPaths();
  await rm(nodes, { recursive: true, force: true });
  await rm(run, { recursive: true, force: true });
  await removeLab();
}

/**
 * Ends the rack's processes: those in its cgroups, so never a stranger's. A node ends with its init, whatever runs in
 * it; the rest is killed by number until nobody is left, for a process may fork while we look.
 */
async function endProcesses(): Promise<void> {
  for (const { name } of LAN_HOSTS) signal(initPid(name), 'SIGKILL');
  const killed = new Set<number>();
  for (let round = 0; round < 100; round++) {
    const left = processes();
    for (const pid of left) {
      signal(pid, 'SIGKILL');
      killed.add(pid);
    }
    // Dead children of ours are the machine's init's to bury; give it a moment, so that nobody finds them afterwards.
    if (left.length === 0 && (round > 30 || ![...killed].some((pid) => existsSync(`/proc/${pid}`)))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch {
    // ended by itself in the meantime
  }
}
