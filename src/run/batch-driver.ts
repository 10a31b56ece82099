import pLimit from 'p-limit';
import { batchesOf, onlyLooks } from '../plan/batch.js';
import type { PlannedPlaybook } from '../plan/plan.js';
import type { Step } from '../playbook/schema.js';
import type { Text } from '../text.js';
import type { Course, Ending } from './driver.js';
import { unmetWhen } from './needs.js';
import { blockedBy, tellStep } from './step.js';
import { Turnstile } from './turnstile.js';

/** Steps that only look are run side by side, so many at once: a Pi is small. */
const SIDE_BY_SIDE = 4;

/** From the first step to the last, nobody is asked: how a run verifies. */
export async function batchDriver({ planned, facts, deps, scene, onStep }: Course): Promise<Ending> {
  const { emit, signal, probes, lab } = deps;
  const { playbook, steps } = planned;
  let skip: Text | undefined = 'unmet' in scene ? scene.unmet : undefined;
  for (const batch of batchesOf(playbook.steps)) {
    signal.throwIfAborted();
    const limit = pLimit(SIDE_BY_SIDE);
    // The first one never waits for another playbook: exercises count on the time that passes between two steps.
    const gently = <T>(step: Step | undefined, turn: number, work: () => Promise<T>): Promise<T> =>
      limit(() => (step?.kind === 'probe' && turn > 0 ? probes(work) : work()));
    const turnstile = new Turnstile(emit);
    const reason = skip;
    const results = await Promise.allSettled(
      batch.map((index, turn) =>
        gently(playbook.steps[index], turn, async () => {
          const [step, info] = [playbook.steps[index], steps[index]];
          if (step === undefined || info === undefined) return undefined;
          signal.throwIfAborted();
          const outlet = turnstile.outlet(turn);
          try {
            const why = reason ?? beforeStart(planned, index) ?? unmetWhen(step, facts, lab);
            const result = await tellStep(step, info, outlet, 'unmet' in scene ? undefined : scene, why);
            onStep(info, result.verdict);
            return { info, ...result };
          } finally {
            turnstile.done(turn);
          }
        }),
      ),
    );
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason;
      if (result.value?.blocks === true) skip ??= blockedBy(result.value.info);
    }
  }
  return 'over';
}

/** Who starts in the middle wants no earlier look; what later steps build on happens all the same. */
function beforeStart({ playbook, start = 1 }: PlannedPlaybook, index: number): Text | undefined {
  const step = playbook.steps[index];
  if (index + 1 >= start || step === undefined || !onlyLooks(step)) return undefined;
  return {
    en: `before step ${start}, where this run starts`,
    ja: `手順 ${start} から始めたため、それより前の確認は省略`,
  };
}
