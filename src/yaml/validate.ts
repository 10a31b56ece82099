import type { z } from 'zod';
import { suggest, nearest } from './nearest.js';
import type { Problem } from './problem.js';
import { type Path, type SourceDocument, positionOf, valueAt } from './source.js';
import { knownKeys } from './known-keys.js';

/** `words`: texts that would have been accepted beside other kinds of value. */
type Issue = z.core.$ZodIssue & { readonly words?: readonly string[] };

/**
 * Checks the part of a document at `at` (default: all of it) and gives every mistake its position and, where a word was
 * mistyped, the word that was probably meant. `value` is there only without problems.
 */
export function validate<T extends z.ZodType>(
  schema: T,
  document: SourceDocument,
  at: Path = [],
): { value?: z.output<T>; problems: Problem[] } {
  const result = schema.safeParse(valueAt(document, at));
  if (result.success) return { value: result.data, problems: [] };
  const issues = flatten(result.error.issues, []);
  return { problems: issues.flatMap((issue) => toProblems(schema, document, at, issue, issues)) };
}

/** Replaces each failed union by the issues of the alternative that the person most likely meant. */
function flatten(issues: readonly Issue[], base: Path): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const path = [...base, ...issue.path];
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path }];
    const alternatives = issue.errors.map((errors) => flatten(errors, path));
    const fitting = alternatives.filter(
      (found) => !found.some((one) => one.path.length === path.length && isWrongKind(one)),
    );
    const [best] = fitting.toSorted((a, b) => a.length - b.length);
    return best ?? [combine(alternatives.flat(), path)];
  });
}

function isWrongKind(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union';
}

/** No alternative has even the right kind: one issue that names all that would be accepted. */
function combine(issues: readonly Issue[], path: Path): Issue {
  const values = issues.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values : []));
  const kinds = new Set(
    issues.flatMap((issue) =>
      issue.code === 'invalid_type' ? [kindName(issue.expected)] : issue.code === 'custom' ? [issue.message] : [],
    ),
  );
  if (kinds.size === 0) return { code: 'invalid_value', values, path: [...path], message: '' };
  const words = values.map(String);
  const named = [...words.map((word) => JSON.stringify(word)), ...kinds];
  return { code: 'invalid_type', expected: named.join(' or '), path: [...path], message: '', words };
}

function toProblems(
  schema: z.ZodType,
  document: SourceDocument,
  at: Path,
  issue: Issue,
  all: readonly Issue[],
): Problem[] {
  const path = [...at, ...issue.path];
  const found = valueAt(document, path);
  const here = positionOf(document, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schema, issue.path);
      return issue.keys.map((key) => ({
        ...positionOf(document, [...path, key], 'key'),
        message: `unknown key ${JSON.stringify(key)}`,
        hint: suggest(key, known),
      }));
    }
    case 'invalid_type': {
      const key = path.at(-1);
      if (found !== undefined || typeof key !== 'string') {
        const message = `${where(path)}expected ${kindName(issue.expected)}, found ${show(found)}`;
        return [{ ...here, message, hint: didYouMean(found, issue.words ?? []) }];
      }
      if (isMistyped(key, issue.path.slice(0, -1), all)) return [];
      return [{ ...here, message: `missing key "${key}"`, hint: `expected ${kindName(issue.expected)}` }];
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const key = path.at(-1);
      if (found === undefined && typeof key === 'string') {
        if (isMistyped(key, issue.path.slice(0, -1), all)) return [];
        return [{ ...here, message: `missing key "${key}"`, hint: `one of: ${values.join(', ')}` }];
      }
      return [
        {
          ...here,
          message: `${where(path)}${show(found)} is not ${values.length === 1 ? JSON.stringify(values[0]) : `one of ${values.join(', ')}`}`,
          hint: didYouMean(found, values),
        },
      ];
    }
    case 'invalid_format':
      return [{ ...here, message: `${where(path)}${show(found)} is not valid`, hint: `expected ${issue.message}` }];
    case 'invalid_key':
      return [
        {
          ...positionOf(document, path, 'key'),
          message: `key ${JSON.stringify(path.at(-1))} is not valid`,
          hint: issue.issues.map((inner) => inner.message).join('; ') || undefined,
        },
      ];
    default:
      return [{ ...here, message: `${where(path)}${issue.message}` }];
  }
}

function didYouMean(found: unknown, words: readonly string[]): string | undefined {
  const close = typeof found === 'string' ? nearest(found, words) : undefined;
  return close === undefined ? undefined : `did you mean "${close}"?`;
}

/** A required key that is missing because it was mistyped is one mistake, not two. */
function isMistyped(key: string, parent: Path, all: readonly Issue[]): boolean {
  return all.some(
    (issue) =>
      issue.code === 'unrecognized_keys' &&
      issue.path.length === parent.length &&
      issue.path.every((segment, index) => segment === parent[index]) &&
      issue.keys.some((mistyped) => nearest(mistyped, [key]) !== undefined),
  );
}

/** The last key before the value, to read the message without opening the file. */
function where(path: Path): string {
  const key = path.findLast((segment) => typeof segment === 'string');
  return key === undefined ? '' : `${key}: `;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  tuple: 'a list',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  null: 'null',
  undefined: 'nothing',
};

function kindName(kind: string): string {
  return KINDS[kind] ?? kind;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
