import { suggest } from '../yaml/nearest.js';
import type { Problem } from '../yaml/problem.js';
import type { Path } from '../yaml/source.js';
import type { Claims } from './claims.js';
import { type Reference, ReferenceProblem, parseReferences } from './reference.js';
import type { Step } from './schema.js';
import type { Scope, Unknown } from './scope.js';
import { type StepSource, stepProblem } from './step-source.js';

/**
 * Claims and references that do not exist by then. Taken from the plain data, so that a step with another mistake is
 * looked through as well.
 */
export function unknownWords(source: StepSource, scope: Scope, claims: Claims): Problem[] {
  return [...claimProblems(source, claims), ...referenceProblems(source, scope)];
}

/** Objects and pods that a step names and that cannot be there by then. */
export function unknownObjects(step: Step, source: StepSource, scope: Scope): Problem[] {
  const at = (path: Path, unknown: Unknown | undefined): Problem[] =>
    unknown === undefined ? [] : [stepProblem(source, path, unknown.what, suggest(unknown.word, unknown.known))];
  return [
    ...namedObjects(step).flatMap(({ path, object, orGone }) =>
      at(inRaw(source, path), scope.missing(object, { orGone: orGone ?? false })),
    ),
    ...namedPods(step).flatMap(({ path, selector, container }) => at(path, scope.missingPods(selector, container))),
  ];
}

/** Step kinds whose own key cites claims. */
const CITING = ['probe', 'check', 'try'] as const;

function claimProblems(source: StepSource, claims: Claims): Problem[] {
  const cited = CITING.flatMap((key) => strings(source.raw[key], [key]));
  return cited.flatMap(({ path, text: id }) => {
    if (claims.has(id)) return [];
    const ids = [...claims.values()].filter((claim) => claim.section === id.charAt(0)).map((claim) => claim.id);
    const sections = [...new Set([...claims.values()].map((claim) => claim.section))];
    const hint =
      ids.length > 0
        ? `section ${id.charAt(0)} has ${ids[0] ?? ''} to ${ids.at(-1) ?? ''}`
        : `sections: ${sections.join(', ')}`;
    return [stepProblem(source, path, `unknown claim "${id}"`, hint)];
  });
}

/** A single text may stand where a list is meant: then there is no index in the file. */
function inRaw(source: StepSource, path: Path): Path {
  const [key = '', index] = path;
  return typeof index === 'number' && !Array.isArray(source.raw[key as string]) ? [key] : path;
}

interface NamedObject {
  readonly path: Path;
  readonly object: string;
  readonly orGone?: boolean;
}

function namedObjects(step: Step): NamedObject[] {
  switch (step.kind) {
    case 'delete':
      return step.delete.map((object, index) => ({ path: ['delete', index], object }));
    case 'scale':
      return [{ path: ['scale'], object: step.scale }];
    case 'patch':
      return [{ path: ['patch'], object: step.patch }];
    case 'wait':
      return [{ path: ['wait'], object: step.wait, orGone: step.is === 'gone' }];
    case 'try':
      return step.patch === undefined ? [] : [{ path: ['patch'], object: step.patch }];
    case 'check':
      return [
        ...(step.object === undefined ? [] : [{ path: ['object'], object: step.object }]),
        ...(step.endpoints === undefined
          ? []
          : [{ path: ['endpoints', 'of'], object: `service/${step.endpoints.of}` }]),
      ];
    case 'probe': {
      if (step.tool === 'curl' && step.expect.of !== undefined) {
        return [{ path: ['expect', 'of'], object: `service/${step.expect.of}` }];
      }
      return step.tool === 'run' && step.expect.rejects !== undefined
        ? [{ path: ['expect', 'rejects', 'service'], object: `service/${step.expect.rejects.service}` }]
        : [];
    }
    default:
      return [];
  }
}

function namedPods(step: Step): { path: Path; selector: string; container?: string }[] {
  if (step.kind === 'check') {
    return [
      ...(step.podNetwork === undefined ? [] : [{ path: ['podNetwork', 'of'], selector: step.podNetwork.of }]),
      ...(step.newAddresses === undefined ? [] : [{ path: ['newAddresses', 'of'], selector: step.newAddresses.of }]),
    ];
  }
  if (step.kind !== 'probe' || !step.from.startsWith('in/')) return [];
  const [, selector = '', container] = step.from.split('/');
  return [{ path: ['from'], selector, ...(container === undefined ? {} : { container }) }];
}

/** Keys whose texts are for people: nothing is filled in there. */
const PROSE = new Set(['title', 'say', 'look']);

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
      const curl = source.raw['curl'];
      return typeof curl === 'object' && curl !== null && 'each' in curl
        ? []
        : problem('no list to go through', 'add each: ${pods/LABEL=VALUE} to the curl of a probe');
    }
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
