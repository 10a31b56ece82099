import type { Finding } from '../event/event.js';
import type { HttpExpectation } from '../playbook/schema.js';
import type { Observation } from '../probe/observation.js';
import type { Text } from '../text.js';
import { entryNode, type ClientContext } from './client-address.js';
import { answerFindings } from './http-answers.js';
import { spreadFindings, type Backend } from './http-matrix.js';
import { EXPECTED } from './http-spread.js';
import { finding, judged, notMeasured, undecided, wrongKind, type CheckPlace, type Judged } from './judged.js';
import { nextAffinity, nextAfter, nextDoor, nextEndpoints, nextRules } from './next.js';
import { outcomeWords, worstOutcome } from './requests.js';
import { whyOutcome } from './why-http.js';

/** Live facts that an HTTP expectation is set against. */
export interface HttpContext extends CheckPlace, ClientContext {
  readonly node?: string | undefined;
  /** The ready pods behind the Service, and where each runs; needed for `spread`. */
  readonly backends?: readonly Backend[] | undefined;
  /** The URLs that were asked, in order, each with the name of the item that it stands for; only with `each`. */
  readonly entries?: ReadonlyMap<string, string> | undefined;
  /** Who may answer each URL, where every URL has its own pod (`each`); goes before the expectation's own `answeredBy`. */
  readonly answeredBy?: ReadonlyMap<string, readonly string[]> | undefined;
}

/**
 * Sets HTTP requests beside what they should have shown.
 * @param expect References filled in.
 */
export function judgeHttp(expect: HttpExpectation, observation: Observation, context: HttpContext = {}): Judged {
  if (observation.kind === 'unmeasured') return notMeasured(observation);
  if (observation.kind !== 'http') return wrongKind('http', observation.kind);
  const { requests } = observation;
  if (requests.length === 0)
    return notMeasured({ kind: 'unmeasured', reason: 'no request was made: there was nobody to ask' });
  const allowed = expect.outcome ?? ['ok'];
  const wrong = worstOutcome(requests, allowed);
  const findings: Finding[] = [
    finding(
      'outcome',
      allowed.join(' or '),
      outcomeWords(requests) + (wrong?.error === undefined ? '' : `: ${wrong.error}`),
      wrong === undefined,
      wrong === undefined ? undefined : whyOutcome(wrong.outcome, allowed),
    ),
  ];
  if (observation.asked !== undefined) findings.push(cutShort(requests.length, observation.asked));
  const answered = requests.filter((request) => request.outcome === 'ok');
  findings.push(...answerFindings(answered, expect, context));
  const told = spreadFindings(expect, answered, context, requests);
  findings.push(...told.findings);
  const next = (): Text[] => {
    if (wrong !== undefined) {
      return nextAfter(wrong.outcome, { ...nearest(wrong.url, context), partly: answered.length > 0 });
    }
    const strayed = told.badUrl ?? (clientFailed(findings) ? answered[0]?.url : undefined);
    const rules = strayed === undefined ? [] : nextRules(nearest(strayed, context));
    return [
      ...(strays(findings) ? [nextAffinity(context)] : []),
      ...nextDoor(context),
      ...nextEndpoints(context),
      ...rules,
    ];
  };
  return { ...judged(findings, next, told.spread), ...(told.matrix === undefined ? {} : { matrix: told.matrix }) };
}

/** Whose rules handled a request: the node whose address the URL has, else the one where the probe ran. */
function nearest(url: string, context: HttpContext): HttpContext & { readonly entry?: string } {
  const entry = entryNode(url, context.nodes ?? []);
  return entry === undefined ? context : { ...context, node: entry.name, entry: entry.name };
}

/** A client that should stay with one pod did not. */
function strays(findings: readonly Finding[]): boolean {
  return findings.some(
    ({ what, expected, verdict }) =>
      verdict === 'failed' && (what === 'changes' || (what === 'spread' && expected === EXPECTED.one)),
  );
}

function clientFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ what, verdict }) => what === 'client' && verdict === 'failed');
}

/** Too few requests say nothing about those that were not made; what the others show stands on its own. */
function cutShort(made: number, asked: number): Finding {
  return undecided('requests', `${asked} requests`, `${made} requests, then the time was up`, {
    en: 'The requests took so long that the rest was not made: each one waits for an answer that is late, rate-limited or missing.',
    ja: '1回の要求に時間がかかりすぎたため、残りは送っていません。応答が遅い、レート制限されている、または返ってこない状態です。',
  });
}
