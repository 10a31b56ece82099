import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Artefact } from '../../src/rack/cache.js';
import { artefactKey, artefactPath, isCached, make } from '../../src/rack/cache.js';

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'pilab-cache-'));
});

afterEach(async () => {
  await rm(cache, { recursive: true });
});

function artefact(from: unknown, build: Artefact['build'] = async (dir) => writeFile(join(dir, 'out'), 'x')): Artefact {
  return { name: 'tool', gib: 0, from, build };
}

const quiet = (): void => undefined;

describe('the cache', () => {
  it('keys an artefact by its recipe, whatever the order of fields', () => {
    expect(artefactKey({ name: 'a', from: { x: 1, y: [2] } })).toBe(artefactKey({ name: 'a', from: { y: [2], x: 1 } }));
    expect(artefactKey({ name: 'a', from: { x: 1 } })).not.toBe(artefactKey({ name: 'a', from: { x: 2 } }));
    expect(artefactKey({ name: 'a', from: [1, 2] })).not.toBe(artefactKey({ name: 'a', from: [2, 1] }));
  });

  it('builds once', async () => {
    let builds = 0;
    const counted = artefact(1, async () => {
      builds++;
      return Promise.resolve();
    });
    await make(counted, quiet, cache);
    await make(counted, quiet, cache);
    expect(builds).toBe(1);
  });

  it('takes nothing half-made for made, and starts it afresh', async () => {
    const broken = artefact(1, async (dir) => {
      await writeFile(join(dir, 'half'), '');
      throw new Error('interrupted');
    });
    await expect(make(broken, quiet, cache)).rejects.toThrow('interrupted');
    expect(isCached(broken, cache)).toBe(false);
    const path = await make(artefact(1), quiet, cache);
    expect(await readdir(path)).toEqual(['out']);
    expect(await readFile(join(path, 'out'), 'utf8')).toBe('x');
  });

  it('replaces what an earlier recipe made, and only that', async () => {
    const other: Artefact = { ...artefact(1), name: 'tool-two' };
    await make(other, quiet, cache);
    await make(artefact('old'), quiet, cache);
    await make(artefact('new'), quiet, cache);
    expect(existsSync(artefactPath(artefact('old'), cache))).toBe(false);
    expect(isCached(artefact('new'), cache)).toBe(true);
    expect(isCached(other, cache)).toBe(true);
  });
});
