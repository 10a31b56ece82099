import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rackPaths } from './state.js';

/**
 * Something that takes long to make and never changes once made. Its key is taken from everything that goes into it:
 * a changed recipe makes a new artefact, an unchanged one is found again.
 */
export interface Artefact {
  readonly name: string;
  /** What it is made of: recipe, versions, keys of the artefacts below. Must survive JSON. */
  readonly from: unknown;
  /** Free disk that making it takes at most, caches of its tools included. */
  readonly gib: number;
  /** Fills a fresh directory; `say` tells what goes on inside. */
  build(dir: string, say: (what: string) => void): Promise<void>;
}

/** Content key of an artefact: the same for the same recipe, whatever the order of an object's fields. */
export function artefactKey(artefact: Pick<Artefact, 'name' | 'from'>): string {
  const sorted = JSON.stringify(artefact.from, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  const hash = createHash('sha256').update(sorted).digest('hex').slice(0, 12);
  return `${artefact.name}-${hash}`;
}

/** Where an artefact lies once it is made. */
export function artefactPath(artefact: Pick<Artefact, 'name' | 'from'>, cache: string = rackPaths().cache): string {
  return join(cache, 'artefacts', artefactKey(artefact));
}

/** Whether it is in the cache: only complete artefacts ever have their final name. */
export function isCached(artefact: Pick<Artefact, 'name' | 'from'>, cache?: string): boolean {
  return existsSync(artefactPath(artefact, cache));
}

/** Makes an artefact unless it is there: built under another name, renamed when complete, older ones of its name removed. */
export async function make(
  artefact: Artefact,
  say: (what: string) => void = () => undefined,
  cache: string = rackPaths().cache,
): Promise<string> {
  const path = artefactPath(artefact, cache);
  if (existsSync(path)) return path;
  const temporary = join(cache, 'unfinished', artefactKey(artefact));
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  await mkdir(join(cache, 'artefacts'), { recursive: true });
  await artefact.build(temporary, say);
  await rename(temporary, path);
  await removeOlder(artefact, cache);
  return path;
}

/** Removes artefacts of the same name with another key: what an earlier recipe made. */
async function removeOlder(artefact: Artefact, cache: string): Promise<void> {
  const keep = artefactKey(artefact);
  for (const entry of await readdir(join(cache, 'artefacts'))) {
    const sameName = entry.slice(0, -13) === artefact.name;
    if (sameName && entry !== keep) await rm(join(cache, 'artefacts', entry), { recursive: true, force: true });
  }
}
