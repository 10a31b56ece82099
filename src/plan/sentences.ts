import type { Text } from '../text.js';

/** What to say of each key of an expectation; the compiler finds a key that is missing. */
export type Sentences<T> = {
  readonly [K in keyof Required<T>]: (value: NonNullable<T[K]>, whole: T) => readonly Text[];
};

/** All that is expected, in the order of the sentences. */
export function sentencesOf<T extends object>(sentences: Sentences<T>, expect: T): Text[] {
  return (Object.keys(sentences) as (keyof T)[]).flatMap((key) => {
    const value = expect[key];
    return value === undefined || value === null ? [] : sentences[key](value, expect);
  });
}
