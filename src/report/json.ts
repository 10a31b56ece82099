import type { ClusterFacts, Counts, Judgement, Reporter, Verdict } from '../event/event.js';
import { encodeEvent } from '../event/record.js';
import { countSteps, namespacesLeft, type Measured, type RunState } from '../event/state.js';
import { worst } from '../event/verdict.js';
import type { Text } from '../text.js';

/** The event stream itself, one event a line: the record's format. */
export function ndjsonReporter(write: (text: string) => void): Reporter {
  return { onEvent: (event) => write(encodeEvent(event)) };
}

/** A step in the summary; `null` means that it was not reached, or not finished. */
export interface JsonStep {
  /** `clusterip/7`. */
  readonly id: string;
  readonly kind: string;
  readonly title: Text;
  readonly claims: readonly string[];
  readonly from: string;
  readonly command: string;
  /** file:line */
  readonly where: string;
  readonly verdict: Verdict | null;
  readonly durationMs: number | null;
  readonly judgements: readonly Judgement[];
  readonly measured: readonly Measured[];
  readonly warnings: readonly string[];
}

/** The summary of a run for programs. Keys are only ever added within a version. */
export interface JsonReport {
  readonly version: 1;
  readonly run: string | null;
  /** pilab's version. */
  readonly pilab: string | null;
  readonly lab: { readonly name: string; readonly simulated: boolean } | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string | null;
  readonly durationMs: number;
  /** False: the record ends before the run did; then `verdict` and `exitCode` are null. */
  readonly finished: boolean;
  readonly interrupted: boolean;
  readonly verdict: Verdict | null;
  readonly exitCode: number | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string } | null;
  /** Steps by verdict; a clean-up that left something counts as one inconclusive more. */
  readonly steps: Counts;
  /** Claim id → the worst verdict of the steps that are about it. */
  readonly claims: Readonly<Record<string, Verdict>>;
  readonly cluster: ClusterFacts | null;
  readonly playbooks: readonly {
    readonly name: string;
    readonly title: Text;
    readonly namespaces: readonly string[];
    readonly verdict: Verdict | null;
    readonly durationMs: number | null;
    readonly steps: readonly JsonStep[];
  }[];
  readonly warnings: readonly string[];
  /** What the run made and is still on the cluster, as `namespace/NAME`. */
  readonly left: readonly string[];
}

/** Summary of a run, also of one that never came to its end. */
export function jsonReport(state: RunState): JsonReport {
  const { start, end, facts } = state;
  return {
    version: 1,
    run: start?.run ?? null,
    pilab: start?.pilab ?? null,
    lab: start?.lab ?? null,
    startedAt: start?.startedAt ?? null,
    durationMs: end?.durationMs ?? state.ms,
    finished: end !== undefined,
    interrupted: end?.interrupted ?? false,
    verdict: end?.verdict ?? null,
    exitCode: end?.exitCode ?? null,
    error: end?.error ?? null,
    steps: end?.steps ?? countSteps(state),
    claims: claimVerdicts(state),
    cluster: facts ?? null,
    playbooks: state.playbooks.map(({ info, verdict, durationMs, steps }) => ({
      name: info.name,
      title: info.title,
      namespaces: info.namespaces,
      verdict: verdict ?? null,
      durationMs: durationMs ?? null,
      steps: steps.map((step) => ({
        id: step.info.id,
        kind: step.info.kind,
        title: step.info.title,
        claims: step.info.claims,
        from: step.info.from,
        command: step.info.command,
        where: step.info.where,
        verdict: step.verdict ?? null,
        durationMs: step.durationMs ?? null,
        judgements: step.judgements,
        measured: step.measured,
        warnings: step.warnings,
      })),
    })),
    warnings: state.warnings,
    left: namespacesLeft(state),
  };
}

function claimVerdicts(state: RunState): Record<string, Verdict> {
  const found = new Map<string, Verdict>();
  for (const { info, verdict } of state.playbooks.flatMap(({ steps }) => steps)) {
    if (verdict === undefined) continue;
    for (const claim of info.claims) found.set(claim, worst([verdict, found.get(claim) ?? verdict]));
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
