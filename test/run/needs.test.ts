import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../src/event/event.js';
import type { Step } from '../../src/playbook/schema.js';
import { unmetNeed, unmetWhen } from '../../src/run/needs.js';

const FACTS: ClusterFacts = {
  serverVersion: 'v1.34.4',
  proxyMode: 'iptables',
  cni: 'unknown',
  nodes: [node('raspi001', 'control-plane', true), node('raspi002', 'worker', true), node('raspi003', 'worker', false)],
};

function node(name: string, role: 'control-plane' | 'worker', ready: boolean): ClusterFacts['nodes'][number] {
  return { name, role, ready, address: '', podCIDR: '', kubeletVersion: '', architecture: '' };
}

describe('needs of a playbook', () => {
  it.each([
    [{}, undefined],
    [{ nodes: 2, workers: 1, proxyMode: ['iptables' as const, 'nftables' as const] }, undefined],
    [{ nodes: 3 }, 'needs 3 ready nodes, the cluster has 2'],
    [{ workers: 2 }, 'needs 2 ready workers, the cluster has 1'],
    [{ cni: 'flannel' as const }, 'needs the pod network flannel; this cluster has unknown'],
    [{ proxyMode: ['ipvs' as const] }, 'holds in proxy mode ipvs; this cluster runs iptables'],
  ])('%j: %s', (needs, reason) => {
    expect(unmetNeed(needs, FACTS)?.en).toBe(reason);
  });

  it('are told in both languages', () => {
    expect(unmetNeed({ nodes: 3 }, FACTS)?.ja).toBe('Ready のノードが 3 台必要ですが、2 台しかありません');
  });
});

describe('the condition of a step', () => {
  const step = (proxyMode?: string[]): Step => ({ kind: 'check', when: proxyMode && { proxyMode } }) as unknown as Step;

  it('is met without one, and in a mode that it names', () => {
    expect(unmetWhen(step(), FACTS)).toBeUndefined();
    expect(unmetWhen(step(['nftables', 'iptables']), FACTS)).toBeUndefined();
  });

  it('is not met in another mode, nor in an unknown one', () => {
    expect(unmetWhen(step(['nftables', 'ipvs']), FACTS)?.en).toContain('nftables, ipvs; this cluster runs iptables');
    expect(unmetWhen(step(['iptables']), { ...FACTS, proxyMode: 'unknown' })?.en).toContain('runs unknown');
  });
});
