import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { RunEvent } from '../../src/event/event.js';
import { decodeRecord } from '../../src/event/record.js';
import { playbookSteps, verify } from './rack.js';

/** Where the suite's healthy runs are kept; the suite's set-up makes it. */
export const HEALTHY_FOLDER = 'PILAB_HEALTHY_RUNS';

/**
 * The record of a healthy run, made once a suite by whoever needs it first: the healthy tests judge it, and each fault
 * test compares with it, since a step that is red without its fault proves nothing.
 */
export async function healthyRun(name: string, playbooks: readonly string[] = []): Promise<readonly RunEvent[]> {
  const file = join(process.env[HEALTHY_FOLDER] ?? '', `${name}.ndjson`);
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    await verify(playbooks, undefined, ['--record', file]);
  }
  return decodeRecord(file, readFileSync(file, 'utf8')).events;
}

/** The whole chapter, in the proxy mode that the rack comes up with. */
export const CHAPTER = 'chapter';

/** That these steps of a shipped playbook passed while nothing was broken. */
export async function expectHealthy(playbook: string, titles: readonly string[]): Promise<void> {
  const events = await healthyRun(CHAPTER);
  const steps = playbookSteps(events, playbook);
  for (const title of titles) {
    const ids = steps.filter((step) => step.title.en === title).map(({ id }) => id);
    const verdicts = events.flatMap((event) =>
      event.type === 'step-finished' && ids.includes(event.step) ? [event.verdict] : [],
    );
    // Of the variants of a step, those of another proxy mode are skipped.
    expect(
      new Set(verdicts.filter((verdict) => verdict !== 'skipped')),
      `"${title}" of the healthy ${playbook}`,
    ).toEqual(new Set(['passed']));
  }
}
