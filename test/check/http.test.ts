import { describe, expect, it } from 'vitest';
import { judgeHttp, type HttpContext } from '../../src/check/http.js';
import type { HttpExpectation } from '../../src/playbook/schema.js';
import type { Observation } from '../../src/probe/observation.js';
import { answer, answers, failure, http, URL_ } from './requests.js';

const PODS = ['pod-a', 'pod-b', 'pod-c'];
const CONTEXT: HttpContext = {
  namespace: 'pilab-x',
  service: 'sample-clusterip',
  node: 'raspi002',
  proxyMode: 'iptables',
  backends: PODS.map((name) => ({ name, node: 'raspi002' })),
  probeIp: '10.244.1.7',
  nodes: [{ name: 'raspi002', podCIDR: '10.244.0.0/24', address: '192.168.66.11' }],
};
const judge = (expected: HttpExpectation, seen: Observation, context = CONTEXT) => judgeHttp(expected, seen, context);
const named = (result: ReturnType<typeof judge>, what: string) => result.findings.find((each) => each.what === what);

describe('a probe whose time was up', () => {
  it('fails for what it saw, and says that the rest was not asked', () => {
    const requests = [...answers({ 'pod-a': 2 }), failure('refused')];
    const result = judge({}, { kind: 'http', requests, asked: 1000 });
    expect(result.verdict).toBe('failed');
    expect(named(result, 'requests')).toMatchObject({
      verdict: 'inconclusive',
      observed: '3 requests, then the time was up',
    });
  });

  it('is inconclusive when all that it saw was fine', () => {
    expect(judge({}, { kind: 'http', requests: answers({ 'pod-a': 3 }), asked: 1000 }).verdict).toBe('inconclusive');
  });
});

describe('outcomes', () => {
  it('must be ok when nothing is said, and say how many were', () => {
    const result = judge({}, http(...answers({ 'pod-a': 300 })));
    expect(result).toMatchObject({ verdict: 'passed', next: [] });
    expect(result.findings).toEqual([{ what: 'outcome', expected: 'ok', observed: '300 × ok', verdict: 'passed' }]);
  });

  it('are summed up with the place of the first that differs', () => {
    const seen = [
      ...answers({ 'pod-a': 11 }),
      failure('refused', { error: 'Connection refused' }),
      ...answers({ 'pod-a': 286 }),
    ];
    const result = judge({}, http(...seen, failure('refused'), failure('refused')));
    expect(result.verdict).toBe('failed');
    expect(named(result, 'outcome')?.observed).toBe('297 × ok, 3 × refused (first at request 12): Connection refused');
    expect(named(result, 'outcome')?.why?.en).toMatch(/nobody listens/);
    expect(result.next.map((each) => each.en).join('\n')).toMatch(
      /kubectl -n pilab-x get endpointslices -l kubernetes.io\/service-name=sample-clusterip[^]*ssh raspi002 "sudo iptables-save \| grep 'pilab-x\/sample-clusterip'"/,
    );
  });

  it('keep refused and silence apart: one never stands for the other', () => {
    expect(judge({ outcome: ['refused'] }, http(failure('refused'))).verdict).toBe('passed');
    expect(judge({ outcome: ['timeout'] }, http(failure('timeout'))).verdict).toBe('passed');
    const silent = judge({ outcome: ['refused'] }, http(failure('timeout')));
    expect(silent.verdict).toBe('failed');
    expect(named(silent, 'outcome')?.why?.en).toMatch(/Silence instead of a refusal/);
    const refused = judge({ outcome: ['timeout'] }, http(failure('refused')));
    expect(named(refused, 'outcome')?.why?.en).toMatch(/A refusal instead of silence/);
    expect(judge({ outcome: ['refused'] }, http(failure('no-route'))).verdict).toBe('failed');
  });

  it('may be one of several, and an answer where none should come is a failure', () => {
    const outside: HttpExpectation = { outcome: ['timeout', 'refused', 'no-route'] };
    expect(judge(outside, http(failure('no-route'))).verdict).toBe('passed');
    const reached = judge(outside, http(answer('pod-a')));
    expect(reached.verdict).toBe('failed');
    expect(named(reached, 'outcome')?.why?.en).toMatch(/none should come/);
    const known = judge({ outcome: ['no-name'] }, http(answer('pod-a')));
    expect(named(known, 'outcome')?.why?.en).toMatch(/name resolved here/);
  });

  it.each(['refused', 'timeout', 'no-name', 'no-route', 'reset', 'tls', 'bad-body', 'other'] as const)(
    'explain %s in both languages and say where to look',
    (outcome) => {
      const result = judge({}, http(failure(outcome)));
      expect(result.verdict).toBe('failed');
      expect(named(result, 'outcome')?.why?.en).toMatch(/\w/);
      expect(named(result, 'outcome')?.why?.ja).toMatch(/[ぁ-ん]/);
      expect(result.next.length).toBeGreaterThan(0);
    },
  );
});

