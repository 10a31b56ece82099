import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Lab } from '../lab/lab.js';
import { enterRack } from '../rack/enter.js';
import { rackPaths } from '../rack/state.js';

/** Set in the environment of the copy of pilab that runs inside the rack's network. */
const INSIDE = 'PILAB_IN_RACK';

/** `--lab`, the same on every command that has a lab. */
export function labOption(): Option {
  return new Option('--lab <file>', 'the lab file, or "rack" for the rack on this machine').default('lab.yaml');
}

/** Loads the lab file; the word `rack` stands for the rack's own. */
export async function labOf(name: string): Promise<Lab> {
  const { loadLab } = await import('../lab/load.js');
  return loadLab(name === 'rack' ? rackPaths().labFile : name);
}

/** Does `--lab` name the rack of this machine? */
export function isRack(lab: string): boolean {
  return lab === 'rack' || resolve(lab) === rackPaths().labFile;
}

/**
 * The rack's addresses exist only inside its network: a command for it runs as a copy of itself in there.
 * @returns the copy's exit code, or undefined when this process is where it should be
 */
export async function elsewhere(lab: string): Promise<number | undefined> {
  if (!isRack(lab) || process.env[INSIDE] === '1') return undefined;
  return enterRack(process.argv.slice(2));
}
