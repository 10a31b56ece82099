import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPaused, fingerprint, removePaused, writePaused } from '../../../src/commands/walk/paused.js';
import { planPlaybook } from '../../../src/plan/plan.js';
import { loadPlaybooks } from '../../../src/playbook/library.js';
import type { Kept } from '../../../src/run/kept.js';
import { home } from '../pilab.js';

function kept(run: string, playbook = 'clusterip'): Kept {
  return {
    playbook,
    run,
    namespaces: [`pilab-${playbook}-${run.slice(-4)}`],
    next: 5,
    done: { [`${playbook}/1`]: { verdict: 'passed', blocks: false } },
    saved: { before: { vip: '10.96.0.7', ips: ['10.244.1.2'], port: 8080 } },
    certificates: {},
  };
}
const [EARLY, LATE] = ['20261126-110000-aaaa', '20261126-120000-bbbb'];

function write(folder: string, run: string, lab = 'shelf', playbook?: string): Promise<void> {
  const parts = { lab, steps: 'abc', record: '/r.ndjson', kept: kept(run, playbook) };
  return writePaused(parts, new Date('2026-11-26T12:00:00Z'), folder);
}

describe('a paused walkthrough', () => {
  it('comes back from its file as it was, readable for its owner only', async () => {
    const folder = join(await home(), 'walks');
    await write(folder, EARLY);
    const found = await findPaused('clusterip', 'shelf', folder);
    expect(found?.kept).toEqual(kept(EARLY));
    expect(found).toMatchObject({ at: '2026-11-26T12:00:00.000Z', record: '/r.ndjson', steps: 'abc' });
    expect((await stat(join(folder, `${EARLY}.json`))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual([`${EARLY}.json`]);
  });

  it('is found by playbook and lab, the newest first, until it is removed', async () => {
    const folder = join(await home(), 'walks');
    expect(await findPaused('clusterip', 'shelf', folder)).toBeUndefined();
    await write(folder, EARLY);
    await write(folder, LATE);
    await write(folder, '20261126-130000-cccc', 'other');
    await write(folder, '20261126-130000-dddd', 'shelf', 'headless');
    expect((await findPaused('clusterip', 'shelf', folder))?.kept.run).toBe(LATE);
    await removePaused(LATE, folder);
    expect((await findPaused('clusterip', 'shelf', folder))?.kept.run).toBe(EARLY);
  });

  it('whose file is damaged is refused with the file and what to do', async () => {
    const folder = join(await home(), 'walks');
    await write(folder, EARLY);
    const file = join(folder, `${EARLY}.json`);
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 40));
    await expect(findPaused('clusterip', 'shelf', folder)).rejects.toMatchObject({
      code: 'WALK_UNREADABLE',
      message: expect.stringContaining(file) as string,
    });
  });

  it('tells a changed playbook from the one that was begun', async () => {
    const [playbook] = await loadPlaybooks(['clusterip']);
    const before = fingerprint(planPlaybook(playbook!, EARLY));
    expect(fingerprint(planPlaybook(playbook!, LATE))).toBe(before);
    const shorter = { ...playbook!, steps: playbook!.steps.slice(1) };
    expect(fingerprint(planPlaybook(shorter, EARLY))).not.toBe(before);
  });
});
