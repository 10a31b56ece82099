import type { Finding, Judgement, Spread, Verdict } from '../event/event.js';
import type { Unmeasured } from '../probe/observation.js';
import type { Text } from '../text.js';

/** An expectation set beside an observation. */
export interface Judged {
  readonly verdict: Verdict;
  /** Every expectation that was named, also those that passed. */
  readonly findings: readonly Finding[];
  readonly spread?: Spread;
  readonly matrix?: NonNullable<Judgement['matrix']>;
  /** Where to look next; empty when passed. */
  readonly next: readonly Text[];
}

/** Facts about the place and the subject, for sentences and commands; everything may be left out. */
export interface CheckPlace {
  /** `pod@raspi002`, `host@raspi001`, `operator`. */
  readonly place?: string | undefined;
  readonly namespace?: string | undefined;
  /** What stands before the Service at the address that was asked: then the trouble may be there. */
  readonly door?: 'ingress' | 'loadBalancer' | undefined;
  /** The Service in question. */
  readonly service?: string | undefined;
  /** Node or host where the probe ran. */
  readonly node?: string | undefined;
  /** `iptables`, `nftables`, `ipvs` or `unknown`. @default unknown */
  readonly proxyMode?: string | undefined;
  /** Some requests were answered all the same. @default false */
  readonly partly?: boolean | undefined;
}

/** Failed beats inconclusive beats passed; nothing looked at is inconclusive, never passed. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some((finding) => finding.verdict === 'failed')) return 'failed';
  if (findings.length === 0 || findings.some((finding) => finding.verdict === 'inconclusive')) return 'inconclusive';
  return 'passed';
}

/** Findings with their verdict; `next` only where it did not pass. */
export function judged(findings: readonly Finding[], next: () => readonly Text[] = () => [], spread?: Spread): Judged {
  const verdict = verdictOf(findings);
  return {
    verdict,
    findings,
    ...(spread === undefined ? {} : { spread }),
    next: verdict === 'passed' ? [] : next(),
  };
}

/** A finding from a yes or no; `why` is kept only for a no. */
export function finding(what: string, expected: string, observed: string, ok: boolean, why?: Text): Finding {
  return {
    what,
    expected,
    observed,
    verdict: ok ? 'passed' : 'failed',
    ...(ok || why === undefined ? {} : { why }),
  };
}

/** Nothing can be said about an expectation. */
export function undecided(what: string, expected: string, observed: string, why?: Text): Finding {
  return { what, expected, observed, verdict: 'inconclusive', ...(why === undefined ? {} : { why }) };
}

/** The judgement of an observation that could not be made: never a pass, never a fail. */
export function notMeasured({ reason }: Unmeasured): Judged {
  return judged([
    undecided('measurement', 'an observation that can be judged', reason, {
      en: 'The measurement itself failed, so this says nothing about the cluster. Run it again; if it stays, look at the probe.',
      ja: '測定そのものに失敗したため、クラスターについては何も言えません。もう一度実行し、続くようならプローブを確認してください。',
    }),
  ]);
}

/** An observation of another kind than the expectation is a defect of the caller, told as "could not measure". */
export function wrongKind(wanted: string, got: string): Judged {
  return notMeasured({ kind: 'unmeasured', reason: `expected an observation of kind ${wanted}, got ${got}` });
}

/** `a, b, c … (2 more)`: a list that stays readable. */
export function few(items: readonly string[], limit = 5): string {
  if (items.length === 0) return 'none';
  const more = items.length - limit;
  return items.slice(0, limit).join(', ') + (more > 0 ? ` … (${more} more)` : '');
}
