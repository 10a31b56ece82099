import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { PilabError, messageOf } from '../errors.js';
import { decodeRecord, type Record } from '../event/record.js';
import type { EventBody } from '../event/event.js';

/** Read so many at once: a record may be some megabytes, and a Pi has little memory. */
const AT_ONCE = 4;

/** What lies in a folder of records. */
export interface Records {
  readonly records: readonly Record[];
  /** Why some could not be read, one line each, with the file. */
  readonly warnings: readonly string[];
}

/**
 * Reads the records in a folder (`*.ndjson`), events of these kinds only. One that cannot be read is a warning, and so is
 * one whose last line was cut, which counts as far as it goes.
 * @param mayBeMissing a folder that is not there holds no records. @default false
 * @throws PilabError `RECORDS_UNREADABLE`
 */
export async function readRecords(
  folder: string,
  wanted: ReadonlySet<EventBody['type']>,
  { mayBeMissing = false }: { readonly mayBeMissing?: boolean } = {},
): Promise<Records> {
  const limit = pLimit(AT_ONCE);
  const names = (await namesIn(folder, mayBeMissing)).filter((name) => name.endsWith('.ndjson')).sort();
  const read = await Promise.all(names.map((name) => limit(() => readOne(join(folder, name), wanted))));
  return {
    records: read.flatMap(({ record }) => record ?? []),
    warnings: read.flatMap(({ warning }) => warning ?? []),
  };
}

async function namesIn(folder: string, mayBeMissing: boolean): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (mayBeMissing && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new PilabError({
      code: 'RECORDS_UNREADABLE',
      message: `the folder of records cannot be read: ${messageOf(error)}`,
      hint: 'pilab verify writes a record of each run; choose their folder with --records FOLDER',
      cause: error,
    });
  }
}

async function readOne(
  file: string,
  wanted: ReadonlySet<EventBody['type']>,
): Promise<{ record?: Record; warning?: string }> {
  try {
    const record = decodeRecord(file, await readFile(file, 'utf8'), wanted);
    return record.cut ? { record, warning: `${file}: the last line is cut; the rest counts` } : { record };
  } catch (error) {
    return { warning: error instanceof PilabError ? error.message : `${file}: ${messageOf(error)}` };
  }
}
