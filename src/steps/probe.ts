import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { linesAbout } from '../check/rules.js';
import type { StepOf } from '../playbook/schema.js';
import { countAnswers } from '../probe/curl-output.js';
import type { Observation } from '../probe/observation.js';
import { shownOutput } from '../probe/shown.js';
import type { StepContext, StepResult } from './context.js';
import { judgeObservation } from './judge-observation.js';
import { evidence, judgement, unmeasured } from './judgement.js';
import { pathFacts } from './path-facts.js';
import type { Place } from './place.js';
import { resolvePlaces } from './places.js';
import { questionAt, type Question } from './question.js';
import { judgeTogether, type Seen } from './together.js';

/** A live display needs no more than this many milliseconds between two counts. */
const PROGRESS_EVERY_MS = 100;

/** Pause between two looks of a probe that may take a while (`within`). */
const AGAIN_MS = 300;

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
  const seen = await Promise.all(places.map((place) => probeAt(step, place, context)));
  return { judgements: [...seen.map((each) => each.judgement), ...judgeTogether(step, seen, context, startedAt)] };
}

/** Asks once, or, with `within`, until the expectation holds or the time is up: then how soon is what is measured. */
async function probeAt(step: StepOf<'probe'>, place: Place, context: StepContext): Promise<Seen> {
  const startedAt = performance.now();
  for (;;) {
    const seen = await askAndJudge(step, place, context, startedAt);
    const { verdict } = seen.judgement;
    const ms = Math.round(performance.now() - startedAt);
    if (step.within === undefined || verdict === 'inconclusive') return seen;
    if (verdict === 'passed') {
      const { id } = context.info;
      context.emit({ type: 'measured', step: id, what: `settled ${place.label}`, value: ms, unit: 'ms' });
      return seen;
    }
    if (ms + AGAIN_MS > step.within) return seen;
    await setTimeout(AGAIN_MS, undefined, { signal: context.signal });
  }
}

async function askAndJudge(
  step: StepOf<'probe'>,
  place: Place,
  context: StepContext,
  startedAt: number,
): Promise<Seen> {
  const { signal, emit, info } = context;
  let subject = '';
  try {
    const question = await questionAt(step, place, context);
    subject = question.subject;
    const { observation, output } = await ask(question, place, step.timeout, context);
    emit({ type: 'observed', step: info.id, place: place.label, observation });
    const judged = await judgeObservation(step, question, observation, place, context);
    const proof = evidence(place.label, question.typed, telling(step, output, context));
    const told = judgement({ ...judged, place: place.label, subject, startedAt, evidence: [proof] });
    const path = await pathFacts(step, place, context);
    return { place, observation, judgement: path === undefined ? told : { ...told, path } };
  } catch (error) {
    const told = unmeasured(error, { place: place.label, subject, startedAt, signal });
    return { place, observation: undefined, judgement: told };
  }
}

/** What of the output goes into evidence: a dump of all rules of a node is cut long before the Service in question. */
function telling(step: StepOf<'probe'>, output: string, { namespace }: StepContext): string {
  const named = step.tool === 'run' ? (step.expect.rules ?? step.expect.rejects) : undefined;
  return named === undefined ? output : linesAbout(`${namespace}/${named.service}`, output);
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
