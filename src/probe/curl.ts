import { frameArgv } from './frame.js';

/** The HTTP requests of one probe from one place. */
export interface CurlSpec {
  /** Asked one after the other; every URL `times` times in a row. */
  readonly urls: readonly string[];
  /** Requests per URL. @default 1 */
  readonly times?: number | undefined;
  /** All requests of a URL on one connection. @default false: a new connection a request */
  readonly keepAlive?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Keep the headers of the answers. @default false */
  readonly withHeaders?: boolean | undefined;
  /** Idle milliseconds between two rounds; a round asks every URL once. @default none: all requests in one go */
  readonly pauseMs?: number | undefined;
  /** A curl process for each round, so that names are looked up anew. @default false, but implied by `pauseMs` */
  readonly fresh?: boolean | undefined;
  /** Connect to this address instead of the URL's host; Host header and SNI stay the URL's. */
  readonly resolve?: string | undefined;
  /** Accept any certificate. @default false */
  readonly insecure?: boolean | undefined;
  /** Report the certificate that the server shows; needs curl 7.88. @default false */
  readonly certificates?: boolean | undefined;
  /** Limit for name resolution and connecting. @default 4000: under 4 s a rate-limited refusal reads as a timeout */
  readonly connectTimeoutMs?: number | undefined;
  /** Limit for one request. @default 10000 */
  readonly maxTimeMs?: number | undefined;
}

/** Default limits; observed.md part 1, surprises 1 and 4 give the reason. */
export const CONNECT_TIMEOUT_MS = 4000;
export const MAX_TIME_MS = 10_000;

/** What a request may take on average before a probe counts as stuck; 0.5 ms on the rack, some more on a Pi's Wi-Fi. */
const SLOW_REQUEST_MS = 10;
/** The same for starting a process. */
const SLOW_START_MS = 50;
const ROOM_MS = 5000;

/**
 * Milliseconds that all requests of a probe may take together. A broken Service answers each of a thousand requests after
 * a second (rate-limited refusals) or with silence; after this long the rest is not asked any more, and that is told.
 */
export function curlBudgetMs({ urls, times = 1, maxTimeMs = MAX_TIME_MS, pauseMs = 0, fresh }: CurlSpec): number {
  const idle = pauseMs * (times - 1) + (fresh === true || pauseMs > 0 ? times * SLOW_START_MS : 0);
  return ROOM_MS + maxTimeMs + urls.length * times * SLOW_REQUEST_MS + idle;
}

/** The lines of `-v` that say why a connect failed; with `LC_ALL=C` the errno texts are English in glibc and musl. */
const FAILED_CONNECTS = '^\\* .*([Ff]ail|refused|unreachable|[Nn]o route|timed out)';

/** The fields of a trailer, in order; see {@link trailerOf} for the reader. `errormsg` may hold anything, so it is last. */
const FIELDS = [
  '%{urlnum}',
  '%{exitcode}',
  '%{http_code}',
  '%{num_connects}',
  '%{time_total}',
  '%{remote_ip}',
  '%{local_ip}',
  '%{redirect_url}',
  '%{errormsg}',
];

/** Rounds of one command with idle time between them; values are positional parameters. */
const ROUNDS_SCRIPT = `left=$1
pause=$2
shift 2
while :; do
  "$@"
  status=$?
  left=$((left - 1))
  if [ "$left" -le 0 ]; then exit "$status"; fi
  if [ "$pause" != 0 ]; then sleep "$pause"; fi
done
`;

/** Stands before the certificates of a transfer, which come between its body and its trailer. */
export function certificateMark(nonce: string): string {
  return `\n${nonce} c\n`;
}

/**
 * One curl process for all requests of a probe: 0.5 ms a request on the rack, where a loop of curls takes 8 ms.
 *
 * - Repetition is a glob in the URL's fragment (`#[1-300]`), which never leaves curl; the requests are identical.
 * - `Connection: close` makes every request a new connection, which is what a Service balances.
 * - `-q --noproxy '*'`: neither a curlrc nor a proxy variable of the host may redirect a probe.
 * - `--http1.1`: HTTP/2 has no `Connection: close` and would answer everything on one connection.
 * - `LC_ALL=C`: errno texts are read back, and a Japanese Raspberry Pi has them in Japanese.
 * - `--connect-to ::ADDRESS` sends every request there, whatever its URL says.
 * - Where time or a fresh look at DNS matters, the process is started anew for each round instead.
 * - One connect failure does not stop the next transfer, and every transfer ends in a trailer line on both streams.
 *
 * Needs curl 7.75 (`%{exitcode}`); older ones give an "unmeasured" with that reason.
 */
export function curlArgv(spec: CurlSpec, nonce: string): string[] {
  const { urls, times = 1, keepAlive = false, headers = {}, withHeaders = false, pauseMs = 0, resolve } = spec;
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, maxTimeMs = MAX_TIME_MS } = spec;
  const options = ['-q', '-s', '-v', '--http1.1', '--noproxy', '*'];
  options.push('--connect-timeout', seconds(connectTimeoutMs), '--max-time', seconds(maxTimeMs));
  if (resolve !== undefined) options.push('--connect-to', `::${resolve}`);
  if (spec.insecure === true) options.push('--insecure');
  if (!keepAlive) options.push('-H', 'Connection: close');
  if (withHeaders) options.push('-i');
  for (const [name, value] of Object.entries(headers)) options.push('-H', header(name, value));
  const budget = String(Math.ceil(curlBudgetMs(spec) / 1000));
  const certificates = spec.certificates === true ? `\\n${nonce} c\\n%{certs}` : '';
  const trailer = `${certificates}\\n${nonce} r ${FIELDS.join('\\t')}\\n%{stderr}${nonce} v\\n`;
  const inRounds = spec.fresh === true || pauseMs > 0;
  const words = urls.flatMap((url) => ['--url', globbed(url, inRounds ? 1 : times)]);
  const curl = ['env', 'LC_ALL=C', 'curl', ...options, '-w', trailer, ...words];
  const rounds = ['sh', '-c', ROUNDS_SCRIPT, 'pilab', String(times), String(pauseMs / 1000), ...curl];
  return frameArgv(['timeout', budget, ...(inRounds ? rounds : curl)], nonce, FAILED_CONNECTS);
}

/** curl sends an empty header only for `Name;`, and reads `@file` for a leading at sign. */
function header(name: string, value: string): string {
  return value === '' ? `${name};` : `${name}: ${value}`;
}

function globbed(url: string, times: number): string {
  // A fragment is never sent, so ours may take the place of any other.
  const literal = url.replace(/#.*$/s, '').replaceAll(/[[\]{}\\]/g, String.raw`\$&`);
  return times === 1 ? literal : `${literal}#[1-${times}]`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
