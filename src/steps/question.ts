import { PilabError } from '../errors.js';
import type { StepOf } from '../playbook/schema.js';
import { commandArgv, parseCommand } from '../probe/command.js';
import { CONNECT_TIMEOUT_MS, curlArgv, curlBudgetMs, MAX_TIME_MS, type CurlSpec } from '../probe/curl.js';
import { parseCurl } from '../probe/curl-output.js';
import { DIG_TIMEOUT_MS, digArgv, digManyArgv, type DigManySpec, type DigSpec } from '../probe/dig.js';
import { parseDig, parseDigMany } from '../probe/dig-output.js';
import { mayFail, typedRun } from '../plan/typed.js';
import { typedCurl, typedDig, typedDigs, type TypedFrom } from '../probe/equivalent.js';
import type { Observation } from '../probe/observation.js';
import type { ReadyPod } from '../model/pods.js';
import type { StepContext } from './context.js';
import { filled, filledList, filledValue } from './lookup.js';
import type { Place } from './place.js';

/** What a probe asks at one place, references filled in. */
export interface Question {
  /** What was asked, in short: the URL, the name, the command. */
  readonly subject: string;
  readonly argv: (nonce: string) => string[];
  readonly parse: (nonce: string, output: string) => Observation;
  /** The command that a person would type. */
  readonly typed: string;
  /** Number of requests. */
  readonly total: number;
  /** Milliseconds after which the exec is given up: what the probe may take at its place, and some room. */
  readonly limitMs: number;
  readonly sudo: boolean;
  /** The item that each URL or name stands for, in their order; empty without `each`. */
  readonly items: readonly ReadyPod[];
  /** The URLs or names that are asked, in order, without repetitions by `times`; empty for `run`. */
  readonly asked: readonly string[];
}

/** As many URLs or names of a probe are named; the rest is counted. */
const NAMED = 3;

/** However many questions a probe has: an exec that lasts longer hangs. */
const LONGEST_MS = 120_000;

const ROOM_MS = 15_000;

/** Fills in the references of a probe for a place. @throws PilabError when one has no value now */
export async function questionAt(step: StepOf<'probe'>, place: Place, context: StepContext): Promise<Question> {
  const from = typedFrom(place);
  const sudo = step.sudo ?? false;
  switch (step.tool) {
    case 'curl':
      return { ...(await curlQuestion(step, place, context, from)), sudo };
    case 'dig':
      return { ...(await digQuestion(step.subject, place, context, from)), sudo };
    case 'run': {
      const argv = await filledList(step.subject.run, context, { place });
      return {
        subject: argv.join(' '),
        argv: (nonce) => commandArgv(argv, nonce),
        parse: (nonce, output) => parseCommand(argv, nonce, output),
        typed: typedRun(argv, step, from, context.namespace),
        total: 1,
        limitMs: 60_000,
        sudo,
        items: [],
        asked: [],
      };
    }
  }
}

/** One question, or a list of names and repetitions that go in one exec. */
async function digQuestion(
  subject: Extract<StepOf<'probe'>, { tool: 'dig' }>['subject'],
  place: Place,
  context: StepContext,
  from: TypedFrom,
): Promise<Omit<Question, 'sudo'>> {
  const { name, server, type, reverse, search, tcp, each, times = 1 } = subject;
  const items = each === undefined ? [] : await itemsOf(each, context);
  const names =
    each === undefined
      ? [await filled(name, context, { place })]
      : await Promise.all(items.map((item) => filled(name, context, { place, each: item })));
  const options = {
    ...(server === undefined ? {} : { server: await filled(server, context, { place }) }),
    type,
    reverse,
    search,
    tcp,
  };
  const common = {
    subject: `${reverse === true ? 'PTR' : (type ?? 'A')} ${inShort(names)}`,
    // Counted while they come in only where they take long.
    total: 1,
    items,
    asked: names,
  };
  const [only] = names;
  if (each === undefined && times === 1 && only !== undefined) {
    const spec: DigSpec = { ...options, name: only };
    return {
      ...common,
      argv: (nonce) => digArgv(spec, nonce),
      parse: (nonce, output) => parseDig(nonce, output),
      typed: typedDig(spec, from),
      limitMs: DIG_TIMEOUT_MS + ROOM_MS,
    };
  }
  const spec: DigManySpec = { ...options, names, times };
  return {
    ...common,
    argv: (nonce) => digManyArgv(spec, nonce),
    parse: (nonce, output) => parseDigMany(spec, nonce, output),
    typed: typedDigs(spec, from),
    limitMs: Math.min(LONGEST_MS, DIG_TIMEOUT_MS * names.length * times) + ROOM_MS,
  };
}

async function curlQuestion(
  { subject, expect }: Extract<StepOf<'probe'>, { tool: 'curl' }>,
  place: Place,
  context: StepContext,
  from: TypedFrom,
): Promise<Omit<Question, 'sudo'>> {
  const certificates = expect.certificate !== undefined;
  const items = subject.each === undefined ? [] : await itemsOf(subject.each, context);
  const urls =
    subject.each === undefined
      ? [await filled(subject.url, context, { place })]
      : await Promise.all(items.map((each) => filled(subject.url, context, { place, each })));
  const headers = await filled(subject.headers ?? {}, context, { place });
  const resolve = subject.resolve === undefined ? undefined : await filled(subject.resolve, context, { place });
  const spec: CurlSpec = {
    urls,
    times: subject.times,
    keepAlive: subject.keepAlive,
    headers,
    withHeaders: expect.headers !== undefined,
    pauseMs: subject.pause,
    fresh: subject.fresh,
    resolve,
    insecure: subject.insecure,
    certificates,
    connectTimeoutMs: subject.connectTimeout ?? CONNECT_TIMEOUT_MS,
    maxTimeMs: subject.maxTime ?? MAX_TIME_MS,
  };
  const total = urls.length * (subject.times ?? 1);
  return {
    subject: inShort(urls),
    argv: (nonce) => curlArgv(spec, nonce),
    parse: (nonce, output) => parseCurl(spec, nonce, output),
    typed: typedCurl({ ...spec, tell: mayFail(expect) }, from),
    total,
    limitMs: curlBudgetMs(spec) + ROOM_MS,
    items,
    asked: urls,
  };
}

function inShort(asked: readonly string[]): string {
  return asked.length <= NAMED ? asked.join(', ') : `${asked.slice(0, NAMED).join(', ')}, … (${asked.length})`;
}

/** The items that a probe goes through now; none for a probe without a list, or while the list cannot be had. */
export async function itemsNow(step: StepOf<'probe'>, context: StepContext): Promise<ReadyPod[]> {
  const each = step.tool === 'run' ? undefined : step.subject.each;
  if (each === undefined) return [];
  try {
    return await itemsOf(each, context);
  } catch (error) {
    if (error instanceof PilabError) return [];
    throw error;
  }
}

/** An `each` list: pods that are ready now, nodes, or servers outside. */
async function itemsOf(reference: string, context: StepContext): Promise<ReadyPod[]> {
  return (await filledValue(reference, context)) as ReadyPod[];
}

function typedFrom(place: Place): TypedFrom {
  return {
    kind: place.kind,
    namespace: place.namespace,
    pod: place.pod,
    container: place.container,
    host: place.node,
  };
}
