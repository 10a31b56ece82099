import type { Finding } from '../event/event.js';
import { contains } from '../model/cidr.js';
import { getPath } from '../playbook/path.js';
import type { FieldMatcher } from '../playbook/schema.js';
import { few, finding, judged, undecided, type CheckPlace, type Judged } from './judged.js';
import { pointer } from './next.js';

const WHY = {
  absent: { en: 'The object does not exist.', ja: 'オブジェクトが存在しません。' },
  field: {
    en: 'The live object has another value: it was changed after it was applied, a default differs in this version, or another object of this name was there before.',
    ja: '現在のオブジェクトの値が違います。適用後に変更されたか、このバージョンの既定値が異なるか、同名の別オブジェクトがあります。',
  },
};

/**
 * Sets fields of a live object beside matchers, references filled in.
 * @param name `service/sample-clusterip`, for sentences.
 * @param object Undefined when it does not exist: then every field that should have a value fails.
 * @param fields Path → matcher; all must hold.
 */
export function judgeFields(
  name: string,
  object: unknown,
  fields: Readonly<Record<string, FieldMatcher>>,
  { namespace }: CheckPlace = {},
): Judged {
  const findings: Finding[] = Object.entries(fields).flatMap(([path, matcher]) =>
    matcherTests(matcher).map(([expected, ok]) => {
      const value = object === undefined ? undefined : getPath(object, path);
      if (object === undefined) return finding(path, expected, `${name} does not exist`, false, WHY.absent);
      return finding(path, expected, value === undefined ? 'absent' : JSON.stringify(value), ok(value), WHY.field);
    }),
  );
  if (findings.length === 0) findings.push(undecided(name, 'a field to look at', 'the step names none'));
  const place = namespace === undefined ? '' : `-n ${namespace} `;
  return judged(findings, () => [
    pointer('What does the object say?', 'オブジェクトの内容を確認する', `kubectl ${place}get ${name} -o yaml`),
  ]);
}

/** What a value should be, in words, and whether it is. */
export type Test = readonly [expected: string, ok: (value: unknown) => boolean];

/** Everything that a matcher demands; at least one thing. */
export function matcherTests(matcher: FieldMatcher): Test[] {
  if (matcher === null) return [['absent', isAbsent]];
  if (typeof matcher !== 'object') return [equals(matcher)];
  const { equals: same, not, oneOf, matches, within, exists } = matcher;
  const tests: Test[] = [];
  if (same !== undefined) tests.push(equals(same));
  if (not !== undefined) tests.push([`not ${JSON.stringify(not)}`, (value) => !alike(value, not)]);
  if (oneOf !== undefined) {
    tests.push([`one of ${few(oneOf.map(String))}`, (value) => oneOf.some((each) => alike(value, each))]);
  }
  if (matches !== undefined) {
    tests.push([`matches ${matches}`, (value) => isPlain(value) && new RegExp(matches).test(String(value))]);
  }
  if (within !== undefined) {
    tests.push([`an address in ${within}`, (value) => typeof value === 'string' && contains(within, value)]);
  }
  if (exists !== undefined) tests.push([exists ? 'present' : 'absent', (value) => isAbsent(value) !== exists]);
  // A matcher without any demand would pass whatever is there.
  return tests.length > 0 ? tests : [['a demand (the matcher is empty)', () => false]];
}

function equals(wanted: string | number | boolean): Test {
  return [JSON.stringify(wanted), (value) => alike(value, wanted)];
}

/** A filled-in reference is text, so `8080` and `"8080"` count as the same. */
function alike(value: unknown, wanted: string | number | boolean): boolean {
  return isPlain(value) && String(value) === String(wanted);
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
