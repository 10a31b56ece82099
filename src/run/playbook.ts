import type { ClusterFacts, StepInfo, Verdict } from '../event/event.js';
import { worst } from '../event/verdict.js';
import type { PlannedPlaybook } from '../plan/plan.js';
import { batchDriver } from './batch-driver.js';
import type { Ending } from './driver.js';
import { unmetNeed } from './needs.js';
import type { RunDeps } from './run.js';
import { makeScene } from './scene.js';

/** Runs one playbook in a namespace of its own, as its driver decides. `onStep`: see `Course`. */
export async function runPlaybook(
  planned: PlannedPlaybook,
  runId: string,
  facts: ClusterFacts,
  deps: RunDeps,
  onStep: (step: StepInfo, verdict: Verdict) => void,
): Promise<Ending> {
  const { emit, driver = batchDriver, kept } = deps;
  const { playbook } = planned;
  const startedAt = performance.now();
  const verdicts = new Map<string, Verdict>();
  emit({ type: 'playbook-started', playbook: playbook.name });
  const unmet = unmetNeed(playbook.needs, facts, deps.lab);
  const ending = await driver({
    planned,
    facts,
    deps,
    scene: unmet === undefined ? await makeScene(planned, runId, facts, deps, kept) : { unmet },
    onStep: (step, verdict) => {
      verdicts.set(step.id, verdict);
      onStep(step, verdict);
    },
  });
  if (ending !== 'over') return ending;
  emit({
    type: 'playbook-finished',
    playbook: playbook.name,
    verdict: worst([...verdicts.values()]),
    durationMs: Math.round(performance.now() - startedAt),
  });
  return ending;
}
