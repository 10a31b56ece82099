import type { z } from 'zod';
import { nearest } from '../yaml/nearest.js';
import type { Problem } from '../yaml/problem.js';
import { type Path, type SourceDocument, positionOf, valueAt } from '../yaml/source.js';
import { validate } from '../yaml/validate.js';
import { onlyKey, ruleProblems } from './rules.js';
import { type StepSource, stepProblem } from './step-source.js';
import {
  COMMON_KEYS,
  PROBE_TOOLS,
  STEP_KINDS,
  probeBase,
  type Step,
  type StepKind,
  probeSchemas,
  stepSchemas,
} from './schema.js';

/** Checks the step at `path` on its own: its kind, its keys, and the rules that a schema cannot say. */
export function parseStep(
  document: SourceDocument,
  path: Path,
): { step?: Step; source?: StepSource; problems: readonly Problem[] } {
  const raw = valueAt(document, path);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return {
      problems: [
        {
          ...positionOf(document, path),
          message: 'a step is a map',
          hint: `its kind is one of: ${STEP_KINDS.join(', ')}`,
        },
      ],
    };
  }
  const source: StepSource = { document, path, raw: raw as Record<string, unknown> };
  const kind = kindOf(source);
  if (typeof kind !== 'string') return { source, problems: [kind] };
  const rules = ruleProblems(kind, source);
  // What a probe may expect depends on what it runs.
  const tool = kind === 'probe' ? onlyKey(source, PROBE_TOOLS, 'probe', 'a probe that asks nothing') : undefined;
  if (typeof tool === 'object') {
    return { source, problems: [tool, ...rules, ...validate(probeBase.loose(), document, path).problems] };
  }
  const schema: z.ZodType = tool === undefined ? stepSchemas[kind] : probeSchemas[tool];
  const { value, problems } = validate(schema as z.ZodType<Record<string, unknown>>, document, path);
  if (value === undefined || rules.length > 0) return { source, problems: [...problems, ...rules] };
  // The schema of this kind has just accepted it.
  const step = { ...shaped(kind, value), kind, where: positionOf(document, path) } as unknown as Step;
  return { step, source, problems: [] };
}

function kindOf(source: StepSource): StepKind | Problem {
  const keys = Object.keys(source.raw);
  // `try` names the call it makes with the words of other kinds.
  if (keys.includes('try')) return 'try';
  const kinds = keys.filter((key): key is StepKind => Object.hasOwn(stepSchemas, key));
  const [kind, second] = kinds;
  if (kind !== undefined && second === undefined) return kind;
  if (second !== undefined) {
    return stepProblem(
      source,
      [second],
      `a step has one kind, this one has ${kinds.join(' and ')}`,
      'make two steps of it',
      'key',
    );
  }
  const known = `a step has one of: ${STEP_KINDS.join(', ')}`;
  const others = keys.filter((key) => !COMMON_KEYS.includes(key));
  const meant = others.map((key) => ({ key, kind: nearest(key, STEP_KINDS) })).find((one) => one.kind !== undefined);
  if (meant?.kind !== undefined) {
    return stepProblem(source, [meant.key], `unknown step kind "${meant.key}"`, `did you mean "${meant.kind}"?`, 'key');
  }
  const [other] = others;
  return other === undefined
    ? stepProblem(source, [], 'a step without a kind', known)
    : stepProblem(source, [other], `unknown step kind "${other}"`, known, 'key');
}

/** Brings what a probe runs into the one shape that the run switches on. */
function shaped(kind: StepKind, value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (kind !== 'probe') return value;
  const { curl, dig, run, ...rest } = value;
  if (run !== undefined) return { ...rest, tool: 'run', subject: { kind: 'run', run } };
  return curl === undefined
    ? { ...rest, tool: 'dig', subject: { ...(dig as object), kind: 'dig' } }
    : { ...rest, tool: 'curl', subject: { ...(curl as object), kind: 'curl' } };
}
