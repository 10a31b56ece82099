import type { ClusterFacts, StepInfo, Verdict } from '../event/event.js';
import type { PlannedPlaybook } from '../plan/plan.js';
import type { StepContext } from '../steps/context.js';
import type { Text } from '../text.js';
import type { RunDeps } from './run.js';

/** What all steps of one playbook share. */
export type Scene = Omit<StepContext, 'info' | 'emit'>;

/** A playbook whose steps are about to be run. */
export interface Course {
  readonly planned: PlannedPlaybook;
  readonly facts: ClusterFacts;
  readonly deps: RunDeps;
  /** Its namespaces are made; or why this lab cannot run it. */
  readonly scene: Scene | { readonly unmet: Text };
  /** Hears each step's verdict, also when the rest is never reached; of a step that is run again, its newest. */
  readonly onStep: (step: StepInfo, verdict: Verdict) => void;
}

/** `over`: clean up now. `kept`: the namespaces stay, somebody goes on later. */
export type Ending = 'over' | { readonly kept: { readonly next: number } };

/** Decides which step of a playbook comes next, until there is none. An abort makes it throw. */
export type Driver = (course: Course) => Promise<Ending>;
