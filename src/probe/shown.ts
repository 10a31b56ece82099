import { unframe } from './frame.js';
import type { DnsReply, Observation, Request } from './observation.js';

/** Different answers that are shown; the rest is counted. */
const LINES = 20;

/** What a person would have seen on the terminal; for an observation that failed, all that came back. */
export function shownOutput(observation: Observation, nonce: string, raw: string): string {
  if (observation.kind === 'http') return counted(observation.requests.map(shownRequest));
  if (observation.kind === 'dns-many') return counted(observation.replies.map(shownReply));
  const framed = unframe(nonce, raw);
  // Without a whole frame the raw text is the only witness; the nonce itself tells nobody anything.
  if ('kind' in framed) return raw.replaceAll(nonce, '#').trim();
  return [framed.stdout.trimEnd(), framed.stderr.trimEnd()].filter((part) => part !== '').join('\n');
}

/** Equal lines once, with how often. */
function counted(all: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const line of all) counts.set(line, (counts.get(line) ?? 0) + 1);
  const lines = [...counts].map(([line, times]) => (times === 1 ? line : `${times} × ${line}`));
  const more = lines.length - LINES;
  return [...lines.slice(0, LINES), ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}

function shownRequest(request: Request): string {
  const { redirect, certificate } = request;
  const more = [
    ...(redirect === undefined ? [] : [`location ${redirect}`]),
    ...(certificate === undefined ? [] : [`certificate ${certificate.subject} ${certificate.names.join(', ')}`]),
  ];
  return [shownAnswer(request), ...more].join(' | ');
}

function shownAnswer({ url, exitCode, status, error, answer, body, ms }: Request): string {
  // How long a failure took is part of the evidence: an answer at once, or silence until the limit.
  if (exitCode !== 0) return `${url}: curl: (${exitCode}) ${error ?? ''} [${Math.round(ms)} ms]`;
  if (answer === undefined) return `${url}: ${status} ${(body ?? '').trim()}`;
  const { host, path, from, client, forwardedFor } = answer;
  return `${url}: ${status} Host=${host} Path=${path} From=${from} ClientIP=${client} XFF=${forwardedFor}`;
}

/** `sample-headless.x.svc.cluster.local: NOERROR 10.244.1.5, 10.244.2.9`: in the order in which they came. */
function shownReply({ question, rcode, answers }: DnsReply & { readonly question: string }): string {
  return `${question}: ${rcode} ${answers.map(({ data }) => data).join(', ')}`.trimEnd();
}
