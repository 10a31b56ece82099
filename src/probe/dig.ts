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
  return frameArgv([...digWords(spec), questionOf(spec, spec.name)], nonce);
}

/** A question that is asked for several names, or several times. */
export interface DigManySpec extends Omit<DigSpec, 'name'> {
  readonly names: readonly string[];
  /** Times that each name is asked. @default 1 */
  readonly times?: number | undefined;
}

/**
 * All questions in one go, one after the other, a mark before and a status after each. Each is a process of its own, so
 * none gets another one's answer. A server that stays silent (dig's exit status 9) would hold up every question after
 * it, and has been seen by then: the rest is not asked.
 */
const MANY_SCRIPT = `nonce=$1
times=$2
names=$3
shift 3
set -f
IFS='
'
for name in $names; do
  count=0
  while [ "$count" -lt "$times" ]; do
    count=$((count + 1))
    printf '\\n%s question %s\\n' "$nonce" "$name"
    "$@" "$name"
    status=$?
    printf '\\n%s answer %s\\n' "$nonce" "$status"
    if [ "$status" -eq 9 ]; then exit 0; fi
  done
done
`;

/** The argument vector of several questions; see {@link digArgv}. Read it with `parseDigMany`. */
export function digManyArgv(spec: DigManySpec, nonce: string): string[] {
  const { names, times = 1 } = spec;
  // No DNS name holds a line end, so that one can part them.
  const list = names.map((name) => questionOf(spec, name)).join('\n');
  return frameArgv(['sh', '-c', MANY_SCRIPT, 'pilab', nonce, String(times), list, ...digWords(spec)], nonce);
}

/** Everything of dig's command line but the name, which comes last. */
function digWords(spec: Omit<DigSpec, 'name'>): string[] {
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
  const { type, reverse = false } = spec;
  if (reverse) return [...argv, ...(type === undefined ? [] : ['-t', type]), '-x'];
  return [...argv, '-t', type ?? 'A', '-q'];
}

function questionOf({ reverse = false, search = false }: Omit<DigSpec, 'name'>, name: string): string {
  return reverse || search ? name : absolute(name);
}

/** The name with its trailing dot. */
export function absolute(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}
