import { describe, expect, it } from 'vitest';
import { judgeCommand } from '../../src/check/command.js';
import type { CommandExpectation } from '../../src/playbook/schema.js';
import type { Observation } from '../../src/probe/observation.js';
import { service } from '../model/objects.js';

const ran = (stdout: string, exitCode = 0, stderr = ''): Observation => ({ kind: 'command', exitCode, stdout, stderr });
const verdict = (expected: CommandExpectation, seen: Observation, context = {}): string =>
  judgeCommand(expected, seen, context).verdict;

describe('a command', () => {
  it('must end with 0 unless another status is named', () => {
    expect(verdict({}, ran(''))).toBe('passed');
    expect(verdict({}, ran('', 1))).toBe('failed');
    expect(verdict({ exit: 1 }, ran('', 1))).toBe('passed');
    expect(judgeCommand({}, ran('', 2, 'no such file')).findings[0]?.observed).toBe('2: no such file');
  });

  it('must print, match and lack what is named, each on its own', () => {
    const expected = { contains: ['vxlan', 'flannel'], matches: ['^5: .*dstport 8472'], lacks: ['LOWER_DOWN'] };
    const good = '5: flannel.1: <UP> vxlan id 1 dstport 8472';
    expect(verdict(expected, ran(`first\n${good}`))).toBe('passed');
    const bad = judgeCommand(expected, ran('6: flannel.1: <UP,LOWER_DOWN>'));
    expect(bad.findings.map(({ what, verdict: v }) => `${what} ${v}`)).toEqual([
      'exit passed',
      'contains failed',
      'contains passed',
      'matches failed',
      'lacks failed',
    ]);
  });

  it('that was not measured is inconclusive', () => {
    expect(verdict({}, { kind: 'unmeasured', reason: 'ping cannot be run there' })).toBe('inconclusive');
  });
});