describe('answers', () => {
  it('must have the status that was named; without one an error page is a failure', () => {
    expect(judge({ status: 200 }, http(answer('pod-a'))).verdict).toBe('passed');
    expect(judge({ status: 200 }, http(answer('pod-a', { status: 503 }))).verdict).toBe('failed');
    expect(judge({ status: 404 }, http(answer('pod-a', { status: 404 }))).verdict).toBe('passed');
    expect(judge({}, http(answer('pod-a', { status: 502 }))).verdict).toBe('failed');
    expect(judge({}, http(answer('pod-a', { status: 301 }))).verdict).toBe('passed');
  });

  it('are all looked at: one wrong among many fails, with its place', () => {
    const seen = http(
      ...answers({ 'pod-a': 5 }),
      answer('pod-a', { client: '10.244.1.1' }),
      ...answers({ 'pod-a': 4 }),
    );
    const result = judge({ status: 200, client: 'probe' }, seen);
    expect(result.verdict).toBe('failed');
    expect(named(result, 'status')?.verdict).toBe('passed');
    expect(named(result, 'client')?.observed).toMatch(
      /1 of 10 differ \(first at request 6.*10\.244\.1\.1 instead of the probe: 10\.244\.1\.7/,
    );
  });

  it('tell the client: the probe itself, its node under any of its addresses, or a given address', () => {
    expect(judge({ client: 'probe' }, http(answer('pod-a'))).verdict).toBe('passed');
    expect(
      judge(
        { client: 'node' },
        http(answer('pod-a', { client: '10.244.0.0' }), answer('pod-a', { client: '10.244.0.1' })),
      ).verdict,
    ).toBe('passed');
    expect(judge({ client: 'node' }, http(answer('pod-a', { client: '10.244.2.0' }))).verdict).toBe('failed');
    expect(judge({ client: '192.168.66.1' }, http(answer('pod-a', { client: '192.168.66.1' }))).verdict).toBe('passed');
    expect(judge({ client: 'node' }, http(answer('pod-a')), { nodes: [] }).verdict).toBe('inconclusive');
    expect(judge({ client: 'probe' }, http(answer('pod-a')), {}).verdict).toBe('inconclusive');
  });

  it('must come from the pod that was asked, each URL for itself', () => {
    const urls = { a: 'http://10.244.1.5:80/', b: 'http://10.244.2.6:80/' };
    const answeredBy = new Map([
      [urls.a, ['pod-a']],
      [urls.b, ['pod-b']],
    ]);
    const ask = (first: string, second: string) =>
      judge({}, http(answer(first, { url: urls.a }), answer(second, { url: urls.b })), { answeredBy });
    expect(ask('pod-a', 'pod-b').verdict).toBe('passed');
    expect(ask('pod-b', 'pod-a').verdict).toBe('failed');
    expect(named(ask('pod-a', 'pod-a'), 'answeredBy')?.observed).toMatch(
      /request 2, http:\/\/10\.244\.2\.6:80\/: pod-a instead of pod-b/,
    );
    expect(judge({ answeredBy: ['pod-a', 'pod-b'] }, http(answer('pod-b')), {}).verdict).toBe('passed');
    expect(judge({ answeredBy: ['pod-a'] }, http(answer('pod-b')), {}).verdict).toBe('failed');
  });

  it('tell host, path and any text, and somebody else’s page has none of them', () => {
    const expected: HttpExpectation = { host: '10.96.0.42:8080', path: '/', body: 'From=pod-a' };
    expect(judge(expected, http(answer('pod-a'))).verdict).toBe('passed');
    expect(judge({ host: 'other' }, http(answer('pod-a'))).verdict).toBe('failed');
    expect(judge({ path: '/other' }, http(answer('pod-a'))).verdict).toBe('failed');
    expect(judge({ body: 'From=pod-z' }, http(answer('pod-a'))).verdict).toBe('failed');
    const router = { ...answer('x'), answer: undefined, body: '<title>Router</title>' };
    expect(judge(expected, http(router)).findings.filter((each) => each.verdict === 'failed')).toHaveLength(3);
    expect(judge({ body: 'Router' }, http(router)).verdict).toBe('passed');
  });

  it('are all listed as failed when none came, but not where that was allowed', () => {
    const result = judge({ status: 200, client: 'probe', spread: 'all' }, http(failure('timeout')));
    expect(result.findings.map(({ what, verdict }) => [what, verdict])).toEqual([
      ['outcome', 'failed'],
      ['status', 'failed'],
      ['client', 'failed'],
      ['spread', 'failed'],
    ]);
    expect(judge({ outcome: ['ok', 'refused'], status: 200 }, http(failure('refused'))).verdict).toBe('passed');
    expect(judge({ outcome: ['refused'], status: 200 }, http(failure('refused'))).verdict).toBe('failed');
  });
});

describe('spread', () => {
  it('comes with its numbers', () => {
    const result = judge(
      { status: 200, spread: 'even' },
      http(...answers({ 'pod-a': 342, 'pod-b': 331, 'pod-c': 327 })),
    );
    expect(result.verdict).toBe('passed');
    expect(result.spread).toMatchObject({ total: 1000, unexpected: [], detects: '40/30/30' });
    const { band } = result.spread ?? { band: [0, 0] };
    expect(band[0]).toBeGreaterThan(270);
    expect(band[1]).toBeLessThan(400);
  });

  it('takes an answer without a pod name for a stranger', () => {
    const router = { ...answer('x'), answer: undefined, body: 'hi' };
    const result = judge({ spread: 'all' }, http(...answers({ 'pod-a': 20, 'pod-b': 20, 'pod-c': 20 }), router));
    expect(named(result, 'backends')).toMatchObject({ verdict: 'failed', observed: 'also (no pod name)' });
  });
});

describe('what was not measured', () => {
  it.each<Observation>([
    { kind: 'unmeasured', reason: 'the output was cut' },
    http(),
    { kind: 'command', exitCode: 0, stdout: '', stderr: '' },
  ])('is neither a pass nor a fail: %j', (observation) => {
    const result = judge({}, observation);
    expect(result.verdict).toBe('inconclusive');
    expect(result.findings[0]?.why?.ja).toMatch(/測定/);
  });

  it('names the reason', () => {
    expect(judge({}, { kind: 'unmeasured', reason: 'the output was cut' }).findings[0]?.observed).toBe(
      'the output was cut',
    );
    expect(judge({}, http()).findings[0]?.observed).toMatch(/nobody to ask/);
    expect(URL_).toContain('10.96');
  });
});
