import type { Observation, Request, Unmeasured } from './observation.js';
import { certificateMark, type CurlSpec } from './curl.js';
import { parseAnswer } from './answer.js';
import { shownCertificate } from './certificate.js';
import { unframe, unmeasured } from './frame.js';
import { outcomeOf } from './outcome.js';

/** Bodies that are not the sample server's line are kept up to here. */
const BODY_LIMIT = 2000;

/** How coreutils' and busybox' `timeout` say that they ended the command. */
const TIME_IS_UP = [124, 143];

/** Reads the output of {@link curlArgv} made with the same `spec` and `nonce`. Never throws. */
export function parseCurl(spec: CurlSpec, nonce: string, output: string): Observation {
  const framed = unframe(nonce, output);
  if ('kind' in framed) return framed;
  if (framed.exit === 126 || framed.exit === 127) return unmeasured('curl is not installed there');
  const traces = tracesOf(nonce, framed.stderr);
  const requests: Request[] = [];
  const pieces = framed.stdout.split(`\n${nonce} r `);
  let body = pieces[0] ?? '';
  for (const [index, piece] of pieces.slice(1).entries()) {
    const lineEnd = piece.indexOf('\n');
    const parts = { nonce, body, trace: traces[index] ?? [] };
    const request = trailerOf(spec, piece.slice(0, lineEnd < 0 ? undefined : lineEnd), parts);
    if ('kind' in request) return request;
    requests.push(request);
    body = lineEnd < 0 ? '' : piece.slice(lineEnd + 1);
  }
  const asked = spec.urls.length * (spec.times ?? 1);
  if (TIME_IS_UP.includes(framed.exit) && requests.length > 0 && requests.length < asked) {
    return { kind: 'http', requests, asked };
  }
  if (requests.length !== asked) {
    const why = requests.length === 0 ? ` (curl ended with status ${framed.exit}${framed.stderr.slice(0, 200)})` : '';
    return unmeasured(`${requests.length} of ${asked} requests reported back${why}`);
  }
  return { kind: 'http', requests };
}

/** What came with a transfer besides its trailer. */
interface TransferParts {
  readonly nonce: string;
  /** With the certificates behind it, when they were asked for. */
  readonly body: string;
  readonly trace: readonly string[];
}

function trailerOf(spec: CurlSpec, line: string, { nonce, body: sent, trace }: TransferParts): Request | Unmeasured {
  const fields = line.split('\t');
  const [urlnum = '', exit = '', status = '', connects = '', time = '', remote = '', ...more] = fields;
  const [local = '', redirect = '', ...rest] = more;
  const url = spec.urls[Number(urlnum)];
  const [exitCode, ms] = [Number.parseInt(exit, 10), Number.parseFloat(time.replace(',', '.')) * 1000];
  if (urlnum === '' || url === undefined || Number.isNaN(exitCode) || Number.isNaN(ms)) {
    return unmeasured('curl did not report on its requests: it is older than 7.75');
  }
  if (exitCode === 0 && connects === '0' && spec.keepAlive !== true) {
    return unmeasured(`${url}: the server kept a connection open although it was asked to close it`);
  }
  const error = rest.join('\t');
  const end = spec.certificates === true ? sent.lastIndexOf(certificateMark(nonce)) : -1;
  const rawBody = end < 0 ? sent : sent.slice(0, end);
  const certificate = end < 0 ? undefined : shownCertificate(sent.slice(end));
  const { headers, text } = spec.withHeaders === true ? withoutHead(rawBody) : { headers: undefined, text: rawBody };
  const answer = parseAnswer(text);
  const body = text.slice(0, BODY_LIMIT);
  return {
    url,
    outcome: outcomeOf({ exitCode, error, trace, ms }),
    status: Number.parseInt(status, 10) || 0,
    exitCode,
    ms: Math.round(ms * 1000) / 1000,
    remote,
    ...(local === '' ? {} : { local }),
    ...(headers === undefined ? {} : { headers }),
    ...(redirect === '' ? {} : { redirect }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(answer === undefined ? (body === '' ? {} : { body }) : { answer }),
    ...(error === '' && trace.length === 0 ? {} : { error: explain(error, trace) }),
  };
}

/** Takes the head of an answer (`curl -i`) off; names in lower case, the values of a repeated one joined by a comma. */
function withoutHead(raw: string): { headers: Record<string, string>; text: string } {
  const headers: Record<string, string> = {};
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  if (rest.length === 0) return { headers, text: raw };
  for (const line of head.split('\r\n').slice(1)) {
    const [name = '', ...value] = line.split(':');
    const key = name.trim().toLowerCase();
    headers[key] = [headers[key], value.join(':').trim()].filter((part) => part !== undefined).join(', ');
  }
  return { headers, text: rest.join('\r\n\r\n') };
}

function explain(error: string, trace: readonly string[]): string {
  const cause = trace.find((line) => !line.includes(error) && / failed: | fail for /.test(line));
  return cause === undefined ? error : `${error} (${cause.replace(/^\* */, '')})`;
}

/** The failed connects of each transfer: what stands before its mark on standard error. */
function tracesOf(nonce: string, stderr: string): string[][] {
  const traces: string[][] = [];
  let lines: string[] = [];
  for (const line of stderr.split('\n')) {
    if (line === `${nonce} v`) {
      traces.push(lines);
      lines = [];
    } else if (line !== '') lines.push(line);
  }
  return traces;
}

/** Requests that have come in so far, for a live display. `counts`: the answering pod → answers. */
export function countAnswers(
  nonce: string,
  partialOutput: string,
): { readonly done: number; readonly counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  const pieces = partialOutput.split(`\n${nonce} r `);
  for (const piece of pieces.slice(0, -1)) {
    const from = parseAnswer(piece)?.from;
    if (from !== undefined) counts[from] = (counts[from] ?? 0) + 1;
  }
  return { done: pieces.length - 1, counts };
}
