import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../src/event/event.js';
import type { Playbook, Step } from '../../src/playbook/schema.js';
import { unmetNeed, unmetWhen } from '../../src/run/needs.js';
import { lab } from './world.js';

const FACTS: ClusterFacts = {
  serverVersion: 'v1.34.4',
  proxyMode: 'iptables',
  cni: 'unknown',
  coreDNS: '1.14.7',
  loadBalancer: 'metallb',
  ingressClasses: [
    { name: 'nginx', controller: 'k8s.io/ingress-nginx' },
    { name: 'traefik', controller: 'traefik.io/ingress-controller' },
  ],
  nodes: [node('raspi001', 'control-plane', true), node('raspi002', 'worker', true), node('raspi003', 'worker', false)],
};

function node(name: string, role: 'control-plane' | 'worker', ready: boolean): ClusterFacts['nodes'][number] {
  return { name, role, ready, address: '', podCIDR: '', kubeletVersion: '', architecture: '' };
}

/** A record of before add-ons were read. */
const { serverVersion, proxyMode, cni, nodes } = FACTS;
const BARE: ClusterFacts = { serverVersion, proxyMode, cni, nodes };

const server = { name: 'web1', address: '192.168.10.21', port: 80 };

describe('needs of a playbook', () => {
  it.each<[Playbook['needs'], string | undefined]>([
    [{}, undefined],
    [{ nodes: 2, workers: 1, proxyMode: ['iptables', 'nftables'] }, undefined],
    [{ nodes: 3 }, 'needs 3 ready nodes, the cluster has 2'],
    [{ workers: 2 }, 'needs 2 ready workers, the cluster has 1'],
    [{ cni: 'flannel' }, 'needs the pod network flannel; this cluster has unknown'],
    [{ proxyMode: ['ipvs'] }, 'holds in proxy mode ipvs; this cluster runs iptables'],
    [{ server: '>=1.33 <1.36', loadBalancer: true, ingressClasses: 2 }, undefined],
    [{ server: '>=1.36' }, 'holds for Kubernetes >=1.36; here it is v1.34.4'],
    [{ ingressClasses: 3 }, 'needs 3 ingress classes with a controller, there are 2: kubectl get ingressclasses'],
    [{ outside: 1 }, 'needs 1 web servers outside the cluster, the lab file names 0 (outside:)'],
  ])('%j: %s', (needs, reason) => {
    expect(unmetNeed(needs, FACTS, lab())?.en).toBe(reason);
  });

  it('of workers are met by those that take pods', () => {
    const facts = { ...FACTS, nodes: FACTS.nodes.map((each) => ({ ...each, cordoned: true as const })) };
    expect(unmetNeed({ workers: 1 }, facts, lab())?.en).toBe(
      'needs 1 ready workers, the cluster has 0 (cordoned: raspi001, raspi002, raspi003)',
    );
  });

  it('look into the lab file as well', () => {
    expect(unmetNeed({ outside: 1 }, FACTS, lab({ outside: [server] }))).toBeUndefined();
    const one = lab({ ingress: { classes: ['traefik', 'haproxy'] } });
    expect(unmetNeed({ ingressClasses: 2 }, FACTS, one)?.en).toContain('there are 1');
  });

  it('are not met by what could not be found out', () => {
    expect(unmetNeed({ loadBalancer: true }, { ...FACTS, loadBalancer: 'unknown' }, lab())).toBeUndefined();
    expect(unmetNeed({ loadBalancer: true }, { ...FACTS, loadBalancer: 'none' }, lab())?.en).toContain(
      'none was found',
    );
    expect(unmetNeed({ loadBalancer: true }, BARE, lab())?.en).toContain('none was found');
    expect(unmetNeed({ ingressClasses: 1 }, BARE, lab())?.en).toContain('there are 0');
  });

  it('are told in both languages', () => {
    expect(unmetNeed({ nodes: 3 }, FACTS, lab())?.ja).toBe('Ready のノードが 3 台必要ですが、2 台しかありません');
  });
});

describe('the condition of a step', () => {
  const step = (when?: Step['when']): Step => ({ kind: 'check', when }) as unknown as Step;

  it.each<[Step['when']]>([
    [undefined],
    [{ proxyMode: ['nftables', 'iptables'] }],
    [{ server: '>=1.34', coreDNS: '>=1.13', loadBalancer: ['metallb'] }],
    [{ ingressController: ['k8s.io/ingress-nginx'] }],
  ])('is met: %j', (when) => {
    expect(unmetWhen(step(when), FACTS, lab())).toBeUndefined();
  });

  it.each<[NonNullable<Step['when']>, string]>([
    [{ proxyMode: ['nftables', 'ipvs'] }, 'nftables, ipvs; this cluster runs iptables'],
    [{ cni: 'flannel' }, 'this cluster has unknown'],
    [{ server: '<1.34' }, 'here it is v1.34.4'],
    [{ coreDNS: '<1.14' }, 'CoreDNS <1.14; here it is 1.14.7'],
    [{ metalLB: '>=0.15' }, 'MetalLB >=0.15; here it is absent or unknown'],
    [{ ingressController: ['traefik.io/ingress-controller'] }, 'here it is k8s.io/ingress-nginx'],
    [{ loadBalancer: ['none'] }, 'here it is metallb'],
  ])('is not met: %j', (when, reason) => {
    expect(unmetWhen(step(when), FACTS, lab())?.en).toContain(reason);
  });

  it('asks for the controller of the class that the exercise uses', () => {
    const traefik = lab({ ingress: { classes: ['traefik'] } });
    expect(unmetWhen(step({ ingressController: ['traefik.io/ingress-controller'] }), FACTS, traefik)).toBeUndefined();
  });

  it('is not met by what is unknown', () => {
    const unknown = { ...BARE, proxyMode: 'unknown' };
    expect(unmetWhen(step({ proxyMode: ['iptables'] }), unknown, lab())?.en).toContain('runs unknown');
    expect(unmetWhen(step({ coreDNS: '>=1.0' }), unknown, lab())?.en).toContain('absent or unknown');
    expect(unmetWhen(step({ loadBalancer: ['metallb', 'none'] }), unknown, lab())?.en).toContain('here it is unknown');
  });
});
