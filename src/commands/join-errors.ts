import { PilabError, messageOf } from '../errors.js';

/** Several errors as one; a single one stays itself. */
export function joinErrors(errors: readonly unknown[]): unknown {
  const [first, ...others] = errors;
  if (others.length === 0) return first;
  const known = errors.filter((error) => error instanceof PilabError);
  return new PilabError({
    code: known[0]?.code ?? 'INTERNAL',
    message: errors.map(messageOf).join('\n'),
    ...(known[0]?.hint === undefined ? {} : { hint: known[0].hint }),
    exitCode: Math.max(...known.map((error) => error.exitCode), 2),
    cause: first,
  });
}
