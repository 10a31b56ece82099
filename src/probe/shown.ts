import { unframe } from './frame.js';
import type { Observation, Request } from './observation.js';

/** Different answers that are shown; the rest is counted. */
const LINES = 20;

/** What a person would have seen on the terminal; for an observation that failed, all that came back. */
export function shownOutput(observation: Observation, nonce: string, raw: string): string {
  if (observation.kind === 'http') return shownRequests(observation.requests);
  const framed = unframe(nonce, raw);
  // Without a whole frame the raw text is the only witness; the nonce itself tells nobody anything.
  if ('kind' in framed) return raw.replaceAll(nonce, '#').trim();
  return [framed.stdout.trimEnd(), framed.stderr.trimEnd()].filter((part) => part !== '').join('\n');
}

function shownRequests(requests: readonly Request[]): string {
  const counts = new Map<string, number>();
  for (const request of requests) {
    const line = shownRequest(request);
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = [...counts].map(([line, times]) => (times === 1 ? line : `${times} × ${line}`));
  const more = lines.length - LINES;
  return [...lines.slice(0, LINES), ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}

function shownRequest({ url, exitCode, status, error, answer, body, ms }: Request): string {
  // How long a failure took is part of the evidence: an answer at once, or silence until the limit.
  if (exitCode !== 0) return `${url}: curl: (${exitCode}) ${error ?? ''} [${Math.round(ms)} ms]`;
  if (answer === undefined) return `${url}: ${status} ${(body ?? '').trim()}`;
  const { host, path, from, client, forwardedFor } = answer;
  return `${url}: ${status} Host=${host} Path=${path} From=${from} ClientIP=${client} XFF=${forwardedFor}`;
}
