import { describe, expect, it } from 'vitest';
import { resolvePlaces } from '../../src/steps/places.js';
import { FACTS, NAMESPACE, NEVER, cluster, sources } from './world.js';

describe('where a probe starts', () => {
  it.each([
    ['pod', ['pod@raspi002']],
    ['pod@raspi003', ['pod@raspi003']],
    ['pod@each', ['pod@raspi002', 'pod@raspi003']],
    ['pod@all', ['pod@raspi002', 'pod@raspi003', 'pod@raspi001']],
    ['neighbour', ['neighbour@raspi002']],
    ['host@raspi001', ['host@raspi001']],
    ['host@each', ['host@raspi001', 'host@raspi002', 'host@raspi003']],
    ['operator', ['operator']],
    ['in/app=web', ['in/web-0@raspi002']],
    ['in/app=web/server', ['in/web-0@raspi002']],
  ])('%s: %j', async (from, labels) => {
    const places = await resolvePlaces(from, sources(await cluster()), NEVER);
    expect(places.map(({ label }) => label)).toEqual(labels);
  });

  it('is a node that is not ready only when the playbook names it', async () => {
    const places = await resolvePlaces('pod@raspi004', sources(await cluster()), NEVER);
    expect(places.map(({ node }) => node)).toEqual(['raspi004']);
  });

  it('is the control plane in a cluster without workers', async () => {
    const facts = { ...FACTS, nodes: FACTS.nodes.slice(0, 1) };
    for (const from of ['pod', 'pod@each', 'pod@all', 'neighbour']) {
      const places = await resolvePlaces(from, sources(await cluster(), { facts }), NEVER);
      expect(places.map(({ node }) => node)).toEqual(['raspi001']);
    }
  });

  it('is nowhere in a cluster without a ready node, which is an error and not an empty list', async () => {
    const facts = { ...FACTS, nodes: FACTS.nodes.slice(3) };
    await expect(resolvePlaces('pod@each', sources(await cluster(), { facts }), NEVER)).rejects.toMatchObject({
      code: 'PROBE_NO_NODE',
      message: 'no ready node for a probe from pod@each',
      hint: 'kubectl get nodes -o wide',
      exitCode: 3,
    });
  });

  it('is a pod in the namespace that it belongs to, with the address that others see', async () => {
    const of = await cluster();
    const [probe] = await resolvePlaces('pod', sources(of), NEVER);
    const [neighbour] = await resolvePlaces('neighbour', sources(of), NEVER);
    const [inside] = await resolvePlaces('in/app=web/server', sources(of), NEVER);
    expect(probe).toMatchObject({ namespace: NAMESPACE, pod: 'pilab-probe-raspi002', ip: '127.0.0.1' });
    expect(neighbour).toMatchObject({ namespace: `${NAMESPACE}-b`, kind: 'pod' });
    expect(inside).toMatchObject({ kind: 'in', pod: 'web-0', container: 'server', ip: '10.244.1.1' });
  });

  it('says with which command to look when no pod matches', async () => {
    await expect(resolvePlaces('in/app=none', sources(await cluster()), NEVER)).rejects.toMatchObject({
      code: 'PROBE_NO_POD',
      message: `no ready pod in ${NAMESPACE} matches app=none`,
      hint: `kubectl -n ${NAMESPACE} get pods -l app=none -o wide`,
    });
  });
});
