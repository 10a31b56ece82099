import type { Finding, Spread } from '../event/event.js';
import type { HttpExpectation } from '../playbook/schema.js';
import type { Observation, Request } from '../probe/observation.js';
import { few, finding, judged, notMeasured, undecided, wrongKind, type CheckPlace, type Judged } from './judged.js';
import { judgeSpread } from './http-spread.js';
import { nextAfter, nextEndpoints } from './next.js';
import { answerPart, bodyOf, everyRequest, outcomeWords, worstOutcome, type Compared } from './requests.js';
import { WHY_HTTP, whyOutcome } from './why-http.js';

/** Live facts that an HTTP expectation is set against. */
export interface HttpContext extends CheckPlace {
  /** Names of the pods that should answer; needed for `spread`. */
  readonly backends?: readonly string[] | undefined;
  /** The probe's own address, for `client: probe`. */
  readonly probeAddress?: string | undefined;
  /** The addresses that stand for the probe's node, for `client: node`. */
  readonly nodeAddresses?: readonly string[] | undefined;
}

/**
 * Sets HTTP requests beside what they should have shown.
 * @param expect References filled in. A function gives each URL its own expectation (`each`); what concerns all requests
 * together (`outcome`, `spread`) is taken from the first URL's.
 */
export function judgeHttp(
  expect: HttpExpectation | ((url: string) => HttpExpectation),
  observation: Observation,
  context: HttpContext = {},
): Judged {
  if (observation.kind === 'unmeasured') return notMeasured(observation);
  if (observation.kind !== 'http') return wrongKind('http', observation.kind);
  const { requests } = observation;
  const [first] = requests;
  if (first === undefined)
    return notMeasured({ kind: 'unmeasured', reason: 'no request was made: there was nobody to ask' });
  const expectOf = typeof expect === 'function' ? memo(expect) : (): HttpExpectation => expect;
  const general = expectOf(first.url);
  const allowed = general.outcome ?? ['ok'];
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
  const answered = requests.filter((request) => request.outcome === 'ok');
  findings.push(...answerFindings(answered, expectOf, context, general));
  let spread: Spread | undefined;
  if (general.spread !== undefined) {
    // Whoever answers without the sample's line counts as a stranger; passing over it would hide it.
    const pods = answered.map(({ answer }) => answer?.from ?? '(no pod name)');
    const result = judgeSpread(general.spread, pods, context.backends);
    findings.push(...result.findings);
    spread = result.spread;
  }
  return judged(
    findings,
    () => (wrong === undefined ? nextEndpoints(context) : nextAfter(wrong.outcome, context)),
    spread,
  );
}

/** Looked up once a URL, not once a request. */
function memo(expect: (url: string) => HttpExpectation): (url: string) => HttpExpectation {
  const known = new Map<string, HttpExpectation>();
  return (url) => {
    const found = known.get(url) ?? expect(url);
    known.set(url, found);
    return found;
  };
}

/** Everything that is said about answers; without any answer nothing of it holds. */
function answerFindings(
  answered: readonly Request[],
  expectOf: (url: string) => HttpExpectation,
  context: HttpContext,
  general: HttpExpectation,
): Finding[] {
  const findings: Finding[] = [];
  const okAllowed = general.outcome?.includes('ok') ?? true;
  const add = (
    key: keyof typeof WHY_HTTP,
    compare: (expect: HttpExpectation, request: Request) => Compared | undefined,
  ): void => {
    const concerned = answered.filter((request) => compare(expectOf(request.url), request) !== undefined);
    if (concerned.length === 0) return;
    findings.push(
      everyRequest(key, concerned, WHY_HTTP[key], (request) => compare(expectOf(request.url), request) ?? NOTHING),
    );
  };
  add('status', ({ status }, request) => {
    if (status !== undefined) return compared(String(status), String(request.status));
    // An error page is no success even where nobody named a status.
    return okAllowed && request.status >= 400
      ? { wanted: 'below 400', seen: String(request.status), ok: false }
      : undefined;
  });
  add('answeredBy', ({ answeredBy }, request) => {
    if (answeredBy === undefined) return undefined;
    const seen = answerPart(request, 'from');
    return { wanted: answeredBy.join(' or '), seen, ok: answeredBy.includes(seen) };
  });
  findings.push(...clientFinding(answered, expectOf, context));
  add('host', ({ host }, request) => (host === undefined ? undefined : compared(host, answerPart(request, 'host'))));
  add('path', ({ path }, request) => (path === undefined ? undefined : compared(path, answerPart(request, 'path'))));
  add('body', ({ body }, request) => {
    if (body === undefined) return undefined;
    const seen = bodyOf(request);
    return {
      wanted: `holds ${JSON.stringify(body)}`,
      seen: JSON.stringify(seen.slice(0, 80)),
      ok: seen.includes(body),
    };
  });
  return answered.length > 0 ? findings : unanswered(general);
}

const NOTHING: Compared = { wanted: '', seen: '', ok: false };

function compared(wanted: string, seen: string): Compared {
  return { wanted, seen, ok: wanted === seen };
}

/** Expectations about answers when there is none: all are listed, all failed, the outcome has told why. */
function unanswered({ status, answeredBy, client, host, path, body }: HttpExpectation): Finding[] {
  return Object.entries({ status, answeredBy, client, host, path, body }).flatMap(([what, wanted]) =>
    wanted === undefined ? [] : [finding(what, few([wanted].flat().map(String)), 'no answer', false)],
  );
}

function clientFinding(
  answered: readonly Request[],
  expectOf: (url: string) => HttpExpectation,
  { probeAddress, nodeAddresses }: HttpContext,
): Finding[] {
  const concerned = answered.filter((request) => expectOf(request.url).client !== undefined);
  const [first] = concerned;
  if (first === undefined) return [];
  const addressesOf = (client: string): readonly string[] | undefined => {
    if (client === 'probe') return probeAddress === undefined ? undefined : [probeAddress];
    return client === 'node' ? nodeAddresses : [client];
  };
  const named = expectOf(first.url).client ?? '';
  if (addressesOf(named) === undefined) {
    return [undecided('client', named, `the address of the ${named} is not known`)];
  }
  return [
    everyRequest('client', concerned, WHY_HTTP.client, (request) => {
      const addresses = addressesOf(expectOf(request.url).client ?? '') ?? [];
      const seen = answerPart(request, 'client');
      return {
        wanted: `${named === 'probe' || named === 'node' ? `the ${named}, ` : ''}${addresses.join(' or ')}`,
        seen,
        ok: addresses.includes(seen),
      };
    }),
  ];
}
