import type { ClusterFacts, Counts, EventBody, Judgement, PlaybookInfo, RunEvent, StepInfo, Verdict } from './event.js';

/** Where a step or a playbook is. */
export type Progress = 'waiting' | 'running' | 'done';

/** Answers that have come in so far at one place. */
export type LiveCount = Omit<Extract<EventBody, { type: 'progress' }>, 'type' | 'step'>;

/** Something measured that is no expectation. */
export type Measured = Omit<Extract<EventBody, { type: 'measured' }>, 'type' | 'step'>;

export interface StepState {
  readonly info: StepInfo;
  readonly progress: Progress;
  readonly verdict?: Verdict;
  readonly judgements: readonly Judgement[];
  /** By place; empty again once the step is done. */
  readonly live: readonly LiveCount[];
  readonly measured: readonly Measured[];
  readonly warnings: readonly string[];
  readonly durationMs?: number;
}

export interface PlaybookState {
  readonly info: PlaybookInfo;
  readonly progress: Progress;
  readonly verdict?: Verdict;
  readonly steps: readonly StepState[];
  readonly durationMs?: number;
  /** `made`: its namespaces may be on the cluster; `removed`: clean-up is over. */
  readonly namespaces: 'none' | 'made' | 'removed';
  /** What the clean-up could not remove. */
  readonly left: readonly string[];
  /** Milliseconds since the run's start: its first event, the end of its steps, the end of its clean-up. */
  readonly startedMs?: number;
  readonly stepsOverMs?: number;
  readonly cleanedMs?: number;
}

/** Everything that a display or a report shows, as far as the events have come. */
export interface RunState {
  readonly start?: Extract<EventBody, { type: 'run-started' }>;
  readonly facts?: ClusterFacts;
  readonly playbooks: readonly PlaybookState[];
  /** Warnings that belong to no step. */
  readonly warnings: readonly string[];
  readonly end?: Extract<EventBody, { type: 'run-finished' }>;
  /** Milliseconds since the start, of the last event. */
  readonly ms: number;
}

/** Before the first event. */
export function initialState(): RunState {
  return { playbooks: [], warnings: [], ms: 0 };
}

/** The state after one more event. Events about unknown steps or playbooks change nothing but the time. */
export function reduce(before: RunState, event: RunEvent): RunState {
  const state = { ...before, ms: event.ms };
  switch (event.type) {
    case 'run-started':
      return { ...state, start: event, playbooks: event.playbooks.map(newPlaybook) };
    case 'cluster-read':
      return { ...state, facts: event.facts };
    case 'playbook-started':
      return inPlaybook(state, event.playbook, (each) => ({
        ...each,
        progress: 'running',
        namespaces: 'made',
        startedMs: event.ms,
      }));
    case 'playbook-finished':
      return inPlaybook(state, event.playbook, (each) => ({
        ...each,
        progress: 'done',
        verdict: event.verdict,
        durationMs: event.durationMs,
      }));
    case 'step-started':
      // A walkthrough may run a step again: what was seen before is no longer its result.
      return inStep(state, event.step, ({ info }) => ({
        ...waiting({ ...info, command: event.command ?? info.command }),
        progress: 'running',
      }));
    case 'progress': {
      const { place, done, total, counts } = event;
      return inStep(state, event.step, (each) => ({
        ...each,
        live: [...each.live.filter((live) => live.place !== place), { place, done, total, counts }],
      }));
    }
    case 'measured': {
      const { what, value, unit } = event;
      return inStep(state, event.step, (each) => ({ ...each, measured: [...each.measured, { what, value, unit }] }));
    }
    case 'observed':
      return state;
    case 'judged':
      return inStep(state, event.step, (each) => ({ ...each, judgements: [...each.judgements, event.judgement] }));
    case 'step-finished':
      return inStep(state, event.step, (each) => ({
        ...each,
        progress: 'done',
        verdict: event.verdict,
        durationMs: event.durationMs,
        live: [],
      }));
    case 'warning':
      return event.step === undefined
        ? { ...state, warnings: [...state.warnings, event.message] }
        : inStep(state, event.step, (each) => ({ ...each, warnings: [...each.warnings, event.message] }));
    case 'cleanup-started':
      return inPlaybook(state, event.playbook, (each) => ({ ...each, stepsOverMs: event.ms }));
    case 'cleanup-finished':
      return inPlaybook(state, event.playbook, (each) => ({
        ...each,
        namespaces: 'removed',
        left: event.left,
        cleanedMs: event.ms,
      }));
    case 'run-finished':
      return { ...state, end: event };
  }
}

/** Namespaces that are on the cluster now because of this run. */
export function namespacesLeft(state: RunState): string[] {
  return state.playbooks.flatMap(({ info, namespaces, left }) => {
    if (namespaces === 'removed') return left;
    return namespaces === 'made' ? info.namespaces.map((name) => `namespace/${name}`) : [];
  });
}

/** How many steps ended with which verdict. */
export function countSteps(state: RunState): Counts {
  const counts = { passed: 0, failed: 0, inconclusive: 0, skipped: 0 };
  for (const { steps } of state.playbooks) {
    for (const { verdict } of steps) if (verdict !== undefined) counts[verdict] += 1;
  }
  return counts;
}

function newPlaybook(info: PlaybookInfo): PlaybookState {
  return { info, progress: 'waiting', steps: info.steps.map(waiting), namespaces: 'none', left: [] };
}

/** A step that nothing has been heard of. */
function waiting(info: StepInfo): StepState {
  return { info, progress: 'waiting', judgements: [], live: [], measured: [], warnings: [] };
}

function inPlaybook(state: RunState, name: string, change: (each: PlaybookState) => PlaybookState): RunState {
  return { ...state, playbooks: state.playbooks.map((each) => (each.info.name === name ? change(each) : each)) };
}

function inStep(state: RunState, id: string, change: (each: StepState) => StepState): RunState {
  return inPlaybook(state, id.slice(0, id.lastIndexOf('/')), (playbook) => ({
    ...playbook,
    steps: playbook.steps.map((each) => (each.info.id === id ? change(each) : each)),
  }));
}
