import { describe, expect, it } from 'vitest';
import type { Judgement, Spread } from '../../src/event/event.js';
import { heatLines } from '../../src/tui/heat-map.js';
import { liveLines } from '../../src/tui/live-bars.js';
import { packetPath, pathLines } from '../../src/tui/packet-path.js';
import { paneOf } from '../../src/tui/pane.js';
import { seenOf, type Seen } from '../../src/tui/seen.js';
import { dnsLines, timelineLines } from '../../src/tui/tables.js';
import { passed } from '../event/sample.js';
import { lab } from './world.js';

const pane = paneOf(lab(), 70);
const ascii = paneOf({ ...lab(), look: { color: false, unicode: false } }, 70);
const { facts } = lab();

function http(remote: string, pod: string | undefined, client: string): Seen | undefined {
  const answer = pod === undefined ? {} : { answer: { host: 'x', path: '/', from: pod, client, forwardedFor: '' } };
  const outcome = pod === undefined ? ('refused' as const) : ('ok' as const);
  return seenOf({
    kind: 'http',
    requests: [{ url: 'x', outcome, status: 200, exitCode: 0, ms: 1, remote, ...answer }],
  });
}

function asked(place: string, subject: string, path: Judgement['path']): Judgement {
  return { ...passed(place, subject), ...(path === undefined ? {} : { path }) };
}

const TARGETS = [
  { pod: 'web-0', address: '10.244.1.9', port: 8080, node: 'raspi002' },
  { pod: 'web-1', address: '10.244.2.9', port: 8080, node: 'raspi003' },
];

describe('the way of a packet', () => {
  it('goes from a pod over the service address and the rule of its node to one of the pods', () => {
    const judgement = asked('pod@raspi002', 'http://10.97.3.4:80/', {
      client: '10.244.1.5',
      node: 'raspi002',
      targets: TARGETS,
    });
    const path = packetPath(judgement, http('10.97.3.4', 'web-1', '10.244.1.5'), facts);
    expect(path).toEqual({
      hops: [
        { what: 'client', name: 'pod@raspi002', address: '10.244.1.5' },
        { what: 'service', name: '', address: '10.97.3.4:80' },
        { what: 'rule', name: 'iptables @ raspi002' },
        { what: 'pod', name: 'web-1 @ raspi003', address: '10.244.2.9:8080' },
      ],
      before: { source: '10.244.1.5', destination: '10.97.3.4:80' },
      after: { source: '10.244.1.5', destination: '10.244.2.9:8080' },
      choices: 2,
      end: undefined,
    });
    expect(pathLines(pane, path!)).toEqual([
      'client           pod@raspi002  10.244.1.5',
      '│ before: 10.244.1.5 → 10.97.3.4:80',
      'service address  10.97.3.4:80',
      'rule             iptables @ raspi002',
      '│ after: 10.244.1.5 → 10.244.2.9:8080',
      'pod              web-1 @ raspi003  10.244.2.9:8080 (one of 2)',
    ]);
  });

  it('enters at a node for a node port, where the rule also translates the source', () => {
    const judgement = asked('operator', 'http://192.168.11.102:30080/', { targets: TARGETS });
    const path = packetPath(judgement, http('192.168.11.102', 'web-1', '10.244.1.0'), facts);
    expect(path?.hops.map(({ what, name }) => `${what} ${name}`)).toEqual([
      'client operator',
      'entry raspi002',
      'rule iptables @ raspi002',
      'pod web-1 @ raspi003',
    ]);
    const known = { ...path!, before: { ...path!.before, source: '192.168.11.1' } };
    expect(pathLines(pane, known).join('\n')).toContain('the source is translated too');
  });

  it('has no rule where the address is the pod’s own', () => {
    const judgement = asked('pod@raspi002', 'http://10.244.2.9:8080/', { client: '10.244.1.5', targets: TARGETS });
    const path = packetPath(judgement, http('10.244.2.9', 'web-1', '10.244.1.5'), facts);
    expect(path?.hops.map(({ what }) => what)).toEqual(['client', 'pod']);
    expect(path?.after).toBeUndefined();
    expect(pathLines(pane, path!).at(-1)).toContain('no translation');
  });

  it('ends at the rule when nobody answers, and says how', () => {
    const judgement = asked('pod@raspi002', 'http://10.97.3.4/', {
      client: '10.244.1.5',
      node: 'raspi002',
      targets: [],
    });
    const path = packetPath(judgement, http('10.97.3.4', undefined, ''), facts);
    expect(path?.end).toBe('refused');
    expect(pathLines(ascii, path!).at(-1)).toBe('x refused');
  });

  it('is not drawn for what is no request', () => {
    expect(packetPath(asked('api', 'x', undefined), undefined, facts)).toBeUndefined();
    expect(packetPath(asked('pod@raspi002', 'localhost', undefined), http('', undefined, ''), facts)).toBeUndefined();
  });
});

