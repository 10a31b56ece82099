import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { criticalPath } from '../../dist/event/critical-path.js';
import { decodeRecord } from '../../dist/event/record.js';
import { initialState, reduce } from '../../dist/event/state.js';
import { duration } from '../../dist/report/layout.js';
import { CLI, program } from './rack.mjs';

/**
 * Every shipped playbook in one `pilab verify`, side by side as it does by itself, and what held its end back. Once: it
 * lasts minutes.
 */
export async function chapterRows({ note, signal, remarks }) {
  note('pilab verify, all shipped playbooks');
  const folder = await mkdtemp(join(tmpdir(), 'pilab-bench-'));
  try {
    const record = join(folder, 'run.ndjson');
    const argv = [process.execPath, CLI, 'verify', '--lab', 'rack', '--record', record];
    const startedAt = performance.now();
    const result = await program(argv, { signal, timeoutMs: 600_000, env: { PILAB_IN_RACK: undefined } });
    const seconds = (performance.now() - startedAt) / 1000;
    if (result.exitCode !== 0) {
      const end = result.all.trimEnd().split('\n').slice(-12).join('\n');
      throw new Error(`pilab verify ended with ${result.exitCode}, so its time says nothing:\n${end}`);
    }
    const { events } = decodeRecord(record, await readFile(record, 'utf8'));
    const state = events.reduce(reduce, initialState());
    const alone = state.playbooks.reduce((sum, { startedMs = 0, cleanedMs = 0 }) => sum + cleanedMs - startedMs, 0);
    remarks.push(
      `Critical path of the ${state.playbooks.length} playbooks (${duration(alone)} if they were put end to end):`,
      ...criticalPath(state).flatMap(({ playbook, durationMs, waitedFor, steps }) => [
        `  ${playbook} ${duration(durationMs)}${waitedFor === undefined ? '' : `, waited for ${waitedFor}`}`,
        ...steps.map(({ info, durationMs: ms = 0 }) => `    ${duration(ms)}  ${info.id}  ${info.title.en}`),
      ]),
    );
    return [{ what: 'pilab verify (whole chapter)', unit: 's', values: [seconds], target: { most: 240 } }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
