import { frameArgv, unframe } from './frame.js';
import type { Unmeasured } from './observation.js';

/** Waiting, at the place itself, until a URL answers (`serving`) or no longer does (`empty`). */
export interface GateSpec {
  readonly url: string;
  readonly goal: 'serving' | 'empty';
  /** Milliseconds, rounded up to whole seconds: busybox has no finer clock. */
  readonly limitMs: number;
}

/** How the waiting ended. */
export interface Gate {
  readonly kind: 'gate';
  readonly reached: boolean;
  readonly tries: number;
  /** The last try, in words: `status 200` or `curl exit 7`. */
  readonly last: string;
}

/**
 * One exec that asks about ten times a second until the goal is reached or the time is up. Any HTTP status counts as an
 * answer. A try that is refused may take a second, as refusals are rate-limited (observed.md part 1, surprise 1).
 */
const GATE_SCRIPT = `url=$1
goal=$2
until=$(( $(date +%s) + $3 ))
tries=0
while :; do
  status=$(env LC_ALL=C curl -q -s --noproxy '*' -o /dev/null -w '%{http_code}' --connect-timeout 4 --max-time 5 "$url")
  exit=$?
  tries=$((tries + 1))
  if [ "$exit" -eq 0 ]; then answered=serving; else answered=empty; fi
  if [ "$answered" = "$goal" ]; then break; fi
  if [ "$(date +%s)" -ge "$until" ]; then break; fi
  sleep 0.1
done
printf '%s %s %s %s\\n' "$answered" "$tries" "$exit" "$status"
`;

/** The argument vector of a gate; values are positional parameters, never part of the script. */
export function gateArgv(spec: GateSpec, nonce: string): string[] {
  const seconds = String(Math.max(1, Math.ceil(spec.limitMs / 1000)));
  return frameArgv(['sh', '-c', GATE_SCRIPT, 'pilab', spec.url, spec.goal, seconds], nonce);
}

/** Reads the output of {@link gateArgv}. Never throws. */
export function parseGate(nonce: string, goal: GateSpec['goal'], output: string): Gate | Unmeasured {
  const framed = unframe(nonce, output);
  if ('kind' in framed) return framed;
  const match = /^(serving|empty) (\d+) (\d+) (\d*)$/m.exec(framed.stdout);
  if (match === null) return { kind: 'unmeasured', reason: `the gate did not report: ${framed.stderr.slice(0, 200)}` };
  const [, answered, tries, exit, status = ''] = match;
  return {
    kind: 'gate',
    reached: answered === goal,
    tries: Number(tries),
    last: exit === '0' ? `status ${status}` : `curl exit ${exit ?? ''}`,
  };
}
