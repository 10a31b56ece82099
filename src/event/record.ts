import { PilabError } from '../errors.js';
import { EVENT_VERSION, type RunEvent } from './event.js';

/** A record that was read. */
export interface Record {
  readonly events: readonly RunEvent[];
  /** True: the last line was cut, as a killed run leaves it. */
  readonly cut: boolean;
}

/** One event as a line of NDJSON, line end included. */
export function encodeEvent(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/**
 * Reads a record. Half a last line is what a killed run leaves, and is no mistake.
 * @param name where it came from, for messages
 * @throws PilabError `RECORD_INVALID` (with its line), `RECORD_VERSION`
 */
export function decodeRecord(name: string, text: string): Record {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const events = lines.map((line, index) => decodeEvent(name, index + 1, line));
  return { events, cut: last !== '' };
}

function decodeEvent(name: string, line: number, text: string): RunEvent {
  const event = parsed(text);
  if (typeof event !== 'object' || event === null || !('v' in event) || !('type' in event)) {
    throw new PilabError({
      code: 'RECORD_INVALID',
      message: `${name}:${line}: not an event of a run`,
      hint: 'a record is what pilab verify writes with --record FILE or --display json',
    });
  }
  if (event.v !== EVENT_VERSION) {
    throw new PilabError({
      code: 'RECORD_VERSION',
      message: `${name}:${line}: record format ${String(event.v)}; this pilab reads format ${EVENT_VERSION}`,
      hint: 'read it with the pilab that wrote it, or a newer one',
    });
  }
  return event as RunEvent;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
