import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { encodeEvent } from '../event/record.js';
import type { Reporter } from '../event/event.js';
import { PilabError, messageOf } from '../errors.js';

/** Where the records of runs are kept unless the person says otherwise. */
export function recordsFolder(): string {
  // env-paths calls the user's state folder (XDG_STATE_HOME) "log".
  return join(envPaths('pilab', { suffix: '' }).log, 'runs');
}

/** Where the record of a run is kept unless the person says otherwise. */
export function defaultRecord(run: string): string {
  return join(recordsFolder(), `${run}.ndjson`);
}

/**
 * Writes each event at once: a run that is killed leaves a record of all that happened until then.
 * @throws PilabError `RECORD_UNWRITABLE` before the run starts
 */
export function recordFile(file: string): Reporter {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '', { mode: 0o600 });
  } catch (error) {
    throw new PilabError({
      code: 'RECORD_UNWRITABLE',
      message: `cannot write the record ${file}: ${messageOf(error)}`,
      hint: 'choose another place with --record FILE',
      cause: error,
    });
  }
  return {
    onEvent: (event) => appendFileSync(file, encodeEvent(event)),
  };
}
