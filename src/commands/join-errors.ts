import { PilabError, messageOf } from '../errors.js';

/** Several errors as one; a single one stays itself. */
export function joinErrors(errors: readonly unknown[]): unknown {
  const [first, ...others] = errors;
  if (others.length === 0) return first;
  const known = errors.filter((error) => error instanceof PilabError);
  const hints = [...new Set(known.flatMap(({ hint }) => (hint === undefined ? [] : [hint])))];
  return new PilabError({
    code: known[0]?.code ?? 'INTERNAL',
    message: errors.map(messageOf).join('\n'),
    ...(hints.length === 0 ? {} : { hint: hints.join('\n') }),
    exitCode: Math.max(...known.map((error) => error.exitCode), 2),
    cause: first,
  });
}
