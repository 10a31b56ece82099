import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeCommand } from '../../src/check/command.js';
import { judgeSameRules, linesAbout, type RulesExpectation } from '../../src/check/rules.js';
import type { Judged } from '../../src/check/judged.js';
import type { LiveObject } from '../../src/model/object.js';

const captured = (name: string): string => readFileSync(new URL(`../probe/captured/${name}`, import.meta.url), 'utf8');
const TEXTS = { iptables: captured('iptables-save.txt'), nftables: captured('nft-kube-proxy.txt') };
type Mode = keyof typeof TEXTS;
const MODES: Mode[] = ['iptables', 'nftables'];

const PODS = ['10.244.1.5', '10.244.2.4', '10.244.2.5'];
const PORT = { name: 'http-port', port: 8080, protocol: 'TCP' };

function slice(of: string, addresses: readonly string[], ports = [{ ...PORT, port: 80 }]): LiveObject {
  return {
    metadata: { labels: { 'kubernetes.io/service-name': of } },
    ports,
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  };
}

interface Given {
  readonly mode?: Mode | 'ipvs';
  readonly text?: string;
  readonly spec?: Record<string, unknown>;
  readonly pods?: readonly string[];
  readonly gone?: boolean;
}

/** The rules about a captured Service beside live objects. */
function judge(service: string, expect: Partial<RulesExpectation>, given: Given = {}): Judged {
  const { mode = 'iptables', spec = {}, pods = PODS, gone = false } = given;
  const text = given.text ?? TEXTS[mode as Mode];
  const live = { metadata: { name: service }, spec: { ports: [PORT], ...spec } };
  return judgeCommand(
    { rules: { service, are: 'endpoints', ...expect } },
    { kind: 'command', exitCode: 0, stdout: text, stderr: '' },
    {
      proxyMode: mode,
      node: 'raspi002',
      rules: { name: `svc-cap/${service}`, service: gone ? undefined : live, slices: [slice(service, pods)] },
    },
  );
}

const bad = ({ findings }: Judged): string[] =>
  findings.filter(({ verdict }) => verdict !== 'passed').map(({ what, observed }) => `${what}: ${observed}`);

