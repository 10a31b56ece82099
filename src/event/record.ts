import { PilabError } from '../errors.js';
import { EVENT_VERSION, type EventBody, type RunEvent } from './event.js';

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
 * @param wanted only events of these kinds; the others, which may be large, are not even looked at. @default all
 * @throws PilabError `RECORD_INVALID` (with its line), `RECORD_VERSION`
 */
export function decodeRecord(name: string, text: string, wanted?: ReadonlySet<EventBody['type']>): Record {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const kinds: ReadonlySet<string> | undefined = wanted;
  const events = lines.flatMap((line, index) => {
    const kind = kinds === undefined ? undefined : STAMPED.exec(line)?.[1];
    return kind === undefined || kinds?.has(kind) ? [decodeEvent(name, index + 1, line)] : [];
  });
  return { events: kinds === undefined ? events : events.filter(({ type }) => kinds.has(type)), cut: last !== '' };
}

/** How {@link encodeEvent} begins a line of this format: the stamp, then the kind. */
const STAMPED = new RegExp(`^\\{"v":${EVENT_VERSION},"seq":\\d+,"ms":\\d+,"type":"([a-z-]+)"`);

type Part = 'string' | 'number' | 'boolean' | 'object' | 'list';
type PartOf<T> = T extends string
  ? 'string'
  : T extends number
    ? 'number'
    : T extends boolean
      ? 'boolean'
      : T extends readonly unknown[]
        ? 'list'
        : 'object';
type Needed<T> = { readonly [K in keyof T as undefined extends T[K] ? never : K]: PartOf<T[K]> };

/** What every event of a kind has. The compiler finds a kind or a part that is missing here. */
const PARTS: { readonly [K in EventBody['type']]: Omit<Needed<Extract<EventBody, { type: K }>>, 'type'> } = {
  'run-started': { run: 'string', pilab: 'string', lab: 'object', startedAt: 'string', playbooks: 'list' },
  'cluster-read': { facts: 'object' },
  'playbook-started': { playbook: 'string' },
  'step-started': { step: 'string' },
  progress: { step: 'string', place: 'string', done: 'number', total: 'number', counts: 'object' },
  measured: { step: 'string', what: 'string', value: 'number', unit: 'string' },
  observed: { step: 'string', place: 'string', observation: 'object' },
  judged: { step: 'string', judgement: 'object' },
  'step-finished': { step: 'string', verdict: 'string', durationMs: 'number' },
  'playbook-finished': { playbook: 'string', verdict: 'string', durationMs: 'number' },
  warning: { message: 'string' },
  'cleanup-started': { playbook: 'string' },
  'cleanup-finished': { playbook: 'string', left: 'list', durationMs: 'number' },
  'run-finished': {
    verdict: 'string',
    steps: 'object',
    interrupted: 'boolean',
    exitCode: 'number',
    durationMs: 'number',
  },
};
const STAMP = { v: 'number', seq: 'number', ms: 'number', type: 'string' } as const;

/** One line of a record. @throws PilabError as {@link decodeRecord} does */
export function decodeEvent(name: string, line: number, text: string): RunEvent {
  const event = parsed(text);
  // Before anything else: a newer format may have other kinds and parts.
  if (typeof event?.['v'] === 'number' && event['v'] !== EVENT_VERSION) {
    throw new PilabError({
      code: 'RECORD_VERSION',
      message: `${name}:${line}: record format ${event['v']}; this pilab reads format ${EVENT_VERSION}`,
      hint: 'read it with the pilab that wrote it, or a newer one',
    });
  }
  const reason = event === undefined ? 'no JSON object' : flawOf(event);
  if (reason !== undefined) {
    throw new PilabError({
      code: 'RECORD_INVALID',
      message: `${name}:${line}: not an event of a run: ${reason}`,
      hint: 'a record is what pilab verify writes with --record FILE or --display json',
    });
  }
  return event as unknown as RunEvent;
}

type Json = Readonly<{ [key: string]: unknown }>;

/** What is wrong with an event, as far as {@link PARTS} goes: what lies inside its parts is taken on trust. */
function flawOf(event: Json): string | undefined {
  const known = new Map<unknown, { readonly [key: string]: Part }>(Object.entries(PARTS));
  const parts = known.get(event['type']);
  if (parts === undefined) return `unknown type ${JSON.stringify(event['type'])}`;
  const wrong = Object.entries({ ...STAMP, ...parts }).find(([key, part]) => partOf(event[key]) !== part);
  return wrong === undefined ? undefined : `its "${wrong[0]}" is no ${wrong[1]}`;
}

function partOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return value === null ? 'null' : typeof value;
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return partOf(value) === 'object' ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
