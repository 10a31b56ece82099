import type { Problem } from '../yaml/problem.js';
import type { Path } from '../yaml/source.js';
import { PilabError, messageOf } from '../errors.js';
import { parsePath } from './path.js';
import { type Reference, ReferenceProblem, parseReferences } from './reference.js';
import type { CommandExpectation, Step, StepOf } from './schema.js';
import { type StepSource, stepProblem } from './step-source.js';

/** What is wrong with a step by itself, beyond what its schema says. */
export function ruleProblems(step: Step, source: StepSource): Problem[] {
  switch (step.kind) {
    case 'probe':
      return probeRules(step, source);
    case 'check':
      return checkRules(step, source);
    case 'try':
      return tryRules(step, source);
    case 'save':
      return Object.entries(step.values)
        .filter(([, text]) => !text.includes('${'))
        .map(([key]) =>
          stepProblem(
            source,
            ['values', key],
            `${key}: a saved value is a reference`,
            'for example ${service/sample-clusterip.clusterIP}',
          ),
        );
    default:
      return [];
  }
}

function probeRules(step: StepOf<'probe'>, source: StepSource): Problem[] {
  if (step.tool === 'curl') {
    const { spread, of } = step.expect;
    const [only, second] =
      step.subject.each === undefined ? [] : (safely(() => parseReferences(step.subject.each ?? '')) ?? []);
    const isList = only !== undefined && second === undefined && isListReference(only);
    return [
      ...(spread !== undefined && of === undefined
        ? [stepProblem(source, ['expect', 'spread'], 'spread without "of"', 'name the Service: of: sample-clusterip')]
        : []),
      ...(step.subject.each !== undefined && only !== undefined && !isList
        ? [stepProblem(source, ['curl', 'each'], 'each: not a list', 'for example ${pods/app=sample-app}')]
        : []),
      ...(step.subject.each !== undefined && !step.subject.each.includes('${')
        ? [stepProblem(source, ['curl', 'each'], 'each: not a reference', 'for example ${pods/app=sample-app}')]
        : []),
      ...sudoRule(step, source),
    ];
  }
  return step.tool === 'dig'
    ? sudoRule(step, source)
    : [...sudoRule(step, source), ...commandRules(step.expect, source)];
}

function sudoRule(step: StepOf<'probe'>, source: StepSource): Problem[] {
  const allowed = step.tool === 'run' && (step.from.startsWith('host@') || step.from === 'operator');
  return step.sudo === undefined || allowed
    ? []
    : [stepProblem(source, ['sudo'], 'sudo is for "run" on hosts', 'leave it out, or probe from host@each', 'key')];
}

function isListReference(reference: Reference): boolean {
  return reference.root === 'pods' || reference.root === 'saved' || reference.root === 'object';
}

function commandRules(expect: CommandExpectation, source: StepSource): Problem[] {
  return (expect.matches ?? []).flatMap((pattern, index) => {
    const many = Array.isArray((source.raw['expect'] as { matches?: unknown }).matches);
    return regexRule(pattern, source, ['expect', 'matches', ...(many ? [index] : [])]);
  });
}

function regexRule(pattern: string, source: StepSource, path: Path): Problem[] {
  try {
    new RegExp(pattern, 'm');
    return [];
  } catch (error) {
    return [stepProblem(source, path, messageOf(error), 'a JavaScript regular expression')];
  }
}

const CHECK_SUBJECTS = ['endpoints', 'object', 'podNetwork', 'newAddresses'] as const;

function checkRules(step: StepOf<'check'>, source: StepSource): Problem[] {
  const problems: Problem[] = [];
  const [subject, second] = CHECK_SUBJECTS.filter((one) => step[one] !== undefined);
  if (subject === undefined) {
    problems.push(
      stepProblem(
        source,
        ['check'],
        'a check that looks at nothing',
        `add one of: ${CHECK_SUBJECTS.join(', ')}`,
        'key',
      ),
    );
  } else if (second !== undefined) {
    problems.push(stepProblem(source, [second], `a check of ${subject} and ${second}`, 'make two steps of it', 'key'));
  }
  if (step.object !== undefined && (step.fields === undefined || Object.keys(step.fields).length === 0)) {
    problems.push(
      stepProblem(source, ['object'], 'object without "fields"', 'for example fields: { spec.type: ClusterIP }', 'key'),
    );
  }
  if (step.object === undefined && step.fields !== undefined) {
    problems.push(
      stepProblem(source, ['fields'], 'fields without "object"', 'for example object: service/sample-clusterip', 'key'),
    );
  }
  for (const [path, matcher] of Object.entries(step.fields ?? {})) {
    problems.push(...pathRule(path, source, ['fields', path]));
    if (typeof matcher === 'object' && matcher !== null) {
      if (Object.keys(matcher).length === 0) {
        problems.push(
          stepProblem(
            source,
            ['fields', path],
            'a matcher that expects nothing',
            'one of: equals, not, oneOf, matches, within, exists',
          ),
        );
      }
      if (matcher.matches !== undefined)
        problems.push(...regexRule(matcher.matches, source, ['fields', path, 'matches']));
    }
  }
  return problems;
}

const TRY_CALLS = ['apply', 'create', 'patch'] as const;

function tryRules(step: StepOf<'try'>, source: StepSource): Problem[] {
  const problems: Problem[] = [];
  const [call, second] = TRY_CALLS.filter((one) => step[one] !== undefined);
  if (call === undefined) {
    problems.push(
      stepProblem(source, ['try'], 'a try that calls nothing', `add one of: ${TRY_CALLS.join(', ')}`, 'key'),
    );
  } else if (second !== undefined) {
    problems.push(stepProblem(source, [second], `a try with ${call} and ${second}`, 'make two steps of it', 'key'));
  }
  if (step.patch !== undefined && step.with === undefined) {
    problems.push(
      stepProblem(source, ['patch'], 'patch without "with"', 'for example with: { spec: { type: NodePort } }', 'key'),
    );
  }
  if (step.patch === undefined && step.with !== undefined) {
    problems.push(stepProblem(source, ['with'], 'with belongs to "patch"', 'for a manifest use "set"', 'key'));
  }
  if (step.patch !== undefined && step.set !== undefined) {
    problems.push(stepProblem(source, ['set'], 'set belongs to "apply" and "create"', 'for a patch use "with"', 'key'));
  }
  for (const path of Object.keys(step.set ?? {})) problems.push(...pathRule(path, source, ['set', path]));
  return problems;
}

function pathRule(path: string, source: StepSource, at: Path): Problem[] {
  try {
    parsePath(path);
    return [];
  } catch (error) {
    if (!(error instanceof PilabError)) throw error;
    return [stepProblem(source, at, error.message, error.hint, 'key')];
  }
}

/** Undefined for a text that cannot be read: the check of references says so. */
function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReferenceProblem) return undefined;
    throw error;
  }
}