describe('resolv.conf', () => {
  const expected: CommandExpectation = {
    resolvConf: {
      nameserver: ['10.96.0.10'],
      searchStartsWith: ['pilab-x.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      options: ['ndots:5'],
    },
  };
  const text = (nameserver: string, search: string, options: string): Observation =>
    ran(`search ${search}\nnameserver ${nameserver}\noptions ${options}\n`);

  it('may have more domains after those that are named, but not before', () => {
    const search = 'pilab-x.svc.cluster.local svc.cluster.local cluster.local';
    expect(verdict(expected, text('10.96.0.10', `${search} home.lan`, 'ndots:5 edns0'))).toBe('passed');
    expect(verdict(expected, text('10.96.0.10', `home.lan ${search}`, 'ndots:5'))).toBe('failed');
    expect(verdict(expected, text('192.168.66.1', search, 'ndots:5'))).toBe('failed');
    expect(verdict(expected, text('10.96.0.10', search, 'ndots:1'))).toBe('failed');
    expect(verdict(expected, ran(''))).toBe('failed');
  });

  it('leads to the pod itself first, then to the kubelet of its node', () => {
    const other = text('10.96.0.10', 'pilab-x.svc.cluster.local svc.cluster.local cluster.local', 'ndots:1');
    const next = judgeCommand(expected, other, { node: 'raspi002', namespace: 'pilab-x' }).next.map(({ en }) => en);
    expect(next[0]).toMatch(/kubectl -n pilab-x get pods .*dnsConfig/);
    expect(next[1]).toMatch(/ssh raspi002 .*kubelet/);
  });
});

describe('routes to the pods of other nodes', () => {
  const node = (index: number) => ({
    name: `raspi00${index}`,
    podCIDR: `10.244.${index - 1}.0/24`,
    address: `192.168.66.1${index}`,
  });
  const context = { node: 'raspi001', nodes: [1, 2, 3].map(node) };
  const own = '10.244.0.0/24 dev cni0 proto kernel scope link src 10.244.0.1\n';
  const judge = (routes: string, at: object = context): string =>
    verdict({ routes: 'pod-network' }, ran(own + routes), at);

  it('go through flannel.1 onlink, or straight to the node', () => {
    expect(
      judge('10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink\n10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink\n'),
    ).toBe('passed');
    expect(judge('10.244.1.0/24 via 192.168.66.12 dev eth0\n10.244.2.0/24 via 192.168.66.13 dev eth0\n')).toBe(
      'passed',
    );
  });

  it('must be there for every other node, and lead to that node', () => {
    const one = '10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink\n';
    expect(judge(one)).toBe('failed');
    expect(judge(`${one}10.244.2.0/24 via 10.244.1.0 dev flannel.1 onlink\n`)).toBe('failed');
    expect(judge(`${one}10.244.2.0/24 via 192.168.66.12 dev eth0\n`)).toBe('failed');
    expect(judge(`${one}10.244.2.0/24 via 10.244.2.0 dev flannel.1\n`)).toBe('failed');
  });

  it('cannot be judged from elsewhere, or where no other node is', () => {
    expect(judge('', { ...context, node: 'laptop' })).toBe('inconclusive');
    expect(judge('', { node: 'raspi001', nodes: [node(1)] })).toBe('inconclusive');
    expect(judge('', {})).toBe('inconclusive');
  });
});

describe('a Service without endpoints', () => {
  const IPTABLES = `*filter
-A KUBE-SERVICES -d 10.97.118.49/32 -p tcp -m comment --comment "p/sample-clusterip:http-port has no endpoints" -m tcp --dport 8080 -j REJECT --reject-with icmp-port-unreachable
-A KUBE-SERVICES -d 10.97.118.4/32 -p tcp -m comment --comment "p/other:x has no endpoints" -m tcp --dport 9090 -j REJECT --reject-with icmp-port-unreachable
-A KUBE-SERVICES -d 10.97.118.49/32 -p udp -m comment --comment "p/sample-clusterip:dns has no endpoints" -m udp --dport 53 -j REJECT
-A KUBE-SERVICES -d 10.97.118.49/32 -p tcp -m comment --comment "p/sample-clusterip:b" -m tcp --dport 8443 -j KUBE-SVC-FKA3RRGIYJJPJOWG
COMMIT
`;
  const NFT = `table ip kube-proxy {
	map no-endpoint-services {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.212 . tcp . 8080 comment "p3/none:http-port" : goto reject-chain,
			     110.96.0.212 . tcp . 81 comment "p3/x:y" : goto reject-chain,
			     10.96.0.212 . tcp . 8443 comment "p3/none:https" : goto reject-chain,
			     10.96.0.212 . tcp . 9000 comment "p3/lbl:http-port" : drop }
	}
}
`;

  const at = (proxyMode: string, clusterIP: string, ...ports: number[]): object => ({
    proxyMode,
    rules: {
      name: 'p/sample-clusterip',
      service: service({ clusterIP, ports: ports.map((port) => ({ port, protocol: 'TCP' })) }),
      slices: [],
    },
  });
  const rejects = { rejects: { service: 'sample-clusterip' } };

  it('must be rejected at its exact address, on every one of its TCP ports', () => {
    expect(verdict(rejects, ran(IPTABLES), at('iptables', '10.97.118.49', 8080))).toBe('passed');
    expect(verdict(rejects, ran(IPTABLES), at('iptables', '10.97.118.4', 8080))).toBe('failed');
    expect(verdict(rejects, ran(IPTABLES), at('iptables', '10.97.118.49', 8080, 8443))).toBe('failed');
    expect(verdict(rejects, ran(NFT), at('nftables', '10.96.0.212', 8080, 8443))).toBe('passed');
    expect(verdict(rejects, ran(NFT), at('nftables', '10.96.0.212', 8080, 8443, 9000))).toBe('failed');
    expect(verdict(rejects, ran(NFT), at('nftables', '10.96.0.21', 81))).toBe('failed');
    expect(verdict(rejects, ran(''), at('nftables', '10.96.0.212', 8080))).toBe('failed');
  });

  it('cannot be judged without an address, or in a mode that has no reader', () => {
    expect(verdict(rejects, ran(''), at('iptables', 'None', 8080))).toBe('inconclusive');
    expect(verdict(rejects, ran(''))).toBe('inconclusive');
    expect(verdict(rejects, ran(IPTABLES), at('ipvs', '10.97.118.49', 8080))).toBe('inconclusive');
  });
});
