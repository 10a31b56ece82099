import type { Outcome } from './observation.js';

/** What is known of one finished transfer. */
export interface Transfer {
  readonly exitCode: number;
  /** curl's `%{errormsg}`. */
  readonly error: string;
  /** curl's `-v` lines about failed connects of this transfer; empty when curl was built without them. */
  readonly trace: readonly string[];
  readonly ms: number;
}

/** The kernel gives up on an unanswered ARP question after three tries of a second. */
const NO_ARP_ANSWER_MS = 2500;

/** curl's exit codes (curl(1), EXIT CODES) that need no second look. */
const BY_EXIT: Readonly<Record<number, Outcome>> = {
  0: 'ok',
  6: 'no-name',
  // The body ended early or cannot be decoded.
  18: 'bad-body',
  61: 'bad-body',
  52: 'reset',
  55: 'reset',
  56: 'reset',
  35: 'tls',
  51: 'tls',
  53: 'tls',
  54: 'tls',
  58: 'tls',
  59: 'tls',
  60: 'tls',
  64: 'tls',
  66: 'tls',
  77: 'tls',
  80: 'tls',
  82: 'tls',
  83: 'tls',
  90: 'tls',
  91: 'tls',
  98: 'tls',
};

/**
 * The word for how a transfer ended.
 *
 * Exit 7 stands for three things with one and the same `errormsg` (observed.md part 2, surprise 4), so the errno text of
 * `-v` decides; without it, elapsed time: a wait of 3 s is an address that nobody answers ARP for. Time alone is a weak
 * witness, as a rate-limited refusal may take 1 s or 3 s as well. Exit 28 while the name was still being resolved is not
 * silence of the Service but of the resolver (observed.md part 1, E04).
 */
export function outcomeOf({ exitCode, error, trace, ms }: Transfer): Outcome {
  if (exitCode === 28) return /^Resolving timed out/i.test(error) ? 'no-name' : 'timeout';
  if (exitCode !== 7) return BY_EXIT[exitCode] ?? 'other';
  const text = trace.join('\n');
  // Several addresses of one name may fail differently; a refusal is the one that says somebody was there.
  if (/refused/i.test(text)) return 'refused';
  if (/unreachable|no route/i.test(text)) return 'no-route';
  if (/timed out/i.test(text)) return 'timeout';
  // Taken and thrown away before curl had looked: somebody listens there.
  if (/reset/i.test(text)) return 'reset';
  return ms >= NO_ARP_ANSWER_MS ? 'no-route' : 'refused';
}
