import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunEvent } from '../../event/event.js';
import { decodeEvent } from '../../event/record.js';
import type { RecordRow } from '../../tui/state.js';
import { recordsFolder } from '../record-file.js';

/** So many earlier runs are listed. */
const MOST = 60;
/** Kinds that say how a run went; the others are most of a record, and are not even parsed. */
const TELLING = /^\{"v":\d+,"seq":\d+,"ms":\d+,"type":"(run-started|playbook-finished|run-finished)"/;

/** The newest records of runs on this lab, newest first. What cannot be read is left out. */
export async function listRecords(lab: string | undefined): Promise<RecordRow[]> {
  const folder = recordsFolder();
  const names = await readdir(folder).catch((): string[] => []);
  // A run's id begins with its time.
  const files = names
    .filter((name) => name.endsWith('.ndjson'))
    .sort()
    .reverse();
  const rows: RecordRow[] = [];
  for (const name of files) {
    if (rows.length >= MOST) break;
    const row = await readRow(join(folder, name)).catch(() => undefined);
    if (row !== undefined && (lab === undefined || row.lab === lab)) rows.push(row);
  }
  return rows;
}

async function readRow(file: string): Promise<RecordRow | undefined> {
  let row: RecordRow | undefined;
  for await (const line of linesOf(file)) {
    if (!TELLING.test(line)) continue;
    const event = decodeEvent(file, 0, line);
    if (event.type === 'run-started') {
      const { run, startedAt, lab, playbooks } = event;
      row = { file, run, startedAt, lab: lab.name, playbooks: playbooks.map(({ name }) => ({ name })) };
    } else if (row !== undefined) row = withEnd(row, event);
  }
  return row;
}

function withEnd(row: RecordRow, event: RunEvent): RecordRow {
  if (event.type === 'run-finished') return { ...row, verdict: event.verdict, durationMs: event.durationMs };
  if (event.type !== 'playbook-finished') return row;
  const { playbook, verdict, durationMs } = event;
  return {
    ...row,
    playbooks: row.playbooks.map((each) => (each.name === playbook ? { ...each, verdict, durationMs } : each)),
  };
}

/** The events of a record, one after the other: a long record is never in memory as a whole. */
export async function* eventsOf(file: string): AsyncGenerator<RunEvent> {
  let number = 0;
  let held: string | undefined;
  for await (const line of linesOf(file)) {
    if (held !== undefined) yield decodeEvent(file, number, held);
    held = line;
    number += 1;
  }
  if (held === undefined) return;
  try {
    yield decodeEvent(file, number, held);
  } catch {
    // Half a last line is what a killed run leaves.
  }
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
}
