import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseIptablesRules } from '../../src/probe/iptables-rules.js';
import { parseNftRules } from '../../src/probe/nft-rules.js';
import type { ProxyRules } from '../../src/probe/service-rules.js';

/** One node (raspi002, two of three pods) with the same Services, captured in both modes from Kubernetes 1.34.4. */
const captured = (name: string): string => readFileSync(new URL(`captured/${name}`, import.meta.url), 'utf8');
const IPTABLES = captured('iptables-save.txt');
const NFT = captured('nft-kube-proxy.txt');
const readers = [
  ['iptables', parseIptablesRules, IPTABLES],
  ['nftables', parseNftRules, NFT],
] as const;

/** `8080/tcp of 10.97.79.31 balance 10.244.1.5:80 33%, …`, the rules about one Service. */
function about(service: string, { rules }: ProxyRules): string[] {
  return rules
    .filter((rule) => rule.service === `svc-cap/${service}`)
    .map(({ address, port, protocol, portName, does, targets }) => {
      const to = targets.map(({ destination, chance }) => ` ${destination} ${Math.round(chance * 100)}%`).join(',');
      return `${address ?? 'node'} ${port}/${protocol} ${portName}: ${does}${to}`;
    })
    .sort();
}
const THREE = ' 10.244.1.5:80 33%, 10.244.2.4:80 33%, 10.244.2.5:80 33%';
const OWN = ' 10.244.2.4:80 50%, 10.244.2.5:80 50%';

describe.each(readers)('the rules of kube-proxy in mode %s', (_mode, read, text) => {
  const seen = read(text);

  it.each([
    ['cip', [`10.97.79.31 8080/tcp http-port: balance${THREE}`]],
    ['unnamed', [`10.98.57.103 8080/tcp : balance${THREE}`]],
    [
      'multi',
      [
        `10.106.223.187 8080/tcp http-port: balance${THREE}`,
        `10.106.223.187 8443/tcp https-port: balance${THREE.replaceAll(':80', ':443')}`,
      ],
    ],
    [
      'udp',
      [
        `10.108.139.109 53/tcp dns-tcp: balance${THREE.replaceAll(':80', ':53')}`,
        `10.108.139.109 53/udp dns: balance${THREE.replaceAll(':80', ':53')}`,
      ],
    ],
  ])('%s: the address leads to every pod with equal chances', (service, expected) => {
    expect(about(service, seen)).toEqual(expected);
  });

  it('external addresses, load balancer addresses and node ports lead there too, whatever chain lies between', () => {
    expect(about('ext', seen)).toEqual(
      ['10.105.55.4', '192.168.66.12', '192.168.66.13'].map((ip) => `${ip} 8089/tcp http-port: balance${THREE}`),
    );
    expect(about('lb', seen)).toEqual([
      `10.99.162.217 8080/tcp http-port: balance${THREE}`,
      `192.168.66.240 8080/tcp http-port: balance${THREE}`,
      `node 31755/tcp http-port: balance${THREE}`,
    ]);
    // Source ranges stand before it.
    expect(about('lbfw', seen)).toContain(`192.168.66.243 8080/tcp http-port: balance${THREE}`);
    expect(about('np', seen)).toContain(`node 31526/tcp http-port: balance${THREE}`);
  });

  it('policy Local: outside clients get this node’s pods, the address all of them', () => {
    expect(about('npl', seen)).toEqual([
      `10.104.191.185 8080/tcp http-port: balance${THREE}`,
      `node 31782/tcp http-port: balance${OWN}`,
    ]);
    expect(about('itl', seen)).toEqual([`10.97.94.240 8080/tcp http-port: balance${OWN}`]);
  });

  it('affinity does not change the chances of a client that is new', () => {
    expect(about('aff', seen)).toEqual([`10.110.40.28 8080/tcp http-port: balance${THREE}`]);
  });

  it('without endpoints it refuses, at every address and node port', () => {
    expect(about('none', seen)).toEqual(['10.103.198.85 8080/tcp http-port: reject']);
    expect(about('noneext', seen)).toEqual([
      '10.105.215.232 8090/tcp http-port: reject',
      '192.168.66.12 8090/tcp http-port: reject',
      'node 31414/tcp http-port: reject',
    ]);
  });

  it('there is nothing about a headless Service', () => {
    expect(seen.found).toBe(true);
    expect(about('headless', seen)).toEqual([]);
  });

  it('a text of something else is not taken for rules', () => {
    for (const other of ['', 'Error: No such file or directory', text === NFT ? IPTABLES : NFT]) {
      expect(read(other)).toEqual({ found: false, rules: [] });
    }
  });
});

describe('the two readers', () => {
  it('say the same of the same Services', () => {
    const lines = ({ rules }: ProxyRules): string[] =>
      rules
        .map(({ service, portName, protocol, address, port, does, targets }) =>
          [
            ...[service, portName, protocol, address, port, does],
            ...targets.map(({ destination, chance }) => `${destination} ${chance.toFixed(6)}`),
          ].join(' '),
        )
        .sort();
    expect(lines(parseIptablesRules(IPTABLES))).toEqual(lines(parseNftRules(NFT)));
  });

  it('see a probability that somebody changed, and packets that are left over', () => {
    const skewed = IPTABLES.replaceAll(/("svc-cap\/cip:http-port -> .*--probability) 0\.5\d*/g, '$1 0.40000000000');
    expect(about('cip', parseIptablesRules(skewed))).toEqual([
      '10.97.79.31 8080/tcp http-port: balance 10.244.1.5:80 33%, 10.244.2.4:80 27%, 10.244.2.5:80 40%',
    ]);
    const cut = NFT.replace(/(numgen random mod 3 vmap \{)( 0 : goto \S+svc-cap\/cip\/\S+,)/, '$1');
    expect(about('cip', parseNftRules(cut))).toEqual([
      '10.97.79.31 8080/tcp http-port: balance 10.244.2.4:80 33%, 10.244.2.5:80 33%',
    ]);
  });

  it('see an address without the chain that it should lead to', () => {
    const flushed = IPTABLES.replaceAll(/^-A KUBE-(SVC|SEP)-.*\n/gm, '');
    expect(about('cip', parseIptablesRules(flushed))).toEqual(['10.97.79.31 8080/tcp http-port: balance']);
  });

  it('read a single table or map', () => {
    const table = /^\*filter$[^]*?^COMMIT$/m.exec(IPTABLES)?.[0] ?? '';
    expect(about('none', parseIptablesRules(table))).toEqual(['10.103.198.85 8080/tcp http-port: reject']);
    const map = /\tmap no-endpoint-services \{[^]*?\n\t\}/.exec(NFT)?.[0] ?? '';
    expect(about('none', parseNftRules(`table ip kube-proxy {\n${map}\n}\n`))).toEqual([
      '10.103.198.85 8080/tcp http-port: reject',
    ]);
  });
});
