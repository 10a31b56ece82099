import { describe, expect, it } from 'vitest';
import { judgeDns } from '../../src/check/dns.js';
import type { DnsRecord, Observation } from '../../src/probe/observation.js';

const NAME = 'sample-clusterip.pilab-x.svc.cluster.local.';
const a = (data: string, ttl = 30): DnsRecord => ({ name: NAME, ttl, type: 'A', data });
const SOA: DnsRecord = {
  name: 'cluster.local.',
  ttl: 30,
  type: 'SOA',
  data: 'ns.dns.cluster.local. hostmaster.cluster.local. 1795000000 7200 1800 86400 30',
};
const dns = (more: Partial<Extract<Observation, { kind: 'dns' }>> = {}): Observation => ({
  kind: 'dns',
  rcode: 'NOERROR',
  flags: ['qr', 'aa', 'rd'],
  answers: [],
  authority: [],
  additional: [],
  server: '10.96.0.10',
  ms: 1,
  ...more,
});
const failedOf = (result: ReturnType<typeof judgeDns>): string[] =>
  result.findings.filter(({ verdict }) => verdict === 'failed').map(({ what }) => what);

describe('a DNS answer', () => {
  it('must be NOERROR when nothing is said', () => {
    expect(judgeDns({}, dns()).verdict).toBe('passed');
    expect(judgeDns({}, dns({ rcode: 'NXDOMAIN' })).verdict).toBe('failed');
    expect(judgeDns({ rcode: 'NXDOMAIN' }, dns({ rcode: 'NXDOMAIN' })).verdict).toBe('passed');
    // Silence only where it is expected.
    expect(judgeDns({ rcode: ['NXDOMAIN', 'TIMEOUT'] }, dns({ rcode: 'TIMEOUT' })).verdict).toBe('passed');
    expect(judgeDns({ rcode: 'NXDOMAIN' }, dns({ rcode: 'TIMEOUT' })).verdict).toBe('failed');
  });

  it('is compared as a set of data: any order, any case, with or without the last dot', () => {
    const seen = dns({ answers: [a('10.244.2.9'), a('10.244.1.5'), a('10.244.2.9')] });
    expect(judgeDns({ answers: ['10.244.1.5', '10.244.2.9'] }, seen).verdict).toBe('passed');
    const srv = dns({ answers: [{ name: NAME, ttl: 30, type: 'SRV', data: `0 100 8080 ${NAME}` }] });
    expect(judgeDns({ answers: [`0 100 8080 ${NAME.slice(0, -1).toUpperCase()}`] }, srv).verdict).toBe('passed');
    expect(judgeDns({ answers: [`0 100 8081 ${NAME}`] }, srv).verdict).toBe('failed');
  });

  it('lists what is missing and what is too much', () => {
    const result = judgeDns(
      { answers: ['10.96.0.1', '10.96.0.2'] },
      dns({ answers: [a('10.96.0.2'), a('10.96.0.3')] }),
    );
    expect(result.findings[1]).toMatchObject({
      what: 'answers',
      observed: '10.96.0.2, 10.96.0.3 (missing 10.96.0.1; extra 10.96.0.3)',
      verdict: 'failed',
    });
    expect(result.findings[1]?.why?.en).toMatch(/CoreDNS answered, but with other records/);
    expect(result.next.map((each) => each.en).join()).toMatch(/k8s-app=kube-dns/);
  });

  it('may have to be empty', () => {
    expect(judgeDns({ answers: [] }, dns({ authority: [SOA] })).verdict).toBe('passed');
    expect(judgeDns({ answers: [] }, dns({ answers: [a('10.96.0.2')] })).verdict).toBe('failed');
  });

  it('must carry flags, TTL, additional and authority records that are named', () => {
    const expected = {
      flags: ['aa'],
      ttl: 30,
      additional: [`${NAME} A 10.96.0.42`],
      authority: ['ns.dns.cluster.local. hostmaster.cluster.local.'],
    };
    const seen = { answers: [a('10.96.0.42')], additional: [a('10.96.0.42')], authority: [SOA] };
    expect(judgeDns(expected, dns(seen)).verdict).toBe('passed');
    expect(failedOf(judgeDns(expected, dns({ ...seen, flags: ['qr', 'rd', 'ra'] })))).toEqual(['flags']);
    expect(failedOf(judgeDns(expected, dns({ ...seen, answers: [a('10.96.0.42', 17)] })))).toEqual(['ttl']);
    expect(failedOf(judgeDns(expected, dns({ ...seen, answers: [] })))).toEqual(['ttl']);
    expect(failedOf(judgeDns(expected, dns({ ...seen, additional: [a('10.96.0.43')] })))).toEqual(['additional']);
    expect(failedOf(judgeDns(expected, dns({ ...seen, authority: [] })))).toEqual(['authority']);
  });

  it.each([
    ['TIMEOUT', /CoreDNS is down/],
    ['UNREACHABLE', /CoreDNS is down/],
    ['NXDOMAIN', /knows no such name/],
    ['SERVFAIL', /no working upstream/],
    ['REFUSED', /another code/],
  ])('fails with %s and says why in both languages', (rcode, why) => {
    const result = judgeDns({ answers: ['10.96.0.42'] }, dns({ rcode }));
    expect(result.findings.map(({ verdict }) => verdict)).toEqual(['failed', 'failed']);
    expect(result.findings[0]?.why?.en).toMatch(why);
    expect(result.findings[0]?.why?.ja).toMatch(/[ぁ-ん]/);
  });

  it('that exists although it should not fails', () => {
    expect(judgeDns({ rcode: 'NXDOMAIN' }, dns({ answers: [a('10.96.0.42')] })).findings[0]?.why?.en).toMatch(/30 s/);
  });

  it('that was not measured is inconclusive', () => {
    expect(judgeDns({}, { kind: 'unmeasured', reason: 'cut' }).verdict).toBe('inconclusive');
    expect(judgeDns({}, { kind: 'http', requests: [] }).verdict).toBe('inconclusive');
  });
});

