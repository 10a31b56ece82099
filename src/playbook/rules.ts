import type { Problem } from '../yaml/problem.js';
import { ReferenceProblem, parseReferences } from './reference.js';
import type { StepKind } from './schema.js';
import { type StepSource, stepProblem } from './step-source.js';

/**
 * What is wrong with a step as a whole, beyond what its schema says of each key. Taken from the plain data, so that a
 * step with a mistake in one key is looked through as well.
 */
export function ruleProblems(kind: StepKind, source: StepSource): Problem[] {
  switch (kind) {
    case 'probe':
      return [
        ...eachRule(source),
        ...firstRule(source),
        ...spreadRule(source),
        ...sudoRule(source),
        ...withinRule(source),
      ];
    case 'check':
      return checkRules(source);
    case 'try':
      return tryRules(source);
    case 'apply':
      return setRule(source);
    case 'save':
      return saveRule(source);
    case 'wait':
      return waitRules(source);
    default:
      return [];
  }
}

/** The key among `keys` that the step has: a problem when it has none or several. */
export function onlyKey<K extends string>(
  source: StepSource,
  keys: readonly K[],
  owner: string,
  none: string,
): K | Problem {
  const [key, second] = keys.filter((one) => has(source, one));
  if (key === undefined) return stepProblem(source, [owner], none, `add one of: ${keys.join(', ')}`, 'key');
  if (second === undefined) return key;
  return stepProblem(source, [second], `a ${owner} with ${key} and ${second}`, 'make two steps of it', 'key');
}

function has(source: StepSource, key: string): boolean {
  return source.raw[key] !== undefined;
}

function map(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Where a probe names a list to go through. */
const LISTS = [
  ['curl', 'each'],
  ['dig', 'each'],
  ['expect', 'answersEach', 'of'],
] as const;

function eachRule(source: StepSource): Problem[] {
  return LISTS.flatMap((path) => {
    const list = path.reduce<unknown>((value, key) => map(value)[key], source.raw);
    if (typeof list !== 'string' || isList(list)) return [];
    const hint = 'for example ${pods/app=sample-app} or ${nodes}';
    return [stepProblem(source, path, `${path.at(-1) ?? ''}: not a list of pods, nodes or servers`, hint)];
  });
}

/** Which answer stands first changes from one question to the next: one alone shows nothing. */
function firstRule(source: StepSource): Problem[] {
  const { first } = map(source.raw['expect']);
  if (!has(source, 'dig') || first === undefined || map(source.raw['dig'])['times'] !== undefined) return [];
  return [stepProblem(source, ['expect', 'first'], 'first without "times"', 'ask often: dig: { times: 60, … }', 'key')];
}

/** Pods, nodes or servers, or a list of them that was saved; a text that cannot be read is told by the check of references. */
function isList(text: string): boolean {
  try {
    const [reference, second] = parseReferences(text);
    if (reference === undefined || second !== undefined || text !== `\${${reference.text}}`) return false;
    switch (reference.root) {
      case 'saved':
        return true;
      case 'pods':
        return reference.part === 'pods';
      case 'nodes':
      case 'workers':
        return reference.part === 'all';
      case 'outside':
        return reference.index === undefined;
      default:
        return false;
    }
  } catch (error) {
    if (error instanceof ReferenceProblem) return true;
    throw error;
  }
}

function spreadRule(source: StepSource): Problem[] {
  const { spread, of } = map(source.raw['expect']);
  if (!has(source, 'curl') || spread === undefined || of !== undefined) return [];
  return [stepProblem(source, ['expect', 'spread'], 'spread without "of"', 'name the Service: of: sample-clusterip')];
}

/** A measurement that is repeated until it passes is none. */
function withinRule(source: StepSource): Problem[] {
  if (!has(source, 'within') || map(source.raw['expect'])['spread'] === undefined) return [];
  return [stepProblem(source, ['within'], 'within with spread', 'a spread is measured once; leave within out', 'key')];
}

function sudoRule(source: StepSource): Problem[] {
  const { from } = source.raw;
  const onHost = typeof from !== 'string' || from.startsWith('host@') || from === 'operator';
  if (!has(source, 'sudo') || (has(source, 'run') && onHost)) return [];
  return [stepProblem(source, ['sudo'], 'sudo is for "run" on hosts', 'leave it out, or probe from host@each', 'key')];
}

function checkRules(source: StepSource): Problem[] {
  const subjects = ['endpoints', 'object', 'objects', 'events', 'podNetwork', 'newAddresses'] as const;
  const subject = onlyKey(source, subjects, 'check', 'a check that looks at nothing');
  return [
    ...(typeof subject === 'string' ? [] : [subject]),
    ...(has(source, 'exists')
      ? []
      : needs(source, 'object', 'fields', 'for example fields: { spec.type: ClusterIP }, or exists: false')),
    ...needs(source, 'fields', 'object', 'for example object: service/sample-clusterip'),
    ...needs(source, 'exists', 'object', 'for example object: service/sample-clusterip'),
  ];
}

/** Values for one object: with several files it would not be clear which one is meant. */
function setRule(source: StepSource): Problem[] {
  const { apply } = source.raw;
  if (!has(source, 'set') || !Array.isArray(apply) || apply.length === 1) return [];
  return [stepProblem(source, ['set'], 'set with several files', 'make a step for each of them', 'key')];
}

function waitRules(source: StepSource): Problem[] {
  const goal = onlyKey(source, ['is', 'until'] as const, 'wait', 'a wait for nothing');
  const serving = source.raw['is'] === 'serving';
  return [
    ...(typeof goal === 'string' ? [] : [goal]),
    ...(has(source, 'at') && !serving
      ? [stepProblem(source, ['at'], 'at is for "is: serving"', undefined, 'key')]
      : []),
    ...needs(source, 'from', 'at', 'for example at: http://${service/sample-lb.address}:8080/'),
    ...needs(source, 'headers', 'at', 'for example at: http://${service/sample-lb.address}:8080/'),
  ];
}

function tryRules(source: StepSource): Problem[] {
  const call = onlyKey(source, ['apply', 'create', 'patch'] as const, 'try', 'a try that calls nothing');
  const sets = has(source, 'set') && has(source, 'patch');
  return [
    ...(typeof call === 'string' ? [] : [call]),
    ...needs(source, 'patch', 'with', 'for example with: { spec: { type: NodePort } }'),
    ...needs(source, 'with', 'patch', 'for a manifest use "set"'),
    ...(sets ? [stepProblem(source, ['set'], 'set with "patch"', 'set is for manifests; use "with"', 'key')] : []),
  ];
}

function needs(source: StepSource, key: string, other: string, hint: string): Problem[] {
  if (!has(source, key) || has(source, other)) return [];
  return [stepProblem(source, [key], `${key} without "${other}"`, hint, 'key')];
}

function saveRule(source: StepSource): Problem[] {
  return Object.entries(map(source.raw['values'])).flatMap(([key, value]) =>
    typeof value === 'string' && !value.includes('${')
      ? [
          stepProblem(
            source,
            ['values', key],
            `${key}: a saved value is a reference`,
            'for example ${service/sample-clusterip.clusterIP}',
          ),
        ]
      : [],
  );
}
