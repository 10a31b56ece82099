import { describe, expect, it } from 'vitest';
import { PilabError } from '../../src/errors.js';
import { ProbePods } from '../../src/steps/probe-pods.js';
import type { MemoryCluster } from '../run/memory-cluster.js';
import { NAMESPACE, NEVER, cluster } from './world.js';

function made(of: MemoryCluster): string[] {
  return of.calls.filter((call) => call.startsWith('apply Pod/'));
}

describe('probe pods', () => {
  it('are made once a node and namespace, also for callers side by side', async () => {
    const of = await cluster();
    const pods = new ProbePods(of, 'probe', { run: 'x' });
    const get = (node: string, namespace = NAMESPACE): Promise<unknown> => pods.get(namespace, node, NEVER);
    const [a, b] = await Promise.all([get('raspi002'), get('raspi002'), get('raspi003')]);
    expect(a).toEqual({ pod: 'pilab-probe-raspi002', ip: '127.0.0.1' });
    expect(b).toBe(a);
    await get('raspi002', `${NAMESPACE}-b`);
    expect(made(of)).toHaveLength(3);
  });

  it('run the image of the lab, on that node, labelled with the run', async () => {
    const of = await cluster();
    await new ProbePods(of, 'registry.class/probe:1', { run: 'x' }).get(NAMESPACE, 'raspi003', NEVER);
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'pilab-probe-raspi003' };
    expect(await of.get(ref)).toMatchObject({
      metadata: { labels: { run: 'x' } },
      spec: { nodeName: 'raspi003', containers: [{ image: 'registry.class/probe:1' }] },
    });
  });

  it('are asked for again after a failure', async () => {
    const troubles = [new PilabError({ code: 'CLUSTER_UNREACHABLE', message: 'away', exitCode: 3 })];
    const of = await cluster();
    of.faults.before = (verb, subject) =>
      verb === 'apply' && subject.startsWith('Pod/') ? troubles.shift() : undefined;
    const pods = new ProbePods(of, 'probe', {});
    await expect(pods.get(NAMESPACE, 'raspi002', NEVER)).rejects.toThrow('away');
    expect(await pods.get(NAMESPACE, 'raspi002', NEVER)).toMatchObject({ pod: 'pilab-probe-raspi002' });
  });

  it('that are over, because a class took longer than they live, are made anew', async () => {
    const of = await cluster();
    const pods = new ProbePods(of, 'probe', {});
    await pods.get(NAMESPACE, 'raspi002', NEVER);
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'pilab-probe-raspi002' };
    const { name, namespace } = ref;
    await of.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, status: { phase: 'Failed' } });
    pods.forget();
    expect(await pods.get(NAMESPACE, 'raspi002', NEVER)).toMatchObject({ pod: name });
    expect(await of.get(ref)).toMatchObject({ status: { phase: 'Running' } });
  });

  it('that cannot start say at once why, and what an air-gapped lab does', async () => {
    const waiting = { pods: 'pilab-probe', reason: 'ImagePullBackOff', message: 'Back-off pulling image "probe"' };
    const pods = new ProbePods(await cluster({ waiting }), 'probe', {});
    await expect(pods.get(NAMESPACE, 'raspi002', NEVER)).rejects.toMatchObject({
      code: 'PROBE_POD_FAILED',
      message: 'the probe pod on raspi002 cannot start: ImagePullBackOff: Back-off pulling image "probe"',
      hint: expect.stringContaining('names its own image under "images" in the lab file') as string,
      exitCode: 3,
    });
  });

  it('that do not start in time say how far they came', async () => {
    const waiting = { pods: 'pilab-probe', reason: 'ContainerCreating' };
    const pods = new ProbePods(await cluster({ waiting, patienceMs: 20 }), 'probe', {});
    await expect(pods.get(NAMESPACE, 'raspi002', NEVER)).rejects.toThrow('Pending, ContainerCreating');
  });
});
