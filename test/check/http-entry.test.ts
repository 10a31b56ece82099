import { describe, expect, it } from 'vitest';
import { judgeHttp, type HttpContext } from '../../src/check/http.js';
import type { HttpExpectation } from '../../src/playbook/schema.js';
import type { Request } from '../../src/probe/observation.js';
import { answer, failure, http } from './requests.js';

const NODES = [
  { name: 'raspi001', address: '192.168.10.1', podCIDR: '10.244.0.0/24' },
  { name: 'raspi002', address: '192.168.10.2', podCIDR: '10.244.1.0/24' },
  { name: 'raspi003', address: '192.168.10.3', podCIDR: '10.244.2.0/24' },
];
const url = (node: string): string => `http://${NODES.find(({ name }) => name === node)?.address ?? ''}:30080/`;
const PODS = [
  { name: 'pod-a', node: 'raspi002' },
  { name: 'pod-b', node: 'raspi003' },
  { name: 'pod-c', node: 'raspi003' },
];
const CONTEXT: HttpContext = {
  service: 'sample-nodeport',
  nodes: NODES,
  backends: PODS,
  entries: new Map(NODES.map(({ name }) => [url(name), name])),
};
const judge = (expected: HttpExpectation, requests: Request[], context = CONTEXT) =>
  judgeHttp(expected, http(...requests), context);
const many = (node: string, pod: string, count: number, more: Parameters<typeof answer>[1] = {}): Request[] =>
  Array.from({ length: count }, () => answer(pod, { url: url(node), ...more }));
const named = (result: ReturnType<typeof judge>, what: string) => result.findings.find((each) => each.what === what);

describe('a spread over several entries', () => {
  const even = (node: string): Request[] => PODS.flatMap(({ name }) => many(node, name, 13));

  it('says nothing of an entry that was not asked, as the time was up at another', () => {
    const requests = [...even('raspi001'), failure('timeout', { url: url('raspi002') })];
    const result = judgeHttp({ spread: 'all', of: 'x' }, { kind: 'http', requests, asked: 117 }, CONTEXT);
    const spreads = result.findings.filter(({ what }) => what === 'spread');
    expect(spreads.map(({ observed, verdict }) => [observed, verdict])).toEqual([
      ['at raspi002: no pod answered', 'failed'],
      ['at raspi003: not asked, the time was up', 'inconclusive'],
    ]);
  });

  it('is judged at each of them, and kept as a matrix', () => {
    const result = judge(
      { spread: 'all', of: 'x' },
      NODES.flatMap(({ name }) => even(name)),
    );
    expect(result.verdict).toBe('passed');
    expect(result.spread).toBeUndefined();
    expect(result.matrix?.map(({ entry, spread }) => [entry, spread.counts])).toEqual(
      NODES.map(({ name }) => [name, { 'pod-a': 13, 'pod-b': 13, 'pod-c': 13 }]),
    );
  });

  it('fails for the entry that never reaches a pod, although all together do', () => {
    const lame = [...many('raspi003', 'pod-b', 20), ...many('raspi003', 'pod-c', 19)];
    const result = judge({ spread: 'all', of: 'x' }, [...even('raspi001'), ...even('raspi002'), ...lame]);
    expect(result.verdict).toBe('failed');
    expect(named(result, 'backends')?.observed).toBe('at raspi003: never pod-a in 39 answers');
    expect(result.findings.filter(({ what }) => what === 'backends')).toHaveLength(1);
  });

  it('fails for an entry without any answer', () => {
    const result = judge({ outcome: ['ok', 'timeout'], spread: 'all', of: 'x' }, [
      ...even('raspi001'),
      ...even('raspi002'),
      failure('timeout', { url: url('raspi003') }),
    ]);
    expect(named(result, 'spread')?.observed).toBe('at raspi003: no pod answered');
  });
});

describe('where to look next', () => {
  const operator = { ...CONTEXT, proxyMode: 'iptables', namespace: 'n' };
  const next = (expected: HttpExpectation, requests: Request[]): string =>
    judge(expected, requests, operator)
      .next.map(({ en }) => en)
      .join('\n');

  it('is the entry that was silent: its rules, its firewall', () => {
    const told = next({ spread: 'all', of: 'x' }, [failure('timeout', { url: url('raspi003') })]);
    expect(told).toContain(`ssh raspi003 "sudo iptables-save | grep 'n/sample-nodeport'"`);
    expect(told).toContain('Does a firewall on raspi003 stop it?');
    expect(told).not.toContain('NODE');
  });

  it('is the entry that never reached a pod, or did not hide the client', () => {
    const two = ['raspi001', 'raspi002'].flatMap((node) => PODS.flatMap(({ name }) => many(node, name, 13)));
    const lame = [...many('raspi003', 'pod-b', 20), ...many('raspi003', 'pod-c', 19)];
    expect(next({ spread: 'all', of: 'x' }, [...two, ...lame])).toContain('Are the rules on raspi003?');
    const seen = many('raspi002', 'pod-a', 1, { client: '192.168.10.50' });
    expect(next({ client: 'entry' }, seen)).toContain('Are the rules on raspi002?');
  });
});

