import { frameArgv } from './frame.js';

/** One DNS question from one place. */
export interface DigSpec {
  /** A name, or an address when `reverse` is set. */
  readonly name: string;
  /** @default A, or PTR when `reverse` is set */
  readonly type?: string | undefined;
  /** Ask for the reverse name of the address `name`. @default false */
  readonly reverse?: boolean | undefined;
  /** Use the search list of the place. @default false: the name is absolute */
  readonly search?: boolean | undefined;
  /** @default false (UDP first) */
  readonly tcp?: boolean | undefined;
  /** Ask this server instead of the place's resolver. */
  readonly server?: string | undefined;
  /** @default 53 */
  readonly port?: number | undefined;
  /** One try of this length. @default 5000: offline, a name outside cluster.local takes CoreDNS 2 s to give up */
  readonly timeoutMs?: number | undefined;
}

/** The default limit of one question. */
export const DIG_TIMEOUT_MS = 5000;

/** Sections that are printed and parsed; `+comments` has the rcode and the flags. */
const SHOWN = ['+noall', '+comments', '+answer', '+authority', '+additional', '+stats'];

/**
 * `dig` as data. An absolute name gets its trailing dot, so that the question costs one query and not a walk through the
 * search list; `-r` keeps a `.digrc` of the host out; `-q` keeps a name from being read as an option.
 */
export function digArgv(spec: DigSpec, nonce: string): string[] {
  const { timeoutMs = DIG_TIMEOUT_MS, tcp = false, search = false, server, port } = spec;
  const argv = [
    'env',
    'LC_ALL=C',
    'dig',
    '-r',
    ...SHOWN,
    '+tries=1',
    `+time=${Math.max(1, Math.ceil(timeoutMs / 1000))}`,
  ];
  argv.push(tcp ? '+tcp' : '+notcp', search ? '+search' : '+nosearch');
  if (server !== undefined) argv.push(`@${server}`);
  if (port !== undefined) argv.push('-p', String(port));
  return frameArgv([...argv, ...questionOf(spec)], nonce);
}

function questionOf({ name, type, reverse = false, search = false }: DigSpec): string[] {
  if (reverse) return ['-x', name, ...(type === undefined ? [] : ['-t', type])];
  return ['-q', search ? name : absolute(name), '-t', type ?? 'A'];
}

/** The name with its trailing dot. */
export function absolute(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}
