import type { PlaybookState, RunState, StepState } from './state.js';

/** A playbook that the end of the run waited for. */
export interface CriticalLink {
  readonly playbook: string;
  /** Milliseconds from its start to when it let the next one begin, or to the end of its clean-up when it is the last. */
  readonly durationMs: number;
  /** What it had to wait for: a lock of the link before it, or a slot (`undefined`); the first waited for nothing. */
  readonly waitedFor?: string;
  /** Its steps that took longest, longest first. */
  readonly steps: readonly StepState[];
}

/** Steps of a link that are worth naming. */
const LONGEST = 3;

/**
 * Which playbooks, one after the other, made the run as long as it was: the last one to end, before it the one whose end
 * let it start, and so on to one that was started at once. Read from the times of the events alone; empty before a
 * playbook has been cleaned up.
 */
export function criticalPath({ playbooks }: RunState): CriticalLink[] {
  const cleaned = playbooks.filter(({ cleanedMs }) => cleanedMs !== undefined);
  const [last] = cleaned.sort((a, b) => (b.cleanedMs ?? 0) - (a.cleanedMs ?? 0));
  const links: CriticalLink[] = [];
  let until = last?.cleanedMs ?? 0;
  for (let playbook = last; playbook !== undefined;) {
    const before = releaseOf(playbook, playbooks);
    const startedMs = playbook.startedMs ?? 0;
    const waitedFor = before?.lock;
    const own = { playbook: playbook.info.name, durationMs: until - startedMs, steps: longest(playbook) };
    links.unshift({ ...own, ...(waitedFor === undefined ? {} : { waitedFor }) });
    until = startedMs;
    playbook = before?.playbook;
  }
  return links;
}

interface Release {
  readonly playbook: PlaybookState;
  readonly ms: number;
  readonly lock?: string;
}

/** The last thing that was given back before a playbook began: a lock that it needs, or a slot. */
function releaseOf(playbook: PlaybookState, all: readonly PlaybookState[]): Release | undefined {
  const { startedMs = 0, info } = playbook;
  const releases = all.flatMap((other): Release[] => {
    // Who began later gave nothing back before; this also keeps the chain from running in a circle.
    if (other === playbook || (other.startedMs ?? Infinity) >= startedMs) return [];
    const lock = info.locks?.find((each) => other.info.locks?.includes(each));
    const slot = other.stepsOverMs === undefined ? [] : [{ playbook: other, ms: other.stepsOverMs }];
    if (lock === undefined || other.cleanedMs === undefined) return slot;
    return [{ playbook: other, ms: other.cleanedMs, lock }];
  });
  return releases.filter(({ ms }) => ms <= startedMs).sort((a, b) => b.ms - a.ms)[0];
}

function longest({ steps }: PlaybookState): StepState[] {
  const timed = steps.filter(({ durationMs }) => durationMs !== undefined);
  return timed.sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0)).slice(0, LONGEST);
}
