import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { digArgv, digManyArgv, type DigManySpec, type DigSpec } from '../../src/probe/dig.js';
import { parseDig, parseDigMany, parseDigText, parseRecord } from '../../src/probe/dig-output.js';
import { dnsServer, numbers16, numbers32, wireName } from './dns-server.js';
import { has, runIn } from './shell.js';

const NONCE = 'd1gn0nce';
const SERVICE = 'sample-clusterip.pilab-b.svc.cluster.local.';
const SOA = {
  name: 'cluster.local.',
  type: 6,
  ttl: 30,
  data: Buffer.concat([
    wireName('ns.dns.cluster.local.'),
    wireName('hostmaster.cluster.local.'),
    numbers32(1795000000, 7200, 1800, 86400, 30),
  ]),
};

describe.skipIf(!has('dig'))('dig against a server', () => {
  let port = 0;
  let close = (): void => undefined;
  beforeAll(async () => {
    const server = await dnsServer(({ name, type }) => {
      if (name === 'silent.') return undefined;
      if (name.toLowerCase() === SERVICE && type === 1)
        return { answers: [{ name, type, ttl: 30, data: Buffer.from([10, 96, 0, 42]) }] };
      if (name === `_http-port._tcp.${SERVICE}`)
        return {
          answers: [{ name, type: 33, ttl: 30, data: Buffer.concat([numbers16(0, 100, 8080), wireName(SERVICE)]) }],
          additional: [{ name: SERVICE, type: 1, ttl: 30, data: Buffer.from([10, 96, 0, 42]) }],
        };
      if (name === '42.0.96.10.in-addr.arpa.')
        return { answers: [{ name, type: 12, ttl: 30, data: wireName(SERVICE) }] };
      if (name === 'down.example.') return { rcode: 2, aa: false };
      return name.endsWith('svc.cluster.local.') && name.toLowerCase() === SERVICE
        ? { authority: [SOA] }
        : { rcode: 3, authority: [SOA] };
    });
    ({ port, close } = server);
  });
  afterAll(() => close());

  async function ask(spec: DigSpec): Promise<ReturnType<typeof parseDig>> {
    return parseDig(
      NONCE,
      await runIn(['sh'], digArgv({ server: '127.0.0.1', port, timeoutMs: 1000, ...spec }, NONCE)),
    );
  }

  it('reads an address record, its flags and its TTL, and takes the name as absolute', async () => {
    expect(await ask({ name: SERVICE.slice(0, -1).toUpperCase() })).toMatchObject({
      kind: 'dns',
      rcode: 'NOERROR',
      flags: expect.arrayContaining(['qr', 'aa', 'rd']) as unknown,
      answers: [{ name: SERVICE, ttl: 30, type: 'A', data: '10.96.0.42' }],
      authority: [],
      additional: [],
      server: '127.0.0.1',
    });
  });

  it('reads SRV with its additional address', async () => {
    expect(await ask({ name: `_http-port._tcp.${SERVICE}`, type: 'SRV' })).toMatchObject({
      answers: [{ type: 'SRV', data: `0 100 8080 ${SERVICE}` }],
      additional: [{ name: SERVICE, type: 'A', data: '10.96.0.42' }],
    });
  });

  it('asks for the reverse name of an address', async () => {
    expect(await ask({ name: '10.96.0.42', reverse: true })).toMatchObject({
      rcode: 'NOERROR',
      answers: [{ name: '42.0.96.10.in-addr.arpa.', type: 'PTR', data: SERVICE }],
    });
  });

  it('tells no such name from no such record, and both from a server in trouble', async () => {
    const authority = [{ type: 'SOA', data: expect.stringContaining('ns.dns.cluster.local. hostmaster') as unknown }];
    expect(await ask({ name: 'nobody.svc.cluster.local' })).toMatchObject({
      rcode: 'NXDOMAIN',
      answers: [],
      authority,
    });
    expect(await ask({ name: SERVICE, type: 'AAAA' })).toMatchObject({ rcode: 'NOERROR', answers: [], authority });
    expect(await ask({ name: 'down.example' })).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  });

  it('counts silence and a closed port as observed', async () => {
    expect(await ask({ name: 'silent' })).toMatchObject({ kind: 'dns', rcode: 'TIMEOUT', server: '127.0.0.1' });
    expect(await ask({ name: 'x', port: 1 })).toMatchObject({ kind: 'dns', rcode: 'UNREACHABLE' });
    expect(await ask({ name: 'x', tcp: true, port: 1 })).toMatchObject({ kind: 'dns', rcode: 'UNREACHABLE' });
  });

  it('cannot be told options through a name', async () => {
    expect(await ask({ name: '+short' })).toMatchObject({ kind: 'dns', rcode: 'NXDOMAIN' });
    expect(await ask({ name: '-v' })).toMatchObject({ kind: 'dns', rcode: 'NXDOMAIN' });
  });

  async function askMany(spec: DigManySpec): Promise<ReturnType<typeof parseDigMany>> {
    const argv = digManyArgv({ server: '127.0.0.1', port, timeoutMs: 1000, ...spec }, NONCE);
    return parseDigMany(spec, NONCE, await runIn(['sh'], argv));
  }

  it('asks for several names, and several times, in one go, each answer with its question', async () => {
    const seen = await askMany({ names: [SERVICE, '*', 'down.example'], times: 2 });
    expect(seen).toMatchObject({ kind: 'dns-many' });
    expect(seen.kind === 'dns-many' && seen.replies.map(({ question, rcode }) => `${question} ${rcode}`)).toEqual([
      `${SERVICE} NOERROR`,
      `${SERVICE} NOERROR`,
      '* NXDOMAIN',
      '* NXDOMAIN',
      'down.example SERVFAIL',
      'down.example SERVFAIL',
    ]);
    expect(seen).not.toHaveProperty('asked');
  });

  it('asks for several reverse names', async () => {
    const seen = await askMany({ names: ['10.96.0.42', '10.96.0.43'], reverse: true });
    expect(seen).toMatchObject({
      replies: [
        { question: '10.96.0.42', rcode: 'NOERROR', answers: [{ type: 'PTR', data: SERVICE }] },
        { question: '10.96.0.43', rcode: 'NXDOMAIN' },
      ],
    });
  });

  it('stops at a server that stays silent, and says how much was left', async () => {
    const seen = await askMany({ names: [SERVICE, 'silent', SERVICE], times: 2 });
    expect(seen).toMatchObject({
      kind: 'dns-many',
      asked: 6,
      replies: [{ rcode: 'NOERROR' }, { rcode: 'NOERROR' }, { question: 'silent', rcode: 'TIMEOUT' }],
    });
  });

  it('says nothing of several questions when the output was cut, or one of them cannot be asked', async () => {
    const names = [SERVICE, SERVICE];
    const output = await runIn(['sh'], digManyArgv({ names, server: '127.0.0.1', port }, NONCE));
    expect(parseDigMany({ names }, NONCE, output.slice(0, -20)).kind).toBe('unmeasured');
    expect(parseDigMany({ names, times: 2 }, NONCE, output)).toMatchObject({ reason: /2 of 4 questions/ });
    expect(await askMany({ names: [SERVICE, 'a..b'] })).toMatchObject({ reason: /not a legal name/ });
    expect(parseDigMany({ names: [] }, NONCE, output.replace(/question/g, 'x'))).toMatchObject({ replies: [] });
  });

  it('is unmeasured when dig refuses the question, is absent, or the output was cut', async () => {
    expect(await ask({ name: 'a..b' })).toMatchObject({ kind: 'unmeasured', reason: /not a legal name/ });
    const argv = digArgv({ name: 'x' }, NONCE).map((word) => (word === 'dig' ? 'no-such-dig' : word));
    expect(parseDig(NONCE, await runIn(['sh'], argv))).toMatchObject({ kind: 'unmeasured', reason: /not installed/ });
    const output = await runIn(['sh'], digArgv({ name: SERVICE, server: '127.0.0.1', port }, NONCE));
    expect(parseDig(NONCE, output.slice(0, -20)).kind).toBe('unmeasured');
  });
});

