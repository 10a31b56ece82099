import type { Answer, Outcome, Request } from '../probe/observation.js';
import type { Finding } from '../event/event.js';
import type { Text } from '../text.js';
import { few, finding } from './judged.js';

/** `297 × ok, 3 × refused (first at request 12)`: the rarer outcomes say where they began. */
export function outcomeWords(requests: readonly Request[]): string {
  const groups = new Map<Outcome, { count: number; first: number }>();
  for (const [index, { outcome }] of requests.entries()) {
    const group = groups.get(outcome);
    if (group === undefined) groups.set(outcome, { count: 1, first: index + 1 });
    else group.count++;
  }
  const sorted = [...groups].sort(([, a], [, b]) => b.count - a.count);
  return sorted
    .map(
      ([outcome, { count, first }], place) =>
        `${count} × ${outcome}${place === 0 ? '' : ` (first at request ${first})`}`,
    )
    .join(', ');
}

/** The commonest outcome that was not allowed, with the first request that had it. */
export function worstOutcome(requests: readonly Request[], allowed: readonly Outcome[]): Request | undefined {
  const wrong = requests.filter((request) => !allowed.includes(request.outcome));
  const count = (outcome: Outcome): number => wrong.filter((request) => request.outcome === outcome).length;
  return [...wrong].sort((a, b) => count(b.outcome) - count(a.outcome))[0];
}

/** What one request should show, and what it showed. */
export interface Compared {
  readonly wanted: string;
  readonly seen: string;
  readonly ok: boolean;
}

/** One finding for a comparison that is made with every request. */
export function everyRequest(
  what: string,
  requests: readonly Request[],
  why: Text,
  compare: (request: Request) => Compared,
): Finding {
  const results = requests.map(compare);
  const expected = few([...new Set(results.map((result) => result.wanted))], 3);
  const bad = results.findIndex((result) => !result.ok);
  if (bad < 0) {
    const seen = new Set(results.map((result) => result.seen));
    return finding(what, expected, `${results.length} × ${few([...seen], 3)}`, true);
  }
  const count = results.filter((result) => !result.ok).length;
  const { wanted, seen } = results[bad] ?? { wanted: '', seen: '' };
  const at = `first at request ${bad + 1}, ${requests[bad]?.url ?? ''}: ${seen} instead of ${wanted}`;
  return finding(what, expected, `${count} of ${results.length} differ (${at})`, false, why);
}

/** What is compared of an answer, or a word that the sample server did not speak. */
export function answerPart(request: Request, part: keyof Answer): string {
  return request.answer?.[part] ?? `no sample answer (${JSON.stringify((request.body ?? '').slice(0, 60))})`;
}

/** The body as far as it is known: the sample server's line is kept taken apart. */
export function bodyOf({ answer, body = '' }: Request): string {
  if (answer === undefined) return body;
  const { host, path, from, client, forwardedFor } = answer;
  return `Host=${host} Path=${path} From=${from} ClientIP=${client} XFF=${forwardedFor}`;
}
