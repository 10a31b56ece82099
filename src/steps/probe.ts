import { randomBytes } from 'node:crypto';
import type { Judgement } from '../event/event.js';
import type { StepOf } from '../playbook/schema.js';
import { countAnswers } from '../probe/curl-output.js';
import type { Observation } from '../probe/observation.js';
import { shownOutput } from '../probe/shown.js';
import type { StepContext, StepResult } from './context.js';
import { judgeObservation } from './judge-observation.js';
import { evidence, judgement, unmeasured } from './judgement.js';
import type { Place } from './place.js';
import { resolvePlaces } from './places.js';
import { questionAt, type Question } from './question.js';

/** A live display needs no more than this many milliseconds between two counts. */
const PROGRESS_EVERY_MS = 100;

/** Asks from every place side by side, and judges each place on its own: one bad node must not hide among good ones. */
export async function probeStep(step: StepOf<'probe'>, context: StepContext): Promise<StepResult> {
  const startedAt = performance.now();
  let places: Place[];
  try {
    places = await resolvePlaces(step.from, context.places, context.signal);
  } catch (error) {
    return {
      judgements: [unmeasured(error, { place: step.from, subject: '', startedAt, signal: context.signal })],
    };
  }
  return { judgements: await Promise.all(places.map((place) => probeAt(step, place, context))) };
}

async function probeAt(step: StepOf<'probe'>, place: Place, context: StepContext): Promise<Judgement> {
  const startedAt = performance.now();
  const { signal, emit, info } = context;
  let subject = '';
  try {
    const question = await questionAt(step, place, context);
    subject = question.subject;
    const { observation, output } = await ask(question, place, step.timeout, context);
    emit({ type: 'observed', step: info.id, place: place.label, observation });
    const judged = await judgeObservation(step, question, observation, place, context);
    return judgement({
      ...judged,
      place: place.label,
      subject,
      startedAt,
      evidence: [evidence(place.label, question.typed, output)],
    });
  } catch (error) {
    return unmeasured(error, { place: place.label, subject, startedAt, signal });
  }
}

/** One exec for all requests of the place. */
async function ask(
  question: Question,
  place: Place,
  timeoutMs: number | undefined,
  context: StepContext,
): Promise<{ observation: Observation; output: string }> {
  const nonce = randomBytes(8).toString('hex');
  let seen = '';
  let shownAt = 0;
  const onStdout = (chunk: string): void => {
    seen += chunk;
    if (performance.now() - shownAt < PROGRESS_EVERY_MS) return;
    shownAt = performance.now();
    const { done, counts } = countAnswers(nonce, seen);
    context.emit({ type: 'progress', step: context.info.id, place: place.label, done, total: question.total, counts });
  };
  const result = await place.exec(question.argv(nonce), {
    signal: context.signal,
    timeoutMs: timeoutMs ?? question.limitMs,
    ...(question.total > 1 ? { onStdout } : {}),
    ...(question.sudo ? { sudo: true } : {}),
  });
  const observation = question.parse(nonce, result.stdout);
  const raw = [result.stdout, result.stderr].filter((part) => part !== '').join('\n');
  return { observation, output: shownOutput(observation, nonce, raw) };
}
