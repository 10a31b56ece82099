import type { Step } from '../playbook/schema.js';

/**
 * The steps of a playbook in batches, as indices: neighbours that only look at the cluster stand in one batch and may run
 * side by side; a step that changes something, waits, or keeps a value for later has a batch of its own.
 */
export function batchesOf(steps: readonly Step[]): number[][] {
  const batches: number[][] = [];
  let open = false;
  for (const [index, step] of steps.entries()) {
    const last = batches.at(-1);
    if (onlyLooks(step) && open && last !== undefined) last.push(index);
    else batches.push([index]);
    open = onlyLooks(step);
  }
  return batches;
}

/** Does the step leave the cluster, and what later steps know, as they were? */
export function onlyLooks(step: Step): boolean {
  // A call that should be rejected but is not does change the cluster; that run has failed anyway.
  if (step.kind === 'try') return 'rejected' in step.expect;
  return step.kind === 'probe' || step.kind === 'check';
}
