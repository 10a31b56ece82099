import { judgeSameRules } from '../check/rules.js';
import type { Judgement } from '../event/event.js';
import type { StepOf } from '../playbook/schema.js';
import type { Observation } from '../probe/observation.js';
import type { StepContext } from './context.js';
import { judgement } from './judgement.js';
import type { Place } from './place.js';

/** What one place of a probe saw; no observation: it could not be measured. */
export interface Seen {
  readonly place: Place;
  readonly observation: Observation | undefined;
  readonly judgement: Judgement;
}

/** The place of judgements about all places together. */
export const ALL_PLACES = 'all places';

/** What only all places of a step together can show. */
export function judgeTogether(
  step: StepOf<'probe'>,
  seen: readonly Seen[],
  context: StepContext,
  startedAt: number,
): Judgement[] {
  const rules = step.tool === 'run' ? step.expect.rules : undefined;
  if (rules?.sameEverywhere !== true) return [];
  const name = `${context.namespace}/${rules.service}`;
  const places = seen.map(({ place, observation }) => ({
    place: place.label,
    node: place.node,
    stdout: observation?.kind === 'command' ? observation.stdout : undefined,
  }));
  const judged = judgeSameRules(name, context.facts.proxyMode, places);
  return [judgement({ ...judged, place: ALL_PLACES, subject: `rules about ${name}`, startedAt })];
}
