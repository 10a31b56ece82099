import type { DnsRecord, DnsReply, Observation, Unmeasured } from './observation.js';
import { unframe, unmeasured } from './frame.js';

type Section = 'answers' | 'authority' | 'additional';

const SECTIONS: Readonly<Record<string, Section>> = {
  ANSWER: 'answers',
  AUTHORITY: 'authority',
  ADDITIONAL: 'additional',
};

/** Columns are parted by a tab or a space, depending on the length of the name (observed.md part 1, surprise 9). */
const RECORD = /^([^;\s]\S*)\s+(\d+)\s+(?:IN|CH|HS|CLASS\d+)\s+(\S+)(?:\s+(.*))?$/;

/**
 * Reads the output of {@link digArgv} made with the same `nonce`. Never throws.
 *
 * A server that does not answer has been observed too: rcode `TIMEOUT`, or `UNREACHABLE` when the place got an error
 * instead of silence. Lines about multicast DNS or missing recursion are dig's opinion and are passed over.
 */
export function parseDig(nonce: string, output: string): Observation {
  const framed = unframe(nonce, output);
  if ('kind' in framed) return framed;
  const { stdout, stderr, exit } = framed;
  if (exit === 126 || exit === 127) return unmeasured('dig is not installed there');
  return parseDigText(stdout, exit, stderr);
}

/**
 * Reads the output of `digManyArgv` made with the same `names`, `times` and `nonce`. Never throws. One question that
 * could not be measured makes the whole unmeasured: nobody knows what the missing answer was.
 */
export function parseDigMany(
  { names, times = 1 }: { readonly names: readonly string[]; readonly times?: number | undefined },
  nonce: string,
  output: string,
): Observation {
  const framed = unframe(nonce, output);
  if ('kind' in framed) return framed;
  const asked = names.length * times;
  const replies: (DnsReply & { question: string })[] = [];
  const pieces = framed.stdout.split(`\n${nonce} question `).slice(1);
  for (const [index, piece] of pieces.entries()) {
    const [, text = '', status = ''] = new RegExp(`^.*\n([^]*)\n${nonce} answer (\\d+)`).exec(piece) ?? [];
    if (status === '') return unmeasured(`the answer to question ${index + 1} was cut`);
    if (status === '126' || status === '127') return unmeasured('dig is not installed there');
    const reply = parseDigText(text, Number(status), framed.stderr);
    if (reply.kind !== 'dns') return reply;
    const { rcode, flags, answers, authority, additional, server, ms } = reply;
    const question = names[Math.floor(index / times)] ?? '';
    replies.push({ question, rcode, flags, answers, authority, additional, server, ms });
  }
  const silent = isSilence(replies.at(-1)?.rcode);
  if (replies.length === asked) return { kind: 'dns-many', replies };
  return silent
    ? { kind: 'dns-many', replies, asked }
    : unmeasured(`${replies.length} of ${asked} questions reported back: ${framed.stderr.slice(0, 200)}`);
}

function isSilence(rcode: string | undefined): boolean {
  return rcode === 'TIMEOUT' || rcode === 'UNREACHABLE';
}

/** The part of {@link parseDig} inside the frame: dig's own text. */
export function parseDigText(
  stdout: string,
  exit = 0,
  stderr = '',
): Extract<Observation, { kind: 'dns' }> | Unmeasured {
  const said = (): string => firstLine(stderr) || firstLine(stdout) || 'it printed nothing';
  // A retry (TCP after truncation, the next server of resolv.conf) prints again; the last answer counts.
  const start = stdout.lastIndexOf(';; ->>HEADER<<-');
  if (start < 0) {
    if (exit !== 9) return unmeasured(`dig ended with status ${exit}: ${said()}`);
    const silent = /timed out/.test(stdout + stderr) || !/error|failed|refused|unreachable/.test(stdout + stderr);
    return empty(silent ? 'TIMEOUT' : 'UNREACHABLE', /(?:to|Connection to) (\S+?)#\d+/.exec(stdout)?.[1] ?? '');
  }
  const text = stdout.slice(start);
  const flags = /^;; flags:([^;]*); QUERY: \d+, ANSWER: (\d+), AUTHORITY: (\d+)/m.exec(text);
  const rcode = /status: (\w+)/.exec(text)?.[1];
  if (rcode === undefined || flags === null) return unmeasured(`dig's header cannot be read: ${firstLine(text)}`);
  const records = recordsOf(text);
  const [wantAnswers, wantAuthority] = [Number(flags[2]), Number(flags[3])];
  if (records.answers.length !== wantAnswers || records.authority.length !== wantAuthority) {
    return unmeasured(
      `dig announced ${wantAnswers} answer and ${wantAuthority} authority records, ` +
        `${records.answers.length} and ${records.authority.length} could be read`,
    );
  }
  return {
    kind: 'dns',
    rcode,
    flags: (flags[1] ?? '').trim().split(/\s+/).filter(Boolean),
    ...records,
    server: /^;; SERVER: (\S+?)#/m.exec(text)?.[1] ?? '',
    ms: Number(/^;; Query time: (\d+) msec/m.exec(text)?.[1] ?? 0),
  };
}

function recordsOf(text: string): Record<Section, DnsRecord[]> {
  const records: Record<Section, DnsRecord[]> = { answers: [], authority: [], additional: [] };
  let section: Section | undefined;
  for (const line of text.split('\n')) {
    const heading = /^;; (\w+) SECTION:/.exec(line)?.[1];
    if (heading !== undefined) section = SECTIONS[heading];
    else if (line.startsWith(';')) continue;
    else if (section !== undefined) {
      const record = parseRecord(line);
      if (record !== undefined) records[section].push(record);
    }
  }
  return records;
}

/** One line of dig's sections, or undefined when it is none. */
export function parseRecord(line: string): DnsRecord | undefined {
  const match = RECORD.exec(line.trimEnd());
  if (match === null) return undefined;
  const [, name = '', ttl = '', type = '', data = ''] = match;
  return { name: name.toLowerCase(), ttl: Number(ttl), type, data };
}

function empty(rcode: string, server: string): Extract<Observation, { kind: 'dns' }> {
  return { kind: 'dns', rcode, flags: [], answers: [], authority: [], additional: [], server, ms: 0 };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 200) ?? '';
}
