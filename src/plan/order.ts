import type { PlannedPlaybook } from './plan.js';

/** Milliseconds of an average step: the shipped `clusterip` needs 20 s for 64 of them on two cores. */
const STEP_MS = 320;

/**
 * The order in which playbooks are started when several may run at once: first what the end waits for longest. That is a
 * playbook's own expected length, and that of all others which cannot run beside it because they share a lock. The same
 * plan always gives the same order. One at a time, nothing is gained: they stay as they are.
 * @param jobs how many may run at once
 */
export function startOrder(playbooks: readonly PlannedPlaybook[], jobs: number): PlannedPlaybook[] {
  if (jobs <= 1) return [...playbooks];
  const rank = new Map(playbooks.map((each) => [each, [chainMs(each, playbooks), expectedMs(each)] as const]));
  const [chain, own] = [0, 1] as const;
  const of = (planned: PlannedPlaybook, part: 0 | 1): number => rank.get(planned)?.[part] ?? 0;
  // Array.sort is stable: what weighs the same stays in the order of the plan.
  return [...playbooks].sort((a, b) => of(b, chain) - of(a, chain) || of(b, own) - of(a, own));
}

/** How long a playbook is expected to take: its author's word, else a guess by its steps and pauses. */
function expectedMs({ playbook }: PlannedPlaybook): number {
  if (playbook.takesMs !== undefined) return playbook.takesMs;
  return playbook.steps.reduce((sum, step) => sum + (step.kind === 'pause' ? step.pause : STEP_MS), 0);
}

function chainMs(planned: PlannedPlaybook, all: readonly PlannedPlaybook[]): number {
  const rivals = all.filter((each) => each !== planned && each.locks.some((lock) => planned.locks.includes(lock)));
  return [planned, ...rivals].reduce((sum, each) => sum + expectedMs(each), 0);
}
