import type { Evidence, Finding, Judgement, Spread, Verdict } from '../event/event.js';
import type { Text } from '../text.js';
import { withoutKeys } from './certificates.js';
import { PilabError, messageOf } from '../errors.js';

/** Raw output that goes into evidence is cut to this many characters. */
const EVIDENCE_LIMIT = 8192;

/** One piece of evidence, cut to a sane length, without private keys. */
export function evidence(place: string, command: string, output: string): Evidence {
  const text = withoutKeys(output);
  const cut = text.length > EVIDENCE_LIMIT;
  return { place, command, output: cut ? `${text.slice(0, EVIDENCE_LIMIT)}\n… cut` : text };
}

/** What every judgement needs; the rest has a default. */
export interface JudgementParts {
  readonly verdict: Verdict;
  readonly place: string;
  readonly subject: string;
  /** From `performance.now()`, when the work on this place began. */
  readonly startedAt: number;
  readonly findings?: readonly Finding[];
  readonly spread?: Spread | undefined;
  readonly matrix?: Judgement['matrix'] | undefined;
  readonly evidence?: readonly Evidence[];
  readonly next?: readonly Text[];
}

/** Fills in what is empty and takes the time. */
export function judgement(parts: JudgementParts): Judgement {
  const { verdict, place, subject, startedAt, findings = [], spread, matrix, evidence: proof = [], next = [] } = parts;
  return {
    verdict,
    place,
    // Saved values and what an API server or a program quotes may hold a key.
    subject: withoutKeys(subject),
    findings: findings.map((finding) => ({ ...finding, observed: withoutKeys(finding.observed) })),
    ...(spread === undefined ? {} : { spread }),
    ...(matrix === undefined ? {} : { matrix }),
    evidence: proof,
    next: verdict === 'passed' || verdict === 'skipped' ? [] : next,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

/**
 * "Could not measure": the connection, the API server or a probe pod failed us. That is a verdict of its own, never a
 * failed expectation. An abort or a defect of ours goes through.
 */
export function unmeasured(
  error: unknown,
  at: { readonly place: string; readonly subject: string; readonly startedAt: number; readonly signal: AbortSignal },
): Judgement {
  if (at.signal.aborted || !(error instanceof PilabError)) throw error;
  return judgement({
    ...at,
    verdict: 'inconclusive',
    findings: [
      {
        what: 'measurement',
        expected: 'an answer that can be judged',
        observed: `${error.code}: ${messageOf(error)}`,
        verdict: 'inconclusive',
      },
    ],
    next: error.hint === undefined ? [] : [{ en: error.hint, ja: error.hint }],
  });
}
