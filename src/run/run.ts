import { setMaxListeners } from 'node:events';
import pLimit, { type LimitFunction } from 'p-limit';
import type { ClusterFacts, EventBody, StepInfo, Verdict } from '../event/event.js';
import { worst } from '../event/verdict.js';
import type { Lab } from '../lab/lab.js';
import { infoOf, namespacesOf, type Plan } from '../plan/plan.js';
import { startOrder } from '../plan/order.js';
import type { Cluster } from '../ports/cluster.js';
import type { Host } from '../ports/host.js';
import { PilabError, messageOf } from '../errors.js';
import type { Driver, Ending } from './driver.js';
import { readFacts } from './facts.js';
import type { Kept } from './kept.js';
import { runPlaybook } from './playbook.js';
import { sideBySide } from './side-by-side.js';
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
  /** How many playbooks run at once, at least 1. One at a time, each is cleaned up before the next begins. */
  readonly jobs: number;
  /** pilab's own version, for the record. */
  readonly version: string;
  readonly emit: (event: EventBody) => void;
  /** Aborted: the run stops at once and cleans up. */
  readonly signal: AbortSignal;
  /** Aborted: the clean-up stops too. */
  readonly abandon: AbortSignal;
  readonly now?: () => Date;
  /** Decides which step comes next. @default batchDriver */
  readonly driver?: Driver;
  /** What an earlier part of this run left on the cluster, to go on with. @default nothing */
  readonly kept?: Kept;
}

/** The world that a run acts on, and the stream that it tells. */
export type RunDeps = RunSetup &
  Omit<Wires, 'close'> & {
    /** Probes beside a playbook's first one pass here, so that their number stays gentle however many playbooks run. */
    readonly probes: LimitFunction;
  };

/** Probes at once in a whole run, besides one of each playbook: a Pi is small. */
const PROBES_BESIDE = 4;

/** How a run ended. */
export interface RunOutcome {
  readonly verdict: Verdict;
  readonly exitCode: number;
}

/** Runs a plan to its end, whatever happens: everything it made is removed, and the last event is `run-finished`. */
export async function run(plan: Plan, setup: RunSetup): Promise<RunOutcome> {
  const { emit, lab, signal, jobs } = setup;
  // Every call and every step of every playbook listens to these two; so many are no leak.
  setMaxListeners(0, signal, setup.abandon);
  const startedAt = performance.now();
  const verdicts = new Map<string, Verdict>();
  const left: string[] = [];
  let kept: { playbook: string; next: number } | undefined;
  const failures: unknown[] = [];
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
    const deps: RunDeps = { ...setup, ...wires, probes: pLimit(PROBES_BESIDE) };
    const facts = await readClusterFacts(deps);
    // A failure outside any step ends the run: what runs beside it is finished, nothing more is started.
    const room = { slots: jobs, open: () => !signal.aborted && failures.length === 0 };
    await sideBySide(startOrder(plan.playbooks, jobs), room, async (planned, freeSlot) => {
      const { stays, ending } = await withTeardown(planned, plan.run, facts, deps, {
        onStep: ({ id }, verdict) => void verdicts.set(id, verdict),
        onFailure: (error) => {
          if (!signal.aborted) failures.push(error);
        },
        onStepsOver: jobs > 1 ? freeSlot : () => undefined,
      });
      left.push(...stays);
      if (ending !== 'over') kept = { playbook: planned.playbook.name, ...ending.kept };
    });
  } catch (error) {
    if (!signal.aborted) failures.push(error);
  } finally {
    wires?.close();
  }
  const [failure, ...others] = failures.map(asPilabError);
  // Several playbooks that lose one cluster say the same; what is different must not be lost.
  const messages = new Set(others.map(messageOf));
  for (const message of messages) if (message !== messageOf(failure)) emit({ type: 'warning', message });
  // What is left on the cluster is not a healthy end, even when every step passed.
  const all = [...verdicts.values()];
  const verdict = failure === undefined && left.length === 0 ? worst(all) : worst([...all, 'inconclusive']);
  const exitCode =
    failure !== undefined && verdict !== 'failed' ? failure.exitCode : exitCodeOf(verdict, signal.aborted);
  emit({
    type: 'run-finished',
    verdict,
    steps: count(all),
    interrupted: signal.aborted,
    ...(failure === undefined ? {} : { error: errorFacts(failure) }),
    ...(kept === undefined ? {} : { kept }),
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

/** What a run hears of one of its playbooks. */
interface Ears {
  readonly onStep: (step: StepInfo, verdict: Verdict) => void;
  /** It broke off: a defect of ours, or its namespaces could not be made. Heard before {@link onStepsOver}. */
  readonly onFailure: (error: unknown) => void;
  /** Only its clean-up is still to come. */
  readonly onStepsOver: () => void;
}

/**
 * Removal is decided before anything is made, and happens whatever the playbook does, unless its driver keeps it for later.
 * @returns what is left on the cluster against our will
 */
async function withTeardown(
  planned: Plan['playbooks'][number],
  runId: string,
  facts: ClusterFacts,
  deps: RunDeps,
  ears: Ears,
): Promise<{ stays: readonly string[]; ending: Ending }> {
  const { emit, cluster, abandon } = deps;
  const name = planned.playbook.name;
  const namespaces = namespacesOf(planned);
  try {
    const ending = await runPlaybook(planned, runId, facts, deps, ears.onStep);
    if (ending !== 'over') return { stays: [], ending };
  } catch (error) {
    ears.onFailure(error);
  }
  const startedAt = performance.now();
  emit({ type: 'cleanup-started', playbook: name });
  ears.onStepsOver();
  const left = await removeNamespaces(cluster, namespaces, abandon);
  emit({ type: 'cleanup-finished', playbook: name, left, durationMs: Math.round(performance.now() - startedAt) });
  return { stays: left, ending: 'over' };
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