describe('the pods of one node only', () => {
  it('are those of the entry', () => {
    const own = [...many('raspi002', 'pod-a', 20), ...many('raspi003', 'pod-b', 20), ...many('raspi003', 'pod-c', 20)];
    const workers: HttpContext = {
      ...CONTEXT,
      entries: new Map(['raspi002', 'raspi003'].map((name) => [url(name), name])),
    };
    expect(judge({ spread: 'all', on: 'entry', of: 'x' }, own, workers).verdict).toBe('passed');
    const strayed = judge({ spread: 'all', on: 'entry', of: 'x' }, [...own, ...many('raspi002', 'pod-c', 1)], workers);
    expect(named(strayed, 'backends')?.observed).toBe('at raspi002: also pod-c');
  });

  it('are those of the probe, or of a node that is named', () => {
    const at: HttpContext = { ...CONTEXT, entries: undefined, node: 'raspi003' };
    const requests = [...many('raspi001', 'pod-b', 20), ...many('raspi001', 'pod-c', 20)];
    expect(judge({ spread: 'all', on: 'probe', of: 'x' }, requests, at).verdict).toBe('passed');
    expect(judge({ spread: 'all', on: 'raspi003', of: 'x' }, requests, at).verdict).toBe('passed');
    expect(judge({ spread: 'members', on: 'raspi002', of: 'x' }, requests, at).verdict).toBe('failed');
    expect(judge({ spread: 'all', on: 'raspi001', of: 'x' }, requests, at).verdict).toBe('inconclusive');
  });
});

describe('the client that a pod saw', () => {
  const seen = (client: string, more: Partial<Request> = {}): Request[] =>
    many('raspi002', 'pod-a', 1, { client, ...more });

  it.each([
    ['entry', '10.244.1.0', 'passed'],
    ['entry', '10.244.1.1', 'passed'],
    ['entry', '10.244.2.0', 'failed'],
    ['anyNode', '10.244.2.0', 'passed'],
    ['anyNode', '192.168.10.50', 'failed'],
    ['192.168.10.50', '192.168.10.50', 'passed'],
  ])('%s: %s %s', (client, address, verdict) => {
    expect(judge({ client }, seen(address)).verdict).toBe(verdict);
  });

  it('is the address that the operator sent from, for each request', () => {
    expect(judge({ client: 'probe' }, seen('192.168.10.50', { local: '192.168.10.50' })).verdict).toBe('passed');
    expect(judge({ client: 'probe' }, seen('10.244.1.0', { local: '192.168.10.50' })).verdict).toBe('failed');
    expect(judge({ client: 'probe' }, seen('10.244.1.0')).verdict).toBe('inconclusive');
  });

  it('cannot be judged where the URL is no node of the cluster', () => {
    const other = [answer('pod-a', { url: 'http://sample.example/' })];
    expect(named(judge({ client: 'entry' }, other), 'client')).toMatchObject({
      verdict: 'inconclusive',
      observed: 'the address of the entry is not known',
    });
  });
});

describe('headers and JSON of an answer', () => {
  const health = (endpoints: number, headers: Record<string, string> = {}): Request[] => [
    {
      url: 'http://192.168.10.2:30086/healthz',
      outcome: 'ok',
      status: endpoints > 0 ? 200 : 503,
      exitCode: 0,
      ms: 1,
      remote: '192.168.10.2',
      body: JSON.stringify({ service: { name: 'sample-lb-local' }, localEndpoints: endpoints }),
      headers: { 'x-load-balancing-endpoint-weight': String(endpoints), ...headers },
    },
  ];
  const expected: HttpExpectation = {
    status: 503,
    json: { 'service.name': 'sample-lb-local', localEndpoints: 0 },
    headers: { 'X-Load-Balancing-Endpoint-Weight': '0' },
  };

  it('must all be so, names of headers in any case', () => {
    expect(judge(expected, health(0)).verdict).toBe('passed');
    const result = judge({ ...expected, status: 200 }, health(2));
    expect(named(result, 'localEndpoints')).toMatchObject({ verdict: 'failed', expected: '0' });
    expect(named(result, 'X-Load-Balancing-Endpoint-Weight')?.observed).toContain('"2" instead of "0"');
  });

  it('fail when a header is missing, or the body is no JSON', () => {
    expect(judge({ status: 503, headers: { 'X-Other': { exists: true } } }, health(0)).verdict).toBe('failed');
    const page = [{ ...health(0)[0]!, body: '<html>' }];
    expect(judge({ status: 503, json: { localEndpoints: 0 } }, page).verdict).toBe('failed');
  });

  it('are listed as failed when nobody answered', () => {
    const result = judge(expected, [failure('refused')]);
    expect(result.findings.map(({ what }) => what)).toEqual([
      'outcome',
      'status',
      'X-Load-Balancing-Endpoint-Weight',
      'service.name',
      'localEndpoints',
    ]);
  });
});
