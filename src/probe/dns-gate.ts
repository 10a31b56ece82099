import { frameArgv, unframe } from './frame.js';
import type { Gate } from './gate.js';
import type { Unmeasured } from './observation.js';

/** Waiting, at the place itself, until every DNS server answers a question with exactly this set. */
export interface DnsGateSpec {
  /** Absolute, with its last dot. */
  readonly name: string;
  readonly type: 'A' | 'CNAME';
  /** Rdata as dig prints it; empty: no such record, or no such name. */
  readonly wanted: readonly string[];
  /** `ADDRESS:PORT` of each server: CoreDNS' replicas learn of a change each for itself. */
  readonly servers: readonly string[];
  /** Milliseconds, rounded up to whole seconds: busybox has no finer clock. */
  readonly limitMs: number;
}

/** Asks all servers about ten times a second until they agree with what is wanted, or the time is up. */
const DNS_GATE_SCRIPT = `name=$1
type=$2
wanted=$3
until=$(( $(date +%s) + $4 ))
shift 4
tries=0
while :; do
  tries=$((tries + 1))
  state=serving
  last='as wanted'
  for server in "$@"; do
    seen=$(env LC_ALL=C dig -r +short +nosearch +tries=1 +time=2 "@\${server%:*}" -p "\${server##*:}" -t "$type" -q "$name" | LC_ALL=C sort)
    if [ "$seen" != "$wanted" ]; then
      state=differs
      last="$server answers $(printf '%s' "\${seen:-nothing}" | tr '\\n' ' ')"
      break
    fi
  done
  if [ "$state" = serving ]; then break; fi
  if [ "$(date +%s)" -ge "$until" ]; then break; fi
  sleep 0.1
done
printf '%s %s %s\\n' "$state" "$tries" "$last"
`;

/** The argument vector of a DNS gate; values are positional parameters, never part of the script. */
export function dnsGateArgv({ name, type, wanted, servers, limitMs }: DnsGateSpec, nonce: string): string[] {
  const seconds = String(Math.max(1, Math.ceil(limitMs / 1000)));
  const set = [...new Set(wanted)].sort().join('\n');
  return frameArgv(['sh', '-c', DNS_GATE_SCRIPT, 'pilab', name, type, set, seconds, ...servers], nonce);
}

/** Reads the output of {@link dnsGateArgv}. Never throws. */
export function parseDnsGate(nonce: string, output: string): Omit<Gate, 'state'> | Unmeasured {
  const framed = unframe(nonce, output);
  if ('kind' in framed) return framed;
  const match = /^(serving|differs) (\d+) (.*)$/m.exec(framed.stdout);
  if (match === null) return { kind: 'unmeasured', reason: `the gate did not report: ${framed.stderr.slice(0, 200)}` };
  const [, state, tries, last = ''] = match;
  return { kind: 'gate', reached: state === 'serving', tries: Number(tries), last: last.trim() };
}
