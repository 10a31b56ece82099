import type { Finding } from '../event/event.js';
import type { HttpExpectation } from '../playbook/schema.js';
import type { Request } from '../probe/observation.js';
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
  return findings;
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
  return Object.entries({ status, answeredBy, client, host, path, body }).flatMap(([what, wanted]) =>
    wanted === undefined ? [] : [finding(what, few([wanted].flat().map(String)), 'no answer', false)],
  );
}

function clientFinding(answered: readonly Request[], client: string, context: HttpContext): Finding {
  const { probeIp, nodeAddresses = [] } = context;
  const addresses = client === 'probe' ? [probeIp ?? ''].filter(Boolean) : client === 'node' ? nodeAddresses : [client];
  if (addresses.length === 0) return undecided('client', client, `the address of the ${client} is not known`);
  const wanted = `${client === 'probe' || client === 'node' ? `the ${client}: ` : ''}${addresses.join(' or ')}`;
  return everyRequest('client', answered, WHY_HTTP.client, (request) => {
    const seen = answerPart(request, 'client');
    return { wanted, seen, ok: addresses.includes(seen) };
  });
}
