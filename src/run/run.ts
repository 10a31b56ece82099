import type { ClusterFacts, EventBody, Verdict } from '../event/event.js';
import { worst } from '../event/verdict.js';
import type { Lab } from '../lab/lab.js';
import { infoOf, namespacesOf, type Plan } from '../plan/plan.js';
import type { Cluster } from '../ports/cluster.js';
import type { Host } from '../ports/host.js';
import { PilabError, messageOf } from '../errors.js';
import { readFacts } from './facts.js';
import { runPlaybook } from './playbook.js';
import { removeNamespaces } from './teardown.js';
import { count, exitCodeOf } from './verdict.js';

/** The open connections to a lab. */
export interface Wires {
  readonly cluster: Cluster;
  readonly host: (name: string) => Host;
  readonly operator: Host;
  /** Ends them all. */
  close(): void;
}

/** What a run needs before it has connected. */
export interface RunSetup {
  readonly lab: Lab;
  /** Called after `run-started`, so that a lab that cannot be reached ends in a record and in reports too. */
  readonly connect: (signal: AbortSignal) => Promise<Wires>;
  readonly probeImage: string;
  /** pilab's own version, for the record. */
  readonly version: string;
  readonly emit: (event: EventBody) => void;
  /** Aborted: the run stops at once and cleans up. */
  readonly signal: AbortSignal;
  /** Aborted: the clean-up stops too. */
  readonly abandon: AbortSignal;
  readonly now?: () => Date;
}

/** The world that a run acts on, and the stream that it tells. */
export type RunDeps = RunSetup & Omit<Wires, 'close'>;

/** How a run ended. */
export interface RunOutcome {
  readonly verdict: Verdict;
  readonly exitCode: number;
}

/** Runs a plan to its end, whatever happens: everything it made is removed, and the last event is `run-finished`. */
export async function run(plan: Plan, setup: RunSetup): Promise<RunOutcome> {
  const { emit, lab, signal } = setup;
  const startedAt = performance.now();
  const verdicts: Verdict[] = [];
  let clean = true;
  let failure: PilabError | undefined;
  let wires: Wires | undefined;
  emit({
    type: 'run-started',
    run: plan.run,
    pilab: setup.version,
    lab: { name: lab.name, simulated: lab.simulated },
    startedAt: (setup.now?.() ?? new Date()).toISOString(),
    playbooks: plan.playbooks.map(infoOf),
  });
  try {
    wires = await setup.connect(signal);
    const deps: RunDeps = { ...setup, ...wires };
    const facts = await readClusterFacts(deps);
    for (const planned of plan.playbooks) {
      if (signal.aborted) break;
      const removed = await withTeardown(planned, plan.run, facts, deps, (verdict) => void verdicts.push(verdict));
      clean &&= removed;
    }
  } catch (error) {
    if (!signal.aborted) failure = asPilabError(error);
  } finally {
    wires?.close();
  }
  // What is left on the cluster is not a healthy end, even when every step passed.
  const verdict = failure === undefined && clean ? worst(verdicts) : worst([...verdicts, 'inconclusive']);
  const exitCode =
    failure !== undefined && verdict !== 'failed' ? failure.exitCode : exitCodeOf(verdict, signal.aborted);
  emit({
    type: 'run-finished',
    verdict,
    steps: count(verdicts),
    interrupted: signal.aborted,
    ...(failure === undefined ? {} : { error: errorFacts(failure) }),
    exitCode,
    durationMs: Math.round(performance.now() - startedAt),
  });
  return { verdict, exitCode };
}

async function readClusterFacts(deps: RunDeps): Promise<ClusterFacts> {
  const { cluster, lab, host, signal, emit } = deps;
  const controlPlanesFirst = [...lab.hosts].sort(
    (a, b) => Number(b.role === 'control-plane') - Number(a.role === 'control-plane'),
  );
  const facts = await readFacts(
    cluster,
    controlPlanesFirst.map(({ name }) => host(name)),
    signal,
    (message) => emit({ type: 'warning', message }),
  );
  emit({ type: 'cluster-read', facts });
  return facts;
}

/**
 * Removal is decided before anything is made, and happens whatever the playbook does.
 * @returns whether everything is gone
 */
async function withTeardown(
  planned: Plan['playbooks'][number],
  runId: string,
  facts: ClusterFacts,
  deps: RunDeps,
  onStep: (verdict: Verdict) => void,
): Promise<boolean> {
  const { emit, cluster, abandon } = deps;
  const name = planned.playbook.name;
  const namespaces = namespacesOf(planned);
  let left: readonly string[];
  try {
    await runPlaybook(planned, runId, facts, deps, onStep);
  } finally {
    const startedAt = performance.now();
    emit({ type: 'cleanup-started', playbook: name });
    left = await removeNamespaces(cluster, namespaces, abandon);
    emit({ type: 'cleanup-finished', playbook: name, left, durationMs: Math.round(performance.now() - startedAt) });
  }
  return left.length === 0;
}

function asPilabError(error: unknown): PilabError {
  if (error instanceof PilabError) return error;
  return new PilabError({
    code: 'INTERNAL',
    message: `pilab has a defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    hint: 'please report it together with the record of this run',
    exitCode: 3,
    cause: error,
  });
}

function errorFacts(error: PilabError): { code: string; message: string; hint?: string } {
  return { code: error.code, message: messageOf(error), ...(error.hint === undefined ? {} : { hint: error.hint }) };
}