describe.each(MODES)('rules beside live objects, mode %s', (mode) => {
  it('are the endpoints, each with the same chance', () => {
    const judged = judge('cip', {}, { mode, spec: { clusterIP: '10.97.79.31' } });
    expect(judged.findings.map(({ what, observed }) => `${what}: ${observed}`)).toEqual([
      'exit: 0',
      'caught: 10.97.79.31:8080/tcp',
      'targets: 10.244.1.5:80, 10.244.2.4:80, 10.244.2.5:80',
      'chances: 1/3 each',
    ]);
    expect(judged.verdict).toBe('passed');
  });

  it('fail for another address, port, protocol, or a set of pods that they do not know', () => {
    const clusterIP = '10.97.79.31';
    expect(bad(judge('cip', {}, { mode, spec: { clusterIP: '10.97.79.3' } }))).toEqual(['caught: no such rule']);
    expect(bad(judge('cip', {}, { mode, spec: { clusterIP, ports: [{ ...PORT, port: 80 }] } }))).toEqual([
      'caught: no such rule',
    ]);
    const stale = judge('cip', {}, { mode, spec: { clusterIP }, pods: ['10.244.1.5', '10.244.2.4', '10.244.2.9'] });
    expect(bad(stale)).toEqual(['targets: 10.244.1.5:80, 10.244.2.4:80, 10.244.2.5:80']);
    expect(stale.next[0]?.en).toContain(`ssh raspi002 ${mode === 'nftables' ? 'sudo nft' : '"sudo iptables-save'}`);
    expect(bad(judge('none', {}, { mode, spec: { clusterIP: '10.103.198.85' } }))).toEqual(['targets: reject']);
  });

  it('hold for further addresses and node ports, or say which is not caught', () => {
    const ext = { mode, spec: { clusterIP: '10.105.55.4', ports: [{ ...PORT, port: 8089 }] } };
    expect(judge('ext', { addresses: ['192.168.66.12', '192.168.66.13'] }, ext).verdict).toBe('passed');
    const missing = judge('ext', { addresses: ['192.168.66.11'] }, ext);
    expect(missing.findings.find(({ verdict }) => verdict === 'failed')).toMatchObject({
      expected: '192.168.66.11:8089/tcp',
      observed: 'no such rule',
    });
    const np = (nodePort: number): Judged =>
      judge('np', { nodePorts: true }, { mode, spec: { clusterIP: '10.105.184.115', ports: [{ ...PORT, nodePort }] } });
    expect(np(31526).verdict).toBe('passed');
    expect(bad(np(31527))).toEqual(['caught: no such rule']);
  });

  it('of a node port with policy Local need only be there: each node has its own pods', () => {
    const spec = {
      clusterIP: '10.104.191.185',
      externalTrafficPolicy: 'Local',
      ports: [{ ...PORT, nodePort: 31782 }],
    };
    expect(judge('npl', { nodePorts: true }, { mode, spec }).verdict).toBe('passed');
  });

  it('are none for a headless Service and for one that is gone, and something for others', () => {
    expect(judge('headless', { are: 'none' }, { mode, spec: { clusterIP: 'None' } }).verdict).toBe('passed');
    expect(judge('deleted', { are: 'none' }, { mode, gone: true }).verdict).toBe('passed');
    expect(bad(judge('none', { are: 'none' }, { mode }))).toEqual(['rules: 10.103.198.85:8080/tcp reject']);
    // The name is the whole name.
    expect(judge('ci', { are: 'none' }, { mode, gone: true }).verdict).toBe('passed');
  });

  it('cannot be judged without endpoints, or of a text that has no rules at all', () => {
    const spec = { clusterIP: '10.97.79.31' };
    expect(judge('cip', {}, { mode, spec, pods: [] }).verdict).toBe('inconclusive');
    expect(judge('cip', { are: 'none' }, { mode, text: '' }).verdict).toBe('inconclusive');
    expect(judge('cip', {}, { mode, spec, text: '' }).verdict).toBe('failed');
    expect(judge('cip', {}, { mode, gone: true }).verdict).toBe('inconclusive');
  });

  it('are compared over all places, and the odd one is named', () => {
    const at = (place: string, stdout: string | undefined) => ({ place: `host@${place}`, node: place, stdout });
    const text = TEXTS[mode];
    const same = judgeSameRules('svc-cap/cip', mode, [at('a', text), at('b', text), at('c', text)]);
    expect(same.verdict).toBe('passed');
    const fewer = text.replaceAll(/^.*svc-cap\/cip.*\n/gm, '');
    const odd = judgeSameRules('svc-cap/cip', mode, [at('a', text), at('b', fewer), at('c', text)]);
    expect(odd.findings[0]).toMatchObject({
      verdict: 'failed',
      observed: expect.stringMatching(/^host@a, host@c: .* \| host@b: no rule$/) as string,
    });
    expect(odd.next[0]?.en).toContain('ssh b ');
    expect(judgeSameRules('svc-cap/cip', mode, [at('a', text), at('b', undefined)]).verdict).toBe('inconclusive');
    expect(judgeSameRules('svc-cap/cip', mode, [at('a', text)]).verdict).toBe('inconclusive');
  });

  it('are shown as the lines about the Service', () => {
    const lines = linesAbout('svc-cap/multi', TEXTS[mode]).split('\n');
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(line).toMatch(/svc-cap\/multi\b/);
    expect(linesAbout('svc-cap/mult', TEXTS[mode])).toBe('no line about svc-cap/mult');
  });
});

it('a mode that has no reader is not judged', () => {
  expect(bad(judge('cip', {}, { mode: 'ipvs', text: '' }))).toEqual([
    'rules: the rules of proxy mode ipvs cannot be read',
  ]);
});
