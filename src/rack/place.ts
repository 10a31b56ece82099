import { statSync } from 'node:fs';
import { PilabError } from '../errors.js';
import { RACK_NETNS } from './state.js';

/** Namespaces, mounts and cgroups are root's. */
export function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  const message = 'the rack needs root: it makes and enters network namespaces, mounts and cgroups';
  throw new PilabError({ code: 'RACK_NO_ROOT', message, hint: 'run it again with sudo' });
}

/**
 * Refuses to manage the rack from within: in its network namespace the machine's cgroups are out of sight, so a
 * healthy rack would look dead from there.
 */
export function requireOutside(): void {
  if (inode('/proc/self/ns/net') !== inode(`/run/netns/${RACK_NETNS}`)) return;
  const message = "this is a shell inside the rack's own network";
  throw new PilabError({ code: 'RACK_INSIDE', message, hint: 'leave it (exit), then run it again' });
}

function inode(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
