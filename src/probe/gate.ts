import { frameArgv, unframe } from './frame.js';
import type { Unmeasured } from './observation.js';

/** Waiting, at the place itself, until a Service serves its whole set of backends (`serving`), or refuses (`empty`). */
export interface GateSpec {
  readonly url: string;
  readonly goal: 'serving' | 'empty';
  /** Milliseconds, rounded up to whole seconds: busybox has no finer clock. */
  readonly limitMs: number;
  /** Names of the pods that must answer, and no others, as far as the server says its name. */
  readonly backends: readonly string[];
  /** `any`: one of them is enough, as where the client sticks to one or only some are served. @default all */
  readonly need?: 'all' | 'any' | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A status of 400 or more is no answer yet: an ingress controller has error pages of its own. @default false */
  readonly noErrors?: boolean | undefined;
}

/** How the waiting ended. */
export interface Gate {
  readonly kind: 'gate';
  readonly reached: boolean;
  /** How the last try ended: `partly` reached only some backends, `empty` was refused, `silent` got nothing. */
  readonly state: 'serving' | 'partly' | 'silent' | 'empty';
  readonly tries: number;
  /** The last try, in words: `status 200`, `refused`, `no route`, `curl exit 28`, `never POD`. */
  readonly last: string;
}

/** Requests of one try for each backend: all of three miss one of them in about one try of 30,000. */
const REQUESTS_PER_BACKEND = 12;

/**
 * One exec that asks about ten times a second until the goal is reached or the time is up. One request shows whether
 * anybody answers (curl's exit 7 is a refusal, exit 28 are rules that still send to pods that are gone); then one curl process asks often enough to hear from every backend, so that also a changed set of
 * pods is known to have reached this node's rules. A try that is refused may take a second, as refusals are rate-limited
 * (observed.md part 1, surprise 1), so a limit of 1 s may read one as silence; the next try sees it.
 */
const GATE_SCRIPT = `url=$1
goal=$2
until=$(( $(date +%s) + $3 ))
requests=$4
need=$5
headers=$6
errors=$7
shift 7
ask() {
  printf '%s' "$headers" | env LC_ALL=C curl -q -s --http1.1 --noproxy '*' -H @- -H 'Connection: close' --fail-early --connect-timeout 1 --max-time 2 "$@"
}
check_backends() {
  seen=$(ask "$url#[1-$requests]")
  exit=$?
  others=$seen
  for name in "$@"; do
    case $seen in
      *"From=$name "*) others=$(printf '%s\\n' "$others" | grep -v -F "From=$name ") ;;
      *) [ "$need" = any ] || { state=partly; last="never $name"; } ;;
    esac
  done
  # Whoever has been heard: a request that got nothing went to a pod that is gone, by rules that are old.
  [ "$exit" -eq 0 ] || [ "$state" = partly ] || { state=partly; last="curl exit $exit"; }
  case $others in *From=*) state=partly; last="also $(printf '%s' "$others" | grep -m 1 From=)" ;; esac
}
tries=0
while :; do
  tries=$((tries + 1))
  answer=$(ask -w '\\nstatus %{http_code}' "$url")
  exit=$?
  state=silent
  last="curl exit $exit"
  # Exit 7 is a refusal, or an address that nobody has any more: the rules still lead to a pod that is gone.
  if [ "$exit" -eq 7 ]; then
    case $(ask -v -o /dev/null "$url" 2>&1) in *efused*) state=empty; last=refused ;; *) last='no route' ;; esac
  fi
  if [ "$exit" -eq 0 ]; then
    state=serving
    last=\${answer##*
}
    case $errors$last in no*' '[45]??) state=partly ;; esac
    # Only the sample's web server says who it is.
    case $answer in From=* | *" From="*) [ "$goal" = empty ] || check_backends "$@" ;; esac
  fi
  if [ "$state" = "$goal" ]; then break; fi
  if [ "$(date +%s)" -ge "$until" ]; then break; fi
  sleep 0.1
done
printf '%s %s %s\\n' "$state" "$tries" "$last"
`;

/** The argument vector of a gate; values are positional parameters, never part of the script. */
export function gateArgv(spec: GateSpec, nonce: string): string[] {
  const { url, goal, limitMs, backends, need = 'all', headers = {}, noErrors = false } = spec;
  const seconds = String(Math.max(1, Math.ceil(limitMs / 1000)));
  const requests = String(Math.max(1, REQUESTS_PER_BACKEND * backends.length));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  const words = [url, goal, seconds, requests, need, lines.join(''), noErrors ? 'no' : 'yes', ...backends];
  return frameArgv(['sh', '-c', GATE_SCRIPT, 'pilab', ...words], nonce);
}

/** Reads the output of {@link gateArgv}. Never throws. */
export function parseGate(nonce: string, goal: GateSpec['goal'], output: string): Gate | Unmeasured {
  const framed = unframe(nonce, output);
  if ('kind' in framed) return framed;
  const match = /^(serving|partly|silent|empty) (\d+) (.*)$/m.exec(framed.stdout);
  if (match === null) return { kind: 'unmeasured', reason: `the gate did not report: ${framed.stderr.slice(0, 200)}` };
  const [, state, tries, last = ''] = match;
  return { kind: 'gate', reached: state === goal, state: state as Gate['state'], tries: Number(tries), last };
}
