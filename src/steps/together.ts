import { judgeTogether as judgeAnswersTogether, speaksOfAll } from '../check/over-time.js';
import { judgeSameRules } from '../check/rules.js';
import type { Judgement } from '../event/event.js';
import type { HttpExpectation, StepOf } from '../playbook/schema.js';
import type { Observation } from '../probe/observation.js';
import type { StepContext } from './context.js';
import { evidence, judgement } from './judgement.js';
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
  if (step.tool === 'curl' && speaksOfAll(step.expect)) return [answersTogether(step.expect, seen, context, startedAt)];
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

/** Each place has its own proof already; here they stand side by side. */
function answersTogether(
  expect: HttpExpectation,
  seen: readonly Seen[],
  { namespace }: StepContext,
  startedAt: number,
): Judgement {
  const places = seen.map(({ place, observation }) => ({ place: place.label, observation }));
  const judged = judgeAnswersTogether(expect, places, { namespace, service: expect.of });
  const proof = seen.flatMap((each) => each.judgement.evidence);
  const output = proof.map(({ place, output: text }) => `${place}: ${text}`).join('\n');
  const subject = `${seen.length} places`;
  const told = evidence(ALL_PLACES, proof[0]?.command ?? '', output);
  return judgement({ ...judged, place: ALL_PLACES, subject, startedAt, evidence: [told] });
}
