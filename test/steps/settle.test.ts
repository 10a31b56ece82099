import { describe, expect, it } from 'vitest';
import { PilabError } from '../../src/errors.js';
import type { Judgement } from '../../src/event/event.js';
import { settle } from '../../src/steps/settle.js';
import { webServer } from '../run/world.js';
import { NAMESPACE, cluster, context } from './world.js';

/** The namespace of the sample, its Service at a real port. */
async function world(port: number, change: object = {}): Promise<ReturnType<typeof context>> {
  const of = await cluster({ patienceMs: 50 });
  const spec = { ports: [{ name: 'http', port, targetPort: 80 }], ...change };
  await of.patch({ apiVersion: 'v1', kind: 'Service', namespace: NAMESPACE, name: 'web' }, { spec });
  return context(of);
}

function only(judgements: readonly Judgement[]): Judgement & { finding: Judgement['findings'][number] } {
  const [judgement, second] = judgements;
  const finding = judgement?.findings[0];
  if (judgement === undefined || finding === undefined || second !== undefined) throw new Error('not one judgement');
  return { ...judgement, finding };
}

describe('waiting until a Service serves', () => {
  it('passes when the slices are right and every pod answers, and measures how long both took', async () => {
    const at = await world(await webServer());
    const judgement = only((await settle('service/web', 'serving', 5000, at)).judgements);
    expect(judgement).toMatchObject({ verdict: 'passed', place: 'pod@raspi002' });
    expect(at.told.map((event) => event.type === 'measured' && event.what)).toEqual([
      'service/web slices',
      'serving pod@raspi002',
    ]);
  });

  it('fails with the labels to compare when the selector matches no pod', async () => {
    const at = await world(1, { selector: { app: 'wbe' } });
    const { finding, next } = only((await settle('service/web', 'serving', 5000, at)).judgements);
    expect(finding).toMatchObject({
      what: 'endpoints',
      expected: 'at least one ready pod that matches the selector',
      observed: 'no ready endpoint',
      verdict: 'failed',
      why: { en: expect.stringContaining('compare its selector with the labels') as string },
    });
    expect(next[0]?.en).toContain(`kubectl -n ${NAMESPACE} get service web -o jsonpath='{.spec.selector}'`);
  });

  it('names the pods that the slices lack', async () => {
    const at = await world(1);
    const slice = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace: NAMESPACE, name: 'web-abcde' };
    await at.cluster.delete(slice);
    const { finding } = only((await settle('service/web', 'serving', 5000, at)).judgements);
    expect(finding).toMatchObject({
      expected: 'ready pods that match the selector: web-0, web-1, web-2',
      observed: 'no ready endpoint',
    });
  });

  it('fails at the place where a pod never answers, and says which', async () => {
    const at = await world(await webServer(['web-0', 'web-1']));
    const { finding, verdict, next } = only((await settle('service/web', 'serving', 1000, at)).judgements);
    expect(verdict).toBe('failed');
    expect(finding).toMatchObject({
      what: 'serving',
      observed: expect.stringMatching(/\d+ tries, the last one: never web-2/) as string,
    });
    expect(next[0]?.en).toContain('Look at kube-proxy and the pod network on raspi002');
  });

  it('is inconclusive when the command is lost', async () => {
    const at = await world(await webServer());
    const lost = new PilabError({ code: 'CLUSTER_EXEC_LOST', message: 'the connection broke', exitCode: 3 });
    at.faults.before = (verb) => (verb === 'exec' ? lost : undefined);
    expect(only((await settle('service/web', 'serving', 5000, at)).judgements).verdict).toBe('inconclusive');
  });

  it('has nothing to wait for behind the slices of a headless Service', async () => {
    const at = await world(1, { clusterIP: 'None' });
    const { judgements } = await settle('service/web', 'serving', 5000, at);
    expect(judgements).toMatchObject([{ verdict: 'passed', place: 'api', subject: 'service/web' }]);
  });
});

describe('waiting until a Service serves at another door', () => {
  const door = { from: 'operator', headers: {} };

  it('asks there only, with the headers of the step, and measures it', async () => {
    const at = await world(1);
    const url = `http://127.0.0.1:${await webServer()}/`;
    const judgement = only((await settle('service/web', 'serving', 5000, at, { ...door, url })).judgements);
    expect(judgement).toMatchObject({ verdict: 'passed', place: 'operator', subject: url });
  });

  it('needs every pod there, but only one where affinity or a local policy decides', async () => {
    const url = `http://127.0.0.1:${await webServer(['web-0'])}/`;
    const verdict = async (spec: object): Promise<string | undefined> => {
      const result = await settle('service/web', 'serving', 1000, await world(1, spec), { ...door, url });
      return result.judgements[0]?.verdict;
    };
    expect(await verdict({})).toBe('failed');
    expect(await verdict({ sessionAffinity: 'ClientIP' })).toBe('passed');
    expect(await verdict({ externalTrafficPolicy: 'Local' })).toBe('passed');
  });
});

describe('waiting until a Service is empty', () => {
  it('passes when no endpoint is left and the address refuses', async () => {
    // Nobody listens on port 1.
    const at = await world(1, { selector: { app: 'nobody' } });
    expect(only((await settle('service/web', 'empty', 5000, at)).judgements).verdict).toBe('passed');
  });

  it('fails when no endpoint is left and still somebody answers', async () => {
    const at = await world(await webServer(), { selector: { app: 'nobody' } });
    const { finding } = only((await settle('service/web', 'empty', 1000, at)).judgements);
    expect(finding).toMatchObject({
      verdict: 'failed',
      expected: 'the address refuses within 1 s',
      why: { en: expect.stringContaining('kube-proxy are stale') as string },
    });
  });

  it('names the endpoints that are still there', async () => {
    const { finding } = only((await settle('service/web', 'empty', 5000, await world(1))).judgements);
    expect(finding).toMatchObject({ expected: 'no ready endpoint', observed: 'web-0, web-1, web-2' });
  });
});

describe('waiting for a Service that does not exist', () => {
  it('is an error that says so', async () => {
    await expect(settle('service/wbe', 'serving', 5000, context(await cluster()))).rejects.toMatchObject({
      code: 'STEP_NO_SERVICE',
      message: `service/wbe does not exist in ${NAMESPACE}`,
    });
  });
});
