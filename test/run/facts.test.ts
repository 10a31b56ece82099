import { describe, expect, it } from 'vitest';
import { PilabError } from '../../src/errors.js';
import type { Host } from '../../src/ports/host.js';
import { readFacts } from '../../src/run/facts.js';
import { MemoryCluster } from './memory-cluster.js';
import { host } from './world.js';

const NEVER = new AbortController().signal;

function away(name: string): Host {
  const error = new PilabError({ code: 'SSH_UNREACHABLE', message: `${name}: cannot connect`, exitCode: 3 });
  return { name, exec: () => Promise.reject(error) };
}

function silent(name: string): Host {
  return { name, exec: () => Promise.resolve({ stdout: '', stderr: '', exitCode: 7, durationMs: 1 }) };
}

describe('facts about the cluster', () => {
  it('are the version, the pod network and the nodes by name, with role, address and segment', async () => {
    const facts = await readFacts(new MemoryCluster(), [host('raspi001')], NEVER, () => undefined);
    expect(facts).toMatchObject({ serverVersion: 'v1.34.4', cni: 'flannel', proxyMode: 'iptables' });
    expect(facts.nodes.map(({ name, role, ready }) => [name, role, ready])).toEqual([
      ['raspi001', 'control-plane', true],
      ['raspi002', 'worker', true],
      ['raspi003', 'worker', true],
    ]);
    expect(facts.nodes[1]).toMatchObject({ address: '192.168.10.2', podCIDR: '10.244.1.0/24', architecture: 'arm64' });
  });

  it('take the proxy mode from the first host that answers', async () => {
    const warnings: string[] = [];
    const hosts = [away('raspi001'), silent('raspi002'), host('raspi003', 'nftables'), host('raspi004', 'ipvs')];
    const facts = await readFacts(new MemoryCluster(), hosts, NEVER, (message) => warnings.push(message));
    expect(facts.proxyMode).toBe('nftables');
    expect(warnings).toEqual([]);
  });

  it('say once, and why, that the mode is unknown when no host answers', async () => {
    const warnings: string[] = [];
    const hosts = [away('raspi001'), silent('raspi002')];
    const facts = await readFacts(new MemoryCluster(), hosts, NEVER, (message) => warnings.push(message));
    expect(facts.proxyMode).toBe('unknown');
    expect(warnings).toEqual([
      'the proxy mode is unknown: raspi001: cannot connect; raspi002: kube-proxy did not say its mode (curl exit 7)',
    ]);
  });

  it('do not take an error page for a mode', async () => {
    const facts = await readFacts(
      new MemoryCluster(),
      [host('raspi001', '404 page not found')],
      NEVER,
      () => undefined,
    );
    expect(facts.proxyMode).toBe('unknown');
  });

  it('end the questions to hosts when the API server is away, and nobody hears of those hosts later', async () => {
    const gone = new PilabError({ code: 'CLUSTER_UNREACHABLE', message: 'away', exitCode: 3 });
    const warnings: string[] = [];
    let asked: AbortSignal | undefined;
    const slow: Host = {
      name: 'raspi001',
      exec: (_argv, options) =>
        new Promise((_resolve, reject) => {
          asked = options?.signal;
          asked?.addEventListener('abort', () => reject(new Error('stopped')));
        }),
    };
    const cluster = new MemoryCluster({ before: (verb) => (verb === 'version' ? gone : undefined) });
    const reading = readFacts(cluster, [slow, away('raspi002')], NEVER, (message) => warnings.push(message));
    await expect(reading).rejects.toBe(gone);
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked?.aborted).toBe(true);
    expect(warnings).toEqual([]);
  });
});
