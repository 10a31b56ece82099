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

/** Like Promise.all, but when both fail the person hears of both. */
export async function allOrProblems<A, B>(work: readonly [Promise<A>, Promise<B>]): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled(work);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  throw joinErrors([a, b].flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : [])));
}
