import type { Finding } from '../event/event.js';
import { getPath } from '../playbook/path.js';
import type { FieldMatcher, HttpExpectation } from '../playbook/schema.js';
import type { Request } from '../probe/observation.js';
import type { Text } from '../text.js';
import { clientAddresses, clientWord } from './client-address.js';
import { matcherTests } from './fields.js';
import type { HttpContext } from './http.js';
import { few, finding, undecided } from './judged.js';
import { answerPart, bodyOf, everyRequest, type Compared } from './requests.js';
import { WHY_HTTP } from './why-http.js';

type Key = keyof typeof WHY_HTTP;

/** Everything that is expected of answers, set beside the requests that were answered. */
export function answerFindings(answered: readonly Request[], expect: HttpExpectation, context: HttpContext): Finding[] {
  if (answered.length === 0) return unanswered(expect, context);
  const findings: Finding[] = [];
  const every = (key: Key, compare: (request: Request) => Compared): void => {
    findings.push(everyRequest(key, answered, WHY_HTTP[key], compare));
  };
  const { status, host, path, body } = expect;
  if (status !== undefined) every('status', (request) => compared(String(status), String(request.status)));
  // An error page is no success, even where nobody named a status.
  else if (answered.some((request) => request.status >= 400)) {
    every('status', ({ status: seen }) => ({ wanted: 'below 400', seen: String(seen), ok: seen < 400 }));
  }
  if (expect.answeredBy !== undefined || context.answeredBy !== undefined) {
    every('answeredBy', (request) => {
      const pods = context.answeredBy?.get(request.url) ?? expect.answeredBy ?? [];
      const seen = answerPart(request, 'from');
      return { wanted: pods.join(' or ') || 'nobody', seen, ok: pods.includes(seen) };
    });
  }
  if (expect.client !== undefined) findings.push(clientFinding(answered, expect.client, context));
  if (host !== undefined) every('host', (request) => compared(host, answerPart(request, 'host')));
  if (path !== undefined) every('path', (request) => compared(path, answerPart(request, 'path')));
  if (body !== undefined) {
    every('body', (request) => {
      const seen = bodyOf(request);
      return {
        wanted: `holds ${JSON.stringify(body)}`,
        seen: JSON.stringify(seen.slice(0, 80)),
        ok: seen.includes(body),
      };
    });
  }
  return [...findings, ...fieldFindings(answered, expect)];
}

function compared(wanted: string, seen: string): Compared {
  return { wanted, seen, ok: wanted === seen };
}

/**
 * Expectations about answers when there is none: all are listed, all failed, the outcome has told why. Only where an
 * answer was one of several allowed outcomes do they say nothing.
 */
function unanswered(expect: HttpExpectation, context: HttpContext): Finding[] {
  const { outcome = ['ok'], status, client, host, path, body } = expect;
  if (outcome.includes('ok') && outcome.length > 1) return [];
  const answeredBy =
    expect.answeredBy ?? (context.answeredBy === undefined ? undefined : [...context.answeredBy.values()].flat());
  const fields = Object.entries({ ...expect.headers, ...expect.json }).map(([what, matcher]): [string, string] => [
    what,
    matcherTests(matcher)
      .map(([wanted]) => wanted)
      .join(', '),
  ]);
  return [...Object.entries({ status, answeredBy, client, host, path, body }), ...fields].flatMap(([what, wanted]) =>
    wanted === undefined ? [] : [finding(what, few([wanted].flat().map(String)), 'no answer', false)],
  );
}

function clientFinding(answered: readonly Request[], client: string, context: HttpContext): Finding {
  const word = clientWord(client);
  const known = answered.every((request) => clientAddresses(client, request, context).length > 0);
  if (!known) return undecided('client', client, `the address of ${word ?? 'it'} is not known`);
  return everyRequest('client', answered, WHY_HTTP.client, (request) => {
    const addresses = clientAddresses(client, request, context);
    const seen = answerPart(request, 'client');
    const wanted = `${word === undefined ? '' : `${word}: `}${few(addresses, 9).replaceAll(', ', ' or ')}`;
    return { wanted, seen, ok: addresses.includes(seen) };
  });
}

/** One finding for each header, and for each field of a JSON body, that something is expected of. */
function fieldFindings(answered: readonly Request[], { headers = {}, json = {} }: HttpExpectation): Finding[] {
  const each = (what: string, matcher: FieldMatcher, why: Text, valueOf: (request: Request) => unknown): Finding => {
    const tests = matcherTests(matcher);
    return everyRequest(what, answered, why, (request) => {
      const value = valueOf(request);
      const seen = value === undefined ? 'absent' : JSON.stringify(value);
      return { wanted: tests.map(([wanted]) => wanted).join(', '), seen, ok: tests.every(([, ok]) => ok(value)) };
    });
  };
  return [
    ...Object.entries(headers).map(([name, matcher]) =>
      each(name, matcher, WHY_HTTP.headers, (request) => request.headers?.[name.toLowerCase()]),
    ),
    ...Object.entries(json).map(([path, matcher]) =>
      each(path, matcher, WHY_HTTP.json, (request) => getPath(jsonOf(bodyOf(request)), path)),
    ),
  ];
}

/** A body that is no JSON has no fields. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
