import type { ClusterFacts, EventBody, Judgement, StepInfo } from '../event/event.js';
import type { Lab } from '../lab/lab.js';
import type { Playbook } from '../playbook/schema.js';
import type { Cluster } from '../ports/cluster.js';
import type { Certificates } from './certificates.js';
import type { PlaceSources } from './places.js';

/** What a step may use. */
export interface StepContext {
  readonly info: StepInfo;
  readonly playbook: Playbook;
  readonly namespace: string;
  readonly neighbour: string | undefined;
  /** Labels of everything that the run creates. */
  readonly labels: Readonly<Record<string, string>>;
  readonly cluster: Cluster;
  readonly lab: Lab;
  readonly facts: ClusterFacts;
  readonly places: PlaceSources;
  /** What `save` steps kept: name → key → value. */
  readonly saved: Map<string, Record<string, unknown>>;
  readonly certificates: Certificates;
  readonly signal: AbortSignal;
  readonly emit: (event: EventBody) => void;
}

/** How a step ended: one judgement a place, and whether the rest of the playbook makes sense without it. */
export interface StepResult {
  readonly judgements: readonly Judgement[];
  /** True: what the following steps build on is missing, so they are skipped with that reason. @default false */
  readonly blocks?: boolean;
}
