import type { Unmeasured } from './observation.js';

/**
 * Runs one command and frames what it leaves, in POSIX sh (busybox ash, dash). Everything variable comes as a positional
 * parameter, so no value is ever pasted into a script.
 *
 * - standard output goes straight through, so that a watcher sees requests as they come in;
 * - standard error is kept back, filtered by an extended regular expression, and printed after it, because the two
 *   streams of an exec have no common order;
 * - the lines `NONCE begin`, `NONCE stderr`, `NONCE <exit status>` and `NONCE end` show that nothing was cut: `kubectl run`
 *   silently loses the first lines of a loop (observed.md part 2, surprise 1), and a lost connection loses the last.
 */
const FRAME_SCRIPT = `nonce=$1
keep=$2
shift 2
printf '%s begin\\n' "$nonce"
exec 3>&1
errors=$({ "$@" 3>&-; printf '\\n%s %s\\n' "$nonce" "$?" >&2; } 2>&1 >&3 </dev/null | grep -E -e "^$nonce |$keep")
printf '\\n%s stderr\\n%s\\n%s end\\n' "$nonce" "$errors" "$nonce"
`;

/** What a framed command left behind. */
export interface Framed {
  readonly stdout: string;
  /** Standard error, or as much of it as the filter let through. */
  readonly stderr: string;
  readonly exit: number;
}

/**
 * The argument vector that runs `argv` inside a frame.
 * @param nonce A word of letters and digits that no server and no program can know beforehand.
 * @param keep Extended regular expression: the lines of standard error to keep. @default '.*' (all)
 */
export function frameArgv(argv: readonly string[], nonce: string, keep = '.*'): string[] {
  return ['sh', '-c', FRAME_SCRIPT, 'pilab', nonce, keep, ...argv];
}

/** Takes a frame apart; anything missing means that nothing can be said about the command. */
export function unframe(nonce: string, output: string): Framed | Unmeasured {
  const begin = output.indexOf(`${nonce} begin\n`);
  if (begin < 0) return unmeasured(`the output does not begin where it should${glimpse(output)}`);
  const rest = output.slice(begin + nonce.length + ' begin\n'.length);
  const end = rest.lastIndexOf(`\n${nonce} end`);
  const middle = rest.lastIndexOf(`\n${nonce} stderr\n`, end < 0 ? undefined : end);
  if (end < 0 || middle < 0) return unmeasured(`the output was cut${glimpse(rest.slice(-200))}`);
  const stderr = rest.slice(middle + nonce.length + '\n stderr\n'.length, end);
  const status = new RegExp(`(?:^|\\n)${nonce} (\\d+)$`).exec(stderr);
  if (status?.[1] === undefined) return unmeasured('the exit status was lost: does the place have grep?');
  return {
    stdout: rest.slice(0, middle),
    stderr: stderr.slice(0, status.index).trimEnd(),
    exit: Number(status[1]),
  };
}

/** Shorthand for an observation that could not be made. */
export function unmeasured(reason: string): Unmeasured {
  return { kind: 'unmeasured', reason };
}

function glimpse(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ').slice(0, 200);
  return line === '' ? ': there is none' : `: "${line}"`;
}
