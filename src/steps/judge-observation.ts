import type { CheckPlace, Judged } from '../check/judged.js';
import { judgeCommand } from '../check/command.js';
import { judgeDns, type PerQuestion } from '../check/dns.js';
import { judgeHttp } from '../check/http.js';
import { askedService } from '../model/asked-service.js';
import type { ReadyPod } from '../model/pods.js';
import type { CommandExpectation, DnsExpectation, StepOf } from '../playbook/schema.js';
import type { Observation } from '../probe/observation.js';
import type { StepContext } from './context.js';
import { filled, filledList, filledValue } from './lookup.js';
import type { Place } from './place.js';
import type { Question } from './question.js';
import { backendsOf, rulesViewOf, servicesOf } from './backends.js';

/** Sets what a place saw beside what the playbook expects, with the live facts that the expectation speaks of. */
export async function judgeObservation(
  step: StepOf<'probe'>,
  question: Question,
  observation: Observation,
  place: Place,
  context: StepContext,
): Promise<Judged> {
  const { namespace, facts } = context;
  const at = { place: place.label, node: place.node, namespace, proxyMode: facts.proxyMode };
  switch (step.tool) {
    case 'curl': {
      const { answeredBy, ...rest } = step.expect;
      const expect = await filled(rest, context, { place });
      return judgeHttp(expect, observation, {
        ...at,
        door: doorOf(step.subject),
        nodes: facts.nodes,
        ...(answeredBy === undefined ? {} : { answeredBy: await answerers(answeredBy, question, place, context) }),
        ...(rest.of === undefined
          ? { service: await serviceBehind(observation, context) }
          : { service: rest.of, backends: await backendsOf(rest.of, context) }),
        ...(place.ip === undefined ? {} : { probeIp: place.ip }),
        ...(question.items.length === 0 ? {} : { entries: entriesOf(question) }),
      });
    }
    case 'dig': {
      const rest = { ...step.expect, answers: undefined, answersEach: undefined, includes: undefined };
      const expect = await filled(rest, context, { place });
      return judgeDns(expect, observation, {
        ...at,
        perQuestion: await perQuestion(step.expect, question, place, context),
      });
    }
    case 'run': {
      const { rejects, rules, variables } = step.expect;
      const expect = await filledRun(step.expect, place, context);
      const named = rejects ?? rules;
      return judgeCommand(expect, observation, {
        ...at,
        nodes: facts.nodes,
        ...(named === undefined ? {} : { rules: await rulesViewOf(named.service, context) }),
        ...(variables === undefined
          ? {}
          : { services: await servicesOf([...(variables.of ?? []), ...(variables.noneOf ?? [])], context) }),
      });
    }
  }
}

/** What stands before the Service, by the object whose address the URL takes. */
export function doorOf({
  url,
  resolve = '',
}: {
  readonly url: string;
  readonly resolve?: string | undefined;
}): CheckPlace['door'] {
  const [, kind] = /\$\{(ingress|service)\/[^}]*\.address\}/.exec(`${resolve} ${url}`) ?? [];
  if (kind === undefined) return undefined;
  return kind === 'ingress' ? 'ingress' : 'loadBalancer';
}

/** References filled in; an item of `addresses` may be a list. */
async function filledRun(
  { rules, ...rest }: CommandExpectation,
  place: Place,
  context: StepContext,
): Promise<CommandExpectation> {
  const expect = await filled(rest, context, { place });
  if (rules?.addresses === undefined) return { ...expect, rules };
  return { ...expect, rules: { ...rules, addresses: await filledList(rules.addresses, context, { place }) } };
}

/** The pods that may answer, for each URL in order (with `each`, every item has its own). */
async function answerers(
  answeredBy: readonly string[],
  question: Question,
  place: Place,
  context: StepContext,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = await Promise.all(
    question.asked.map(async (url, index): Promise<[string, string[]]> => {
      const each = question.items[index];
      return [url, await filledList(answeredBy, context, { place, ...(each === undefined ? {} : { each }) })];
    }),
  );
  return new Map(names);
}

/** The answers that each question should get (with `each`, every item has its own). */
async function perQuestion(
  { answers, answersEach, includes }: DnsExpectation,
  question: Question,
  place: Place,
  context: StepContext,
): Promise<ReadonlyMap<string, PerQuestion>> {
  const listed = answersEach === undefined ? [] : ((await filledValue(answersEach.of, context)) as ReadyPod[]);
  const expected = await Promise.all(
    question.asked.map(async (name, index): Promise<[string, PerQuestion]> => {
      const item = question.items[index];
      const scope = { place, ...(item === undefined ? {} : { each: item }) };
      const one = await Promise.all(listed.map((each) => filled(answersEach?.is ?? '', context, { place, each })));
      const exact = [...(await filledList(answers ?? [], context, scope)), ...one];
      return [
        name,
        {
          ...(answers === undefined && answersEach === undefined ? {} : { answers: exact }),
          ...(includes === undefined ? {} : { includes: await filledList(includes, context, scope) }),
        },
      ];
    }),
  );
  return new Map(expected);
}

/** For "look here next" only, where the playbook does not say it: the Service that was asked without an answer. */
async function serviceBehind(observation: Observation, context: StepContext): Promise<string | undefined> {
  const silent = observation.kind === 'http' ? observation.requests.find(({ outcome }) => outcome !== 'ok') : undefined;
  if (silent === undefined) return undefined;
  const { cluster, namespace, signal, facts } = context;
  const services = await cluster.list({ apiVersion: 'v1', kind: 'Service', namespace }, signal).catch(() => []);
  const nodes = facts.nodes.map(({ address }) => address);
  return askedService(silent.url, services, nodes);
}

/** Each URL, and the item that it stands for. */
function entriesOf({ asked: urls, items }: Question): ReadonlyMap<string, string> {
  return new Map(urls.map((url, index): [string, string] => [url, items[index]?.name ?? url]));
}
