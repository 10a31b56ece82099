import { suggest } from '../yaml/nearest.js';
import type { Problem } from '../yaml/problem.js';
import { type Path, valueAt } from '../yaml/source.js';
import { type Claims, claimHint } from './claims.js';
import { isObjectName } from './kinds.js';
import { type Reference, ReferenceProblem, parseReferences } from './reference.js';
import type { Scope, Unknown } from './scope.js';
import { type StepSource, stepProblem } from './step-source.js';

/**
 * Claims, objects, pods, saved values and references that a step names and that cannot be there by then. Taken from the
 * plain data, so that a step with another mistake is looked through as well.
 */
export function unknownNames(source: StepSource, scope: Scope, claims: Claims): Problem[] {
  const at = (path: Path, unknown: Unknown | undefined): Problem[] =>
    unknown === undefined ? [] : [stepProblem(source, path, unknown.what, suggest(unknown.word, unknown.known))];
  // Of a Service that was deleted there should be no rule left.
  const orGone =
    source.raw['is'] === 'gone' || valueAt(source.document, [...source.path, 'expect', 'rules', 'are']) === 'none';
  return [
    ...claimProblems(source, claims),
    ...namedObjects(source).flatMap(({ path, text }) => at(path, scope.missing(text, { orGone }))),
    ...namedPods(source).flatMap(({ path, text, container }) => at(path, scope.missingPods(text, container))),
    ...referenceProblems(source, scope),
  ];
}

/** Step kinds whose own key cites claims. */
const CITING = ['probe', 'check', 'try'] as const;

function claimProblems(source: StepSource, claims: Claims): Problem[] {
  const cited = CITING.flatMap((key) => strings(source.raw[key], [key]));
  return cited.flatMap(({ path, text: id }) => {
    if (claims.has(id)) return [];
    return [stepProblem(source, path, `unknown claim "${id}"`, claimHint(id, claims))];
  });
}

interface Named {
  readonly path: Path;
  readonly text: string;
}

/** Where a step names an object as `kind/name`. */
const OBJECTS: readonly Path[] = [['delete'], ['scale'], ['patch'], ['wait'], ['object'], ['events', 'of']];
/** Where it names a Service. */
const SERVICES: readonly Path[] = [
  ['endpoints', 'of'],
  ['expect', 'of'],
  ['expect', 'rejects', 'service'],
  ['expect', 'rules', 'service'],
  ['expect', 'variables', 'of'],
  ['expect', 'variables', 'noneOf'],
];
/** Where it names pods by label. */
const PODS: readonly Path[] = [
  ['podNetwork', 'of'],
  ['newAddresses', 'of'],
];

function namedObjects(source: StepSource): Named[] {
  // What lies in another namespace, or should not be there, was not made by this exercise.
  const foreign = source.raw['in'] !== undefined || source.raw['exists'] === false;
  const objects = OBJECTS.flatMap((path) => textsAt(source, path)).filter(({ text }) => isObjectName(text));
  // Every pod has the variables of the API server's own Service.
  const services = SERVICES.flatMap((path) => textsAt(source, path)).filter(({ text }) => text !== 'kubernetes');
  return [...(foreign ? [] : objects), ...services.map(({ path, text }) => ({ path, text: `service/${text}` }))];
}

function namedPods(source: StepSource): (Named & { readonly container?: string })[] {
  const { from } = source.raw;
  const [place, selector, container] = typeof from === 'string' ? from.split('/') : [];
  const pods = PODS.flatMap((path) => textsAt(source, path)).filter(({ text }) => text.includes('='));
  if ((place !== 'in' && place !== 'each') || selector === undefined) return pods;
  return [...pods, { path: ['from'], text: selector, ...(container === undefined ? {} : { container }) }];
}

function textsAt(source: StepSource, path: Path): Named[] {
  return strings(valueAt(source.document, [...source.path, ...path]), path);
}

/** Where the item of a list has a value. */
const EACH_KNOWN = [
  ...['curl.url', 'dig.name'],
  ...['expect.answeredBy', 'expect.answers', 'expect.includes', 'expect.on'],
];

/** Keys whose texts are for people: nothing is filled in there. */
const PROSE = new Set(['title', 'say', 'notes', 'look']);

function referenceProblems(source: StepSource, scope: Scope): Problem[] {
  const texts = Object.entries(source.raw).filter(([key]) => !PROSE.has(key));
  return texts
    .flatMap(([key, value]) => strings(value, [key]))
    .flatMap(({ path, text }) => {
      try {
        return parseReferences(text).flatMap((reference) => unknownReference(reference, source, path, scope));
      } catch (error) {
        if (!(error instanceof ReferenceProblem)) throw error;
        return [stepProblem(source, path, error.message, error.hint)];
      }
    });
}

function unknownReference(reference: Reference, source: StepSource, path: Path, scope: Scope): Problem[] {
  const problem = (message: string, hint: string | undefined): Problem[] => [
    stepProblem(source, path, `\${${reference.text}}: ${message}`, hint),
  ];
  const unless = (unknown: Unknown | undefined): Problem[] =>
    unknown === undefined ? [] : problem(unknown.what, suggest(unknown.word, unknown.known));
  switch (reference.root) {
    case 'object':
      return unless(scope.missing(`${reference.kind}/${reference.name}`));
    case 'pods':
      return unless(scope.missingPods(reference.selector));
    case 'saved':
      return unless(scope.missingSaved(reference.name, reference.key));
    case 'each': {
      const where = path.join('.');
      if (where === 'expect.answersEach.is') return [];
      const list = source.raw['curl'] ?? source.raw['dig'];
      if (typeof list !== 'object' || list === null || !('each' in list)) {
        return problem('no list to go through', 'add each: ${pods/LABEL=VALUE} to the curl or dig of a probe');
      }
      const known = EACH_KNOWN.some((place) => where === place || where.startsWith(`${place}.`));
      return known ? [] : problem('has no value here', 'it can stand in url, name, answeredBy, answers and on');
    }
    case 'certificate':
      // Elsewhere it would end up in a record, or in a list of arguments that everybody on the machine can read.
      return reference.part === 'crt' || path[0] === 'set'
        ? []
        : problem('a private key has its place in a manifest only', 'put it there with "set"');
    case 'probe':
      return 'probe' in source.raw ? [] : problem('only a probe has a place', undefined);
    default:
      return [];
  }
}

function strings(value: unknown, path: Path): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    strings(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
