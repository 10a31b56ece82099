import type { FieldMatcher } from '../playbook/schema.js';
import type { Text } from '../text.js';

/** What a field, or the header of an answer, should be. */
export function fieldWords(path: string, matcher: FieldMatcher): Text {
  if (typeof matcher !== 'object') return same(path, '=', JSON.stringify(matcher));
  if (matcher === null) return exists(path, false);
  const { equals, not, oneOf, matches, within, exists: there } = matcher;
  const parts: Text[] = [
    ...(equals === undefined ? [] : [same(path, '=', JSON.stringify(equals))]),
    ...(not === undefined ? [] : [same(path, '≠', JSON.stringify(not))]),
    ...(oneOf === undefined
      ? []
      : [{ en: `${path} is one of ${oneOf.join(', ')}`, ja: `${path} は ${oneOf.join('、')} のいずれか` }]),
    ...(matches === undefined ? [] : [{ en: `${path} matches /${matches}/`, ja: `${path} は /${matches}/ に合う` }]),
    ...(within === undefined ? [] : [{ en: `${path} lies in ${within}`, ja: `${path} は ${within} の範囲内` }]),
    ...(there === undefined ? [] : [exists(path, there)]),
  ];
  return { en: parts.map(({ en }) => en).join('; '), ja: parts.map(({ ja }) => ja).join('、') };
}

function same(path: string, sign: string, value: string): Text {
  return { en: `${path} ${sign} ${value}`, ja: `${path} ${sign} ${value}` };
}

function exists(path: string, there: boolean): Text {
  return there
    ? { en: `${path} is there`, ja: `${path} がある` }
    : { en: `${path} is not there`, ja: `${path} がない` };
}
