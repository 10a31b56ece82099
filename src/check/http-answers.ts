import type { Finding } from '../event/event.js';
import { getPath } from '../playbook/path.js';
import type { FieldMatcher, HttpExpectation } from '../playbook/schema.js';
import type { Request } from '../probe/observation.js';
import type { Text } from '../text.js';
import { clientAddresses, clientWord } from './client-address.js';
import { matcherTests } from './fields.js';
import type { HttpContext } from './http.js';
import { readCertificate } from '../probe/certificate.js';
import { few, finding, undecided } from './judged.js';
import { steadyFinding } from './over-time.js';
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
  if (expect.forwardedFor !== undefined) findings.push(forwardedFinding(answered, expect.forwardedFor, context));
  if (expect.certificate !== undefined) findings.push(certificateFinding(answered, expect.certificate));
  const { location } = expect;
  if (location !== undefined) every('location', ({ redirect }) => compared(location, redirect ?? 'no redirect'));
  if (expect.changes === 'none') findings.push(steadyFinding(answered));
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
  const { outcome = ['ok'], status, client, host, path, body, forwardedFor, location, certificate, changes } = expect;
  if (outcome.includes('ok') && outcome.length > 1) return [];
  const answeredBy =
    expect.answeredBy ?? (context.answeredBy === undefined ? undefined : [...context.answeredBy.values()].flat());
  const fields = Object.entries({ ...expect.headers, ...expect.json }).map(([what, matcher]): [string, string] => [
    what,
    matcherTests(matcher)
      .map(([wanted]) => wanted)
      .join(', '),
  ]);
  const others = {
    ...{ status, answeredBy, client, host, path, body, forwardedFor, location },
    ...{ certificate: certificate === undefined ? undefined : certificateName(certificate) },
    ...(changes === 'none' ? { changes } : {}),
  };
  return [...Object.entries(others), ...fields].flatMap(([what, wanted]) =>
    wanted === undefined ? [] : [finding(what, few([wanted].flat().map(String)), 'no answer', false)],
  );
}

function clientFinding(answered: readonly Request[], client: string, context: HttpContext): Finding {
  return addressFinding('client', [client], answered, context, (request) => answerPart(request, 'client'));
}

/** Proxies append to the header: the first address is the client that the first of them saw. */
function forwardedFinding(answered: readonly Request[], wanted: readonly string[], context: HttpContext): Finding {
  const firstOf = (request: Request): string => {
    const header = answerPart(request, 'forwardedFor');
    return header === '' ? 'none' : (header.split(',')[0] ?? '').trim();
  };
  return addressFinding('forwardedFor', wanted, answered, context, firstOf);
}

/** Words such as `probe` and `node` as addresses; nothing can be said where none of them is known. */
function addressFinding(
  what: 'client' | 'forwardedFor',
  wanted: readonly string[],
  answered: readonly Request[],
  context: HttpContext,
  addressOf: (request: Request) => string,
): Finding {
  const addressesFor = (request: Request): string[] =>
    wanted.flatMap((each) => clientAddresses(each, request, context));
  const words = wanted.flatMap((each) => clientWord(each) ?? []);
  if (answered.some((request) => addressesFor(request).length === 0)) {
    return undecided(what, wanted.join(' or '), `the address of ${words.join(' or ') || 'it'} is not known`);
  }
  return everyRequest(what, answered, WHY_HTTP[what], (request) => {
    const addresses = addressesFor(request);
    const seen = addressOf(request);
    const names = `${words.length === 0 ? '' : `${words.join(' or ')}: `}${few(addresses, 9).replaceAll(', ', ' or ')}`;
    return { wanted: names, seen, ok: addresses.includes(seen) };
  });
}

/** @param wanted PEM, or `other`: one that is not for the name in the URL, such as a controller's default. */
function certificateFinding(answered: readonly Request[], wanted: string): Finding {
  const expected = certificateName(wanted);
  const plain = answered.find(({ url }) => !url.startsWith('https:'));
  if (plain !== undefined) return finding('certificate', expected, `${plain.url}: no TLS`, false);
  if (answered.some(({ certificate }) => certificate === undefined)) {
    return undecided('certificate', expected, 'curl did not tell the certificate: it is older than 7.88');
  }
  const mine = readCertificate(wanted);
  if (mine === undefined && wanted !== 'other') return undecided('certificate', expected, 'it cannot be read');
  return everyRequest('certificate', answered, WHY_HTTP.certificate, ({ url, certificate }) => {
    const seen =
      certificate === undefined ? 'none' : `${certificate.subject} (${certificate.names.join(', ') || 'no names'})`;
    if (mine === undefined) {
      const forHost = certificate?.names.includes(`DNS:${new URL(url).hostname}`) === true;
      return { wanted: expected, seen, ok: !forHost };
    }
    const same = certificate?.fingerprint === mine.fingerprint;
    return { wanted: expected, seen: same ? expected : seen, ok: same };
  });
}

function certificateName(wanted: string): string {
  const { names, subject } = readCertificate(wanted) ?? {};
  return names === undefined ? 'one for another name' : `the one made for ${(names.join(', ') || subject) ?? ''}`;
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