describe('answers to several questions', () => {
  const reply = (question: string, data: readonly string[], rcode = 'NOERROR') => ({
    question,
    rcode,
    flags: ['qr', 'aa', 'rd'],
    answers: data.map((each) => a(each)),
    authority: [],
    additional: [],
    server: '10.96.0.10',
    ms: 1,
  });
  const many = (replies: readonly ReturnType<typeof reply>[], asked?: number): Observation => ({
    kind: 'dns-many',
    replies,
    ...(asked === undefined ? {} : { asked }),
  });

  it('must all be as expected, each by what is expected of its own question', () => {
    const seen = many([reply('a', ['10.244.1.5']), reply('b', ['10.244.2.9'])]);
    const perQuestion = new Map([
      ['a', { answers: ['10.244.1.5'] }],
      ['b', { answers: ['10.244.2.9'] }],
    ]);
    expect(judgeDns({ ttl: 30 }, seen, { perQuestion }).verdict).toBe('passed');
    const swapped = new Map([
      ['a', { includes: ['10.244.1.5'] }],
      ['b', { includes: ['10.244.1.5'] }],
    ]);
    const result = judgeDns({ ttl: 30 }, seen, { perQuestion: swapped });
    expect(failedOf(result)).toEqual(['includes']);
    expect(result.findings[1]?.observed).toBe(
      '1 of 2 differ (first at question 2, b: 10.244.2.9 (missing 10.244.1.5) instead of 10.244.1.5)',
    );
  });

  it('fail when one of them has another code, or the server went silent', () => {
    expect(failedOf(judgeDns({}, many([reply('a', []), reply('b', [], 'NXDOMAIN')])))).toEqual(['rcode']);
    expect(failedOf(judgeDns({ rcode: ['NOERROR', 'NXDOMAIN'] }, many([reply('a', [])], 9)))).toEqual(['questions']);
    expect(judgeDns({}, many([])).verdict).toBe('inconclusive');
  });

  it('rotate when each answer stands first at times; a fixed order fails, and few questions decide nothing', () => {
    const orders = [
      ['10.244.1.5', '10.244.2.9', '10.244.2.10'],
      ['10.244.2.9', '10.244.2.10', '10.244.1.5'],
      ['10.244.2.10', '10.244.1.5', '10.244.2.9'],
    ];
    const asked = (times: number, of: readonly (readonly string[])[]): Observation =>
      many(Array.from({ length: times }, (_, index) => reply('a', of[index % of.length] ?? [])));
    const rotating = judgeDns({ first: 'all' }, asked(60, orders));
    expect(rotating.verdict).toBe('passed');
    expect(rotating.findings.at(-1)?.observed).toBe('10.244.1.5 20 ×, 10.244.2.10 20 ×, 10.244.2.9 20 ×');
    expect(failedOf(judgeDns({ first: 'all' }, asked(60, orders.slice(1))))).toEqual(['first']);
    expect(failedOf(judgeDns({ first: 'all' }, asked(60, orders.slice(0, 1))))).toEqual(['first']);
    expect(judgeDns({ first: 'all' }, asked(5, orders.slice(0, 1))).verdict).toBe('inconclusive');
    expect(judgeDns({ first: 'all' }, asked(60, [['10.244.1.5']])).verdict).toBe('inconclusive');
  });

  it('may be a chain, told by its types', () => {
    const chain: DnsRecord[] = [{ name: NAME, ttl: 30, type: 'CNAME', data: 'web1.home.lab.' }, a('192.168.66.21')];
    expect(judgeDns({ types: ['CNAME', 'A'] }, dns({ answers: chain })).verdict).toBe('passed');
    expect(judgeDns({ types: ['A'] }, dns({ answers: [a('10.0.0.1'), a('10.0.0.2')] })).verdict).toBe('passed');
    expect(failedOf(judgeDns({ types: ['CNAME', 'A'] }, dns({ answers: chain.slice(0, 1) })))).toEqual(['types']);
    expect(judgeDns({ types: [] }, dns()).verdict).toBe('passed');
  });

  it('with one question take what is expected of it as well', () => {
    const perQuestion = new Map([['a', { answers: ['10.96.0.1'] }]]);
    expect(failedOf(judgeDns({}, dns({ answers: [a('10.96.0.2')] }), { perQuestion }))).toEqual(['answers']);
  });
});
