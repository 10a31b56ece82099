import type { Text } from '../text.js';
import type { EventBody, RunEvent, Verdict } from './event.js';
import { worst } from './verdict.js';

/** What one run found out about a claim. */
export interface ClaimResult {
  /** The worst of the steps that cite the claim; steps that did not apply to the cluster weigh nothing. */
  readonly verdict: Verdict;
  /** When the last of these steps ended, ISO 8601, UTC. */
  readonly at: string;
  readonly run: string;
  readonly lab: string;
  /** No real cluster was measured. */
  readonly simulated: boolean;
  /** Why it was skipped; only then. */
  readonly reason?: Text;
}

/** The events that {@link claimResults} reads. */
export const CLAIM_EVENTS = ['run-started', 'judged', 'step-finished'] as const satisfies readonly EventBody['type'][];

interface Ended {
  readonly verdict: Verdict;
  readonly ms: number;
  readonly reason: Text | undefined;
}

/**
 * Claim id → what the run says of it. A run that ended before all steps of a claim did says nothing of it, unless one of
 * them failed: what is missing might have failed too, but it cannot undo a failure.
 */
export function claimResults(events: readonly RunEvent[]): Map<string, ClaimResult> {
  const start = events.find((event) => event.type === 'run-started');
  const results = new Map<string, ClaimResult>();
  if (start === undefined) return results;
  const ended = endedSteps(events);
  for (const [claim, steps] of citing(start)) {
    const done = steps.flatMap((id) => ended.get(id) ?? []);
    const verdict = worst(done.map((step) => step.verdict));
    if (done.length < steps.length && verdict !== 'failed') continue;
    const reason = verdict === 'skipped' ? done.find((step) => step.reason !== undefined)?.reason : undefined;
    results.set(claim, {
      verdict,
      at: new Date(Date.parse(start.startedAt) + Math.max(...done.map(({ ms }) => ms))).toISOString(),
      run: start.run,
      lab: start.lab.name,
      simulated: start.lab.simulated,
      ...(reason === undefined ? {} : { reason }),
    });
  }
  return results;
}

/** Claim id → the newest of these results. */
export function newestResults(runs: Iterable<ReadonlyMap<string, ClaimResult>>): Map<string, ClaimResult> {
  const newest = new Map<string, ClaimResult>();
  for (const run of runs) {
    for (const [claim, result] of run) {
      const before = newest.get(claim);
      // ISO 8601 in UTC sorts as text.
      if (before === undefined || before.at < result.at) newest.set(claim, result);
    }
  }
  return newest;
}

function citing({ playbooks }: Extract<EventBody, { type: 'run-started' }>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { id, claims } of playbooks.flatMap(({ steps }) => steps)) {
    for (const claim of claims) found.set(claim, [...(found.get(claim) ?? []), id]);
  }
  return found;
}

function endedSteps(events: readonly RunEvent[]): Map<string, Ended> {
  const reasons = new Map<string, Text>();
  const ended = new Map<string, Ended>();
  for (const event of events) {
    if (event.type === 'judged') {
      const why = event.judgement.findings.find((finding) => finding.verdict === 'skipped')?.why;
      if (why !== undefined) reasons.set(event.step, why);
    }
    if (event.type === 'step-finished') {
      ended.set(event.step, { verdict: event.verdict, ms: event.ms, reason: reasons.get(event.step) });
    }
  }
  return ended;
}
