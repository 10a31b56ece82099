import { quote, quoteWord } from '../quote.js';
import type { CurlSpec } from './curl.js';
import { absolute, type DigManySpec, type DigSpec } from './dig.js';

/** The place of a typed command: a probe pod, a pod of the exercise (`in`), a host over SSH, or the person's machine. */
export interface TypedFrom {
  readonly kind: 'pod' | 'in' | 'host' | 'operator';
  readonly namespace?: string | undefined;
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
  readonly host?: string | undefined;
}

/** What a curl line for a person may have besides. */
export interface TypedCurlSpec extends CurlSpec {
  /** Say why it failed (`-S`). @default false */
  readonly tell?: boolean | undefined;
  /** An HTTP error is a failure (`-f`). @default false */
  readonly fail?: boolean | undefined;
}

/**
 * The commands that a person would type to see the same thing with their own eyes. For showing only: pilab itself never
 * runs them. Our own framing and safety options are left out.
 */
export function typedCurl(spec: TypedCurlSpec, from: TypedFrom): string {
  const { times = 1, keepAlive = false, headers = {}, withHeaders = false, pauseMs = 0, resolve } = spec;
  const { tell = false, fail = false } = spec;
  const curl = ['curl', `-s${tell ? 'S' : ''}${fail ? 'f' : ''}${withHeaders ? 'i' : ''}`];
  const headerWords = [
    ...(spec.insecure === true ? ['-k'] : []),
    ...(spec.certificates === true ? ['-v'] : []),
    ...(resolve === undefined ? [] : spec.urls.slice(0, 1).flatMap((url) => resolveWords(url, resolve))),
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
  ];
  // Who expects silence shall not wait two minutes for it, which is curl's own limit.
  if (spec.connectTimeoutMs !== undefined) headerWords.push('--connect-timeout', String(spec.connectTimeoutMs / 1000));
  if (keepAlive) {
    return typedCommand([...curl, ...headerWords, ...spec.urls.flatMap((url) => repeat(url, times))], from);
  }
  const lines = spec.urls.map((url) => {
    const line = quote([...curl, ...headerWords, url]);
    return times === 1
      ? line
      : `for i in $(seq ${times}); do ${line}; ${pauseMs > 0 ? `sleep ${pauseMs / 1000}; ` : ''}done`;
  });
  return typedScript(lines, times === 1 && lines.length === 1, from);
}

/** People know `--resolve HOST:PORT:ADDRESS`; the probe itself uses `--connect-to`, which does not depend on the URL. */
function resolveWords(url: string, address: string): string[] {
  const [, scheme, host, port = scheme === 'https' ? '443' : '80'] =
    /^(https?):\/\/((?:\$\{[^}]*\}|[^/:])+)(?::((?:\$\{[^}]*\}|[^/])+))?/.exec(url) ?? [];
  return host === undefined ? ['--connect-to', `::${address}`] : ['--resolve', `${host}:${port}:${address}`];
}

/** See {@link typedCurl}. */
export function typedDig(spec: DigSpec, from: TypedFrom): string {
  return typedDigs({ ...spec, names: [spec.name] }, from);
}

/** See {@link typedCurl}. */
export function typedDigs(spec: DigManySpec, from: TypedFrom): string {
  const { names, times = 1 } = spec;
  const lines = names.map((name) => {
    const line = quote(digWords(spec, name));
    return times === 1 ? line : `for i in $(seq ${times}); do ${line}; done`;
  });
  return typedScript(lines, times === 1 && lines.length === 1, from);
}

function digWords(spec: Omit<DigSpec, 'name'>, name: string): string[] {
  const { type, reverse = false, search = false, tcp = false, server } = spec;
  const words = ['dig'];
  if (server !== undefined) words.push(`@${server}`);
  if (tcp) words.push('+tcp');
  if (search) words.push('+search');
  if (reverse) words.push('-x', name);
  else words.push(...(type === undefined || type === 'A' ? [] : [type]), search ? name : absolute(name));
  return words;
}

/** Lines for a shell; one plain command needs none at the far end. */
function typedScript(lines: readonly string[], plain: boolean, from: TypedFrom): string {
  const script = lines.join('; ');
  if (plain) return prefixed(script, from);
  return prefixed(from.kind === 'operator' ? script : `sh -c ${quoteWord(script)}`, from);
}

/** See {@link typedCurl}. */
export function typedCommand(argv: readonly string[], from: TypedFrom): string {
  return prefixed(quote(argv), from);
}

function prefixed(command: string, from: TypedFrom): string {
  switch (from.kind) {
    case 'operator':
      return command;
    case 'host':
      // The far shell takes the line apart once more.
      return `ssh ${from.host ?? 'HOST'} ${/['"$;*?&|<>()]/.test(command) ? quoteWord(command) : command}`;
    case 'pod':
    case 'in': {
      const namespace = from.namespace === undefined ? '' : `-n ${from.namespace} `;
      const container = from.container === undefined ? '' : ` -c ${from.container}`;
      return `kubectl ${namespace}exec ${from.pod ?? 'POD'}${container} -- ${command}`;
    }
  }
}

function repeat(url: string, times: number): string[] {
  return times > 3 ? [`${url}#[1-${times}]`] : Array.from({ length: times }, () => url);
}