/** As a cluster's dig prints it: a warning before, opinions between, columns by tab and by space. */
const FROM_A_CLUSTER = `;; WARNING: .local is reserved for Multicast DNS
;; You are currently testing what happens when an mDNS query is leaked to DNS
;; Truncated, retrying in TCP mode.
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 17
;; flags: qr aa rd; QUERY: 1, ANSWER: 3, AUTHORITY: 0, ADDITIONAL: 1
;; WARNING: recursion requested but not available

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
; COOKIE: 6a3c (echoed)
;; ANSWER SECTION:
sample-headless.p.svc.cluster.local. 30 IN A	10.244.1.5
sample-headless.p.svc.cluster.local. 30 IN A	10.244.2.9
short.\t\t30\tIN\tA\t10.244.2.10

;; Query time: 3 msec
;; SERVER: 10.96.0.10#53(10.96.0.10) (TCP)
`;

describe('what dig prints', () => {
  it('is read past warnings and whatever columns', () => {
    const seen = parseDigText(FROM_A_CLUSTER);
    expect(seen).toMatchObject({ rcode: 'NOERROR', flags: ['qr', 'aa', 'rd'], server: '10.96.0.10', ms: 3 });
    expect(seen.kind === 'dns' && seen.answers.map((record) => record.data)).toEqual([
      '10.244.1.5',
      '10.244.2.9',
      '10.244.2.10',
    ]);
  });

  it('must hold as many records as it announces', () => {
    expect(parseDigText(FROM_A_CLUSTER.replace(/^short.*\n/m, ''))).toMatchObject({
      kind: 'unmeasured',
      reason: /3 answer/,
    });
  });

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.constantFrom(...FROM_A_CLUSTER.split('\n'))),
        fc.nat(10),
        (text, lines, exit) => {
          parseDigText([text, ...lines].join('\n'), exit);
          parseDig(
            NONCE,
            `${NONCE} begin\n${lines.join('\n')}\n${NONCE} stderr\n${text}\n${NONCE} ${exit}\n${NONCE} end\n`,
          );
        },
      ),
    );
  });

  it('gives a record back as it was printed', () => {
    const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9-]{0,20}[a-z0-9])?$/);
    const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => `${labels.join('.')}.`);
    const data = fc.oneof(
      fc.ipV4(),
      name,
      fc.tuple(fc.nat(65535), name).map(([port, target]) => `0 100 ${port} ${target}`),
    );
    const record = fc.record({ name, ttl: fc.nat(86400), type: fc.constantFrom('A', 'SRV', 'PTR'), data });
    fc.assert(
      fc.property(record, fc.constantFrom('\t', ' ', '\t\t'), (wanted, gap) => {
        const line = [wanted.name.toUpperCase(), wanted.ttl, 'IN', wanted.type, wanted.data].join(gap);
        expect(parseRecord(line)).toEqual(wanted);
      }),
    );
  });
});
