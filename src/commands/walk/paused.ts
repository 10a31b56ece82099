import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { z } from 'zod';
import { PilabError, messageOf } from '../../errors.js';
import type { PlannedPlaybook } from '../../plan/plan.js';
import type { Kept } from '../../run/kept.js';

const VERDICT = z.enum(['passed', 'failed', 'inconclusive', 'skipped']);

const PAUSED = z.object({
  version: z.literal(1),
  /** The lab's name. */
  lab: z.string(),
  /** ISO 8601. */
  at: z.string(),
  /** What the steps were; see {@link fingerprint}. */
  steps: z.string(),
  /** The record of the part before. */
  record: z.string(),
  kept: z.object({
    playbook: z.string(),
    run: z.string().regex(/^[\w-]+$/),
    namespaces: z.array(z.string()),
    next: z.number().int().min(1),
    done: z.record(z.string(), z.object({ verdict: VERDICT, blocks: z.boolean() })),
    saved: z.record(z.string(), z.record(z.string(), z.unknown())),
    certificates: z.record(z.string(), z.string()),
  }),
});

/** A walkthrough that is to go on later. */
export type Paused = z.output<typeof PAUSED>;

/** Where they lie unless told otherwise: the user's state folder. */
export function walksFolder(): string {
  return join(envPaths('pilab', { suffix: '' }).log, 'walks');
}

/** Tells whether a playbook is still the one that was begun: a changed one cannot go on in its middle. */
export function fingerprint({ steps }: PlannedPlaybook): string {
  const parts = steps.map(({ id, kind, title, command }) => [id, kind, title.en, command]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/**
 * Writes it whole or not at all, readable for its owner only.
 * @throws PilabError `WALK_UNWRITABLE`
 */
export async function writePaused(
  parts: { readonly lab: string; readonly steps: string; readonly record: string; readonly kept: Kept },
  now: Date,
  folder: string = walksFolder(),
): Promise<void> {
  const file = fileOf(parts.kept.run, folder);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const text = `${JSON.stringify({ version: 1, at: now.toISOString(), ...parts }, undefined, 2)}\n`;
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (error) {
    throw new PilabError({
      code: 'WALK_UNWRITABLE',
      message: `cannot keep this walkthrough for later: ${messageOf(error)}`,
      hint: `make room in ${folder}, or walk on`,
      cause: error,
    });
  }
}

/** The newest paused walkthrough of a playbook on a lab; undefined: there is none. @throws PilabError `WALK_UNREADABLE` */
export async function findPaused(
  playbook: string,
  lab: string,
  folder: string = walksFolder(),
): Promise<Paused | undefined> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  for (const name of names.reverse()) {
    const paused = await read(join(folder, name));
    if (paused.kept.playbook === playbook && paused.lab === lab) return paused;
  }
  return undefined;
}

/** Forgets one: it has gone on, or what it needs is gone. */
export async function removePaused(run: string, folder: string = walksFolder()): Promise<void> {
  await rm(fileOf(run, folder), { force: true });
}

function fileOf(run: string, folder: string): string {
  return join(folder, `${run}.json`);
}

async function read(file: string): Promise<Paused> {
  try {
    return PAUSED.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new PilabError({
      code: 'WALK_UNREADABLE',
      message: `the paused walkthrough ${file} cannot be read: ${messageOf(error)}`,
      hint: 'remove that file, then what is left on the cluster: pilab clean',
      cause: error,
    });
  }
}