describe('bars that grow', () => {
  const live = (done: number): string[] =>
    liveLines(
      pane,
      { place: 'pod@raspi002', done, total: 999, counts: { a: done / 3, b: done / 3, c: done / 3 } },
      true,
    );

  it('grow into the band that chance allows for the whole sample, which stays where it is', () => {
    const at = (lines: string[]): number[] => lines.slice(1, 4).map((line) => line.indexOf('['));
    expect(at(live(30))).toEqual(at(live(900)));
    const cells = (lines: string[]): number => (lines[1]?.match(/█/g) ?? []).length;
    expect(cells(live(30))).toBeLessThan(cells(live(300)));
    expect(live(999)[1]).toMatch(/█\[█+·*\]/);
    expect(live(300).at(-1)).toContain('between [ and ]');
  });

  it('draw no band where evenness is not expected', () => {
    const lines = liveLines(pane, { place: 'x', done: 9, total: 39, counts: { a: 9 } }, false);
    expect(lines.join('\n')).not.toContain('[');
  });
});

describe('the heat map', () => {
  const spread = (counts: Record<string, number>, unexpected: string[] = []): Spread => ({
    total: Object.values(counts).reduce((sum, each) => sum + each, 0),
    counts,
    unexpected,
    band: [20, 45],
    chiSquare: 0,
    pValue: 1,
    detects: 'none',
  });
  const rows = [
    { entry: 'raspi001', spread: spread({ 'web-aa': 33, 'web-bb': 33, 'web-cc': 34 }) },
    { entry: 'raspi002', spread: spread({ 'web-aa': 100, 'web-bb': 0, 'web-cc': 0 }) },
    { entry: 'raspi003', spread: spread({ 'web-aa': 50, 'web-bb': 50, 'web-dd': 1 }, ['web-dd']) },
  ];

  it('says each share by shade and number, and marks what should not be', () => {
    expect(heatLines(pane, rows, false)).toEqual([
      '          aa        bb        cc        dd',
      'raspi001  ▒▒ 33 %   ▒▒ 33 %   ▒▒ 34 %   -',
      'raspi002  ██ 100 %     0 %!      0 %!   -',
      'raspi003  ▒▒ 50 %   ▒▒ 50 %   -         ░░ 1 %!',
      'darker: more; ! outside of what chance allows',
    ]);
    expect(heatLines(ascii, rows, true)[1]).toBe('raspi001  :: 33 %   :: 33 %   :: 34 %   -');
    expect(heatLines(ascii, rows, true)[2]).toBe('raspi002  ## 100 %!    0 %!      0 %!   -');
  });
});

describe('tables', () => {
  it('lists DNS answers with name, time to live, type and data', () => {
    const seen = seenOf({
      kind: 'dns',
      rcode: 'NOERROR',
      flags: ['aa'],
      answers: [
        { name: 'web.ns.svc.cluster.local.', ttl: 5, type: 'A', data: '10.97.3.4' },
        {
          name: '_http._tcp.web.ns.svc.cluster.local.',
          ttl: 30,
          type: 'SRV',
          data: '0 100 80 web.ns.svc.cluster.local.',
        },
      ],
      authority: [],
      additional: [],
      server: '10.96.0.10',
      ms: 2,
    });
    const dns = seen as Seen & { kind: 'dns' };
    expect(dnsLines(paneOf(lab(), 90), 'pod@raspi002', dns)).toEqual([
      'pod@raspi002  NOERROR  server 10.96.0.10  2 ms',
      'web.ns.svc.cluster.local.              5  A    10.97.3.4',
      '_http._tcp.web.ns.svc.cluster.local.  30  SRV  0 100 80 web.ns.svc.cluster.local.',
    ]);
    expect(dnsLines(paneOf(lab(), 40), 'pod@raspi002', dns).slice(-2)).toEqual([
      '…_tcp.web.ns.svc.cluster.local.  30  SRV',
      '    0 100 80 web.ns.svc.cluster.local.',
    ]);
  });

  it('draws how long it took from a common start, the first one first', () => {
    const lines = timelineLines(pane, [
      { what: 'serving pod@raspi003', value: 1000, unit: 'ms' },
      { what: 'service/web slices', value: 20, unit: 'ms' },
      { what: 'retries', value: 3, unit: 'times' },
    ]);
    expect(lines[0]).toMatch(/^service\/web slices {4} 20 ms {2}█$/);
    expect(lines[1]).toMatch(/^serving pod@raspi003 {2}1\.00 s {2}─+█$/);
    expect(lines[2]).toBe('retries  3 times');
  });
});
