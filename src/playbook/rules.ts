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
      return [...eachRule(source), ...spreadRule(source), ...sudoRule(source)];
    case 'check':
      return checkRules(source);
    case 'try':
      return tryRules(source);
    case 'save':
      return saveRule(source);
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

function eachRule(source: StepSource): Problem[] {
  const { each } = map(source.raw['curl']);
  if (typeof each !== 'string' || isList(each)) return [];
  return [stepProblem(source, ['curl', 'each'], 'each: not a list of pods', 'for example ${pods/app=sample-app}')];
}

/** Ready pods now, or a list of them that was saved; a text that cannot be read is told by the check of references. */
function isList(text: string): boolean {
  try {
    const [reference, second] = parseReferences(text);
    if (reference === undefined || second !== undefined || text !== `\${${reference.text}}`) return false;
    return reference.root === 'saved' || (reference.root === 'pods' && reference.part === 'pods');
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

function sudoRule(source: StepSource): Problem[] {
  const { from } = source.raw;
  const onHost = typeof from !== 'string' || from.startsWith('host@') || from === 'operator';
  if (!has(source, 'sudo') || (has(source, 'run') && onHost)) return [];
  return [stepProblem(source, ['sudo'], 'sudo is for "run" on hosts', 'leave it out, or probe from host@each', 'key')];
}

function checkRules(source: StepSource): Problem[] {
  const subjects = ['endpoints', 'object', 'podNetwork', 'newAddresses'] as const;
  const subject = onlyKey(source, subjects, 'check', 'a check that looks at nothing');
  return [
    ...(typeof subject === 'string' ? [] : [subject]),
    ...needs(source, 'object', 'fields', 'for example fields: { spec.type: ClusterIP }'),
    ...needs(source, 'fields', 'object', 'for example object: service/sample-clusterip'),
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
