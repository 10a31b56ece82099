import { describe, expect, it } from 'vitest';
import type { StepOf } from '../../src/playbook/schema.js';
import { Rejection } from '../../src/ports/cluster.js';
import { runStep } from '../../src/steps/step.js';
import { NAMESPACE, cluster, context } from './world.js';

const WHERE = { file: 'web.yaml', line: 1, column: 1 };
const POD = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE };

function deletion(...names: string[]): StepOf<'delete'> {
  return { kind: 'delete', where: WHERE, delete: names };
}

function waiting(wait: string, is: 'ready' | 'gone'): StepOf<'wait'> {
  return { kind: 'wait', where: WHERE, wait, is };
}

describe('delete', () => {
  it('removes an object by name', async () => {
    const of = await cluster();
    const { judgements } = await runStep(deletion('pod/web-1'), context(of));
    expect(judgements).toMatchObject([{ verdict: 'passed', subject: 'pod/web-1' }]);
    expect(await of.get({ ...POD, name: 'web-1' })).toBeUndefined();
  });

  it('removes one pod, the first by name, of those with a label', async () => {
    const of = await cluster();
    await runStep(deletion('pod/app=web'), context(of));
    const names = (await of.list({ ...POD, labelSelector: 'app=web' })).map(({ metadata }) => metadata?.name);
    expect(names).toEqual(['web-1', 'web-2']);
  });

  it('does not pass when no pod has the label: nothing was deleted', async () => {
    await expect(runStep(deletion('pod/app=wbe'), context(await cluster()))).rejects.toMatchObject({
      code: 'STEP_NO_POD',
      message: `no ready pod in ${NAMESPACE} matches app=wbe`,
      exitCode: 3,
    });
  });
});

describe('scale and patch', () => {
  it('change the live object, references filled in', async () => {
    const of = await cluster();
    await runStep({ kind: 'scale', where: WHERE, scale: 'deployment/web', replicas: 5 }, context(of));
    const change = { metadata: { annotations: { of: '${namespace}' } } };
    await runStep({ kind: 'patch', where: WHERE, patch: 'service/web', with: change }, context(of));
    const scaled = await of.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: NAMESPACE, name: 'web' });
    const patched = await of.get({ apiVersion: 'v1', kind: 'Service', namespace: NAMESPACE, name: 'web' });
    expect(scaled?.['spec']).toMatchObject({ replicas: 5 });
    expect(patched?.metadata?.annotations).toEqual({ of: NAMESPACE });
  });

  it('fail, and stop the playbook, when the server refuses', async () => {
    const of = await cluster({
      before: (verb) =>
        verb === 'patch' ? new Rejection(422, 'Invalid', 'spec.replicas: must not be negative') : undefined,
    });
    const result = await runStep({ kind: 'scale', where: WHERE, scale: 'deployment/web', replicas: 1 }, context(of));
    expect(result.blocks).toBe(true);
    expect(result.judgements).toMatchObject([
      { verdict: 'failed', findings: [{ observed: '422 Invalid: spec.replicas: must not be negative' }] },
    ]);
  });
});

describe('wait', () => {
  it('for a Deployment whose image is not there fails at once with the pod, its node and the reason', async () => {
    const of = await cluster({ waiting: { pods: 'web', reason: 'ImagePullBackOff', message: 'not found' } });
    const { judgements, blocks } = await runStep(waiting('deployment/web', 'ready'), context(of));
    expect(blocks).toBe(true);
    expect(judgements).toMatchObject([
      {
        verdict: 'failed',
        findings: [
          {
            expected: 'deployment/web is ready',
            observed: expect.stringMatching(
              /^pod web-0 on .*image nowhere\/image: ImagePullBackOff: not found$/,
            ) as string,
          },
        ],
        evidence: [{ output: expect.stringContaining('web-2') as string }],
      },
    ]);
  });

  it('for a Deployment does not fail because a probe pod of ours cannot start', async () => {
    const of = await cluster({ waiting: { pods: 'pilab-probe', reason: 'ImagePullBackOff' } });
    await of.apply({ ...POD, metadata: { name: 'pilab-probe-raspi002', namespace: NAMESPACE } });
    const step = runStep(waiting('deployment/late', 'ready'), context(of));
    // Not before the wait has seen the pods that are there.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const spec = { replicas: 1, template: { metadata: { labels: { app: 'late' } } } };
    await of.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'late', namespace: NAMESPACE },
      spec,
    });
    expect((await step).judgements).toMatchObject([{ verdict: 'passed' }]);
  });

  it('until something is gone says what is still there', async () => {
    const of = await cluster({ patienceMs: 20 });
    const { judgements } = await runStep(waiting('service/web', 'gone'), context(of));
    expect(judgements).toMatchObject([
      { verdict: 'failed', findings: [{ observed: 'waited in vain: service/web is still there' }] },
    ]);
  });
});
