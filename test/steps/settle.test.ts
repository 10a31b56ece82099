import { describe, expect, it } from 'vitest';
import { PilabError } from '../../src/errors.js';
import type { Judgement } from '../../src/event/event.js';
import type { Playbook } from '../../src/playbook/schema.js';
import type { KubeObject } from '../../src/ports/cluster.js';
import { settle } from '../../src/steps/settle.js';
import { dnsServer, wireName } from '../probe/dns-server.js';
import { has } from '../probe/shell.js';
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
    expect(next[0]?.en).toContain('Are the rules on raspi002?');
  });

  it('gives pods that stop their time, which is no time of the data plane', async () => {
    const at = await world(1);
    const limits: number[] = [];
    const wait = at.cluster.waitFor.bind(at.cluster);
    at.cluster.waitFor = (query, until, options) => {
      if (query.kind === 'EndpointSlice') limits.push(options.timeoutMs);
      return wait(query, until, options);
    };
    await settle('service/web', 'serving', 1000, at);
    await settle('service/web', 'empty', 1000, at);
    expect(limits).toEqual([1000, 90_000]);
  });

  it('asks from every node where requests will come in from outside', async () => {
    const at = await world(await webServer());
    const steps = [{ kind: 'probe', from: 'operator' }] as unknown as Playbook['steps'];
    const { judgements } = await settle('service/web', 'serving', 5000, { ...at, playbook: { ...at.playbook, steps } });
    expect(judgements.map(({ place, verdict }) => `${place} ${verdict}`)).toEqual([
      'pod@raspi002 passed',
      'host@raspi001 passed',
      'host@raspi002 passed',
      'host@raspi003 passed',
    ]);
  });

  it('is inconclusive when the command is lost', async () => {
    const at = await world(await webServer());
    const lost = new PilabError({ code: 'CLUSTER_EXEC_LOST', message: 'the connection broke', exitCode: 3 });
    at.faults.before = (verb) => (verb === 'exec' ? lost : undefined);
    expect(only((await settle('service/web', 'serving', 5000, at)).judgements).verdict).toBe('inconclusive');
  });
});

/** A DNS server on loopback that answers every question with these addresses, as the cluster's one replica. */
async function withDns(at: ReturnType<typeof context>, addresses: readonly string[]): Promise<() => void> {
  const { port, close } = await dnsServer(({ name, type }) => ({
    answers: addresses.map((address) => ({
      name,
      type,
      ttl: 30,
      data: type === 1 ? Buffer.from(address.split('.').map(Number)) : wireName(address),
    })),
  }));
  await at.cluster.apply({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'kube-dns-replica',
      namespace: 'kube-system',
      labels: { 'kubernetes.io/service-name': 'kube-dns' },
    },
    endpoints: [{ addresses: ['127.0.0.1'] }],
    ports: [{ name: 'dns', port, protocol: 'UDP' }],
  });
  return close;
}

describe.skipIf(!has('dig'))('waiting for a Service that is only a name', () => {
  const ips = async (at: ReturnType<typeof context>): Promise<string[]> =>
    (await at.cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, labelSelector: 'app=web' })).map(
      (pod) => (pod['status'] as { podIP: string }).podIP,
    );

  it('passes when every DNS server answers with the addresses of the ready pods', async () => {
    const at = await world(1, { clusterIP: 'None' });
    const close = await withDns(at, (await ips(at)).reverse());
    const judgement = only((await settle('service/web', 'serving', 5000, at)).judgements);
    expect(judgement).toMatchObject({ verdict: 'passed', place: 'pod@raspi002' });
    expect(judgement.subject).toMatch(/^A web\./);
    close();
  });

  it('fails with the server and what it said when that is something else', async () => {
    const at = await world(1, { clusterIP: 'None' });
    const close = await withDns(at, ['10.9.9.9']);
    const { finding, verdict, next } = only((await settle('service/web', 'serving', 1000, at)).judgements);
    expect(verdict).toBe('failed');
    expect(finding.observed).toMatch(/\d+ tries, the last one: 127\.0\.0\.1:\d+ answers 10\.9\.9\.9/);
    expect(next[0]?.en).toContain('k8s-app=kube-dns');
    close();
  });

  it('waits for the CNAME of an ExternalName', async () => {
    const at = await world(1, { type: 'ExternalName', externalName: 'web1.home.lab' });
    const close = await withDns(at, ['web1.home.lab.']);
    const judgement = only((await settle('service/web', 'serving', 5000, at)).judgements);
    expect(judgement).toMatchObject({ verdict: 'passed' });
    expect(judgement.subject).toMatch(/^CNAME web\./);
    close();
  });

  it('says nothing when the cluster has no DNS server', async () => {
    const at = await world(1, { clusterIP: 'None' });
    expect(only((await settle('service/web', 'serving', 1000, at)).judgements)).toMatchObject({
      verdict: 'inconclusive',
      finding: { observed: expect.stringContaining('no DNS server that is ready') as string },
    });
  });
});

describe('waiting for servers that were written down by hand', () => {
  const outside = [{ name: 'web-9.home.lab', address: '127.0.0.9', port: 80 }];

  it('passes when the slices have them and they answer by their name', async () => {
    const port = await webServer(['web-9']);
    const made = await world(1);
    const at = { ...made, lab: { ...made.lab, outside } };
    const name = { name: 'hand', namespace: NAMESPACE };
    await at.cluster.apply({ apiVersion: 'v1', kind: 'Service', metadata: name, spec: { ports: [{ port }] } });
    const before = only((await settle('service/hand', 'serving', 1000, at)).judgements);
    expect(before.finding.expected).toBe('at least one member written down by hand');
    expect(before.finding.why?.en).toContain('Service without a selector');
    expect(before.next[0]?.en).toContain('what was written down');
    await at.cluster.apply({
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: name,
      subsets: [{ addresses: [{ ip: '127.0.0.9' }], ports: [{ name: 'http', port: 80 }] }],
    });
    // The mirror has not caught up: it still has another address.
    const mirrored = (ip: string): KubeObject => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        ...name,
        name: 'hand-mirrored',
        labels: {
          'kubernetes.io/service-name': 'hand',
          'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
        },
      },
      endpoints: [{ addresses: [ip] }],
      ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    });
    await at.cluster.apply(mirrored('127.0.0.8'));
    expect(only((await settle('service/hand', 'serving', 1000, at)).judgements).finding).toMatchObject({
      verdict: 'failed',
      observed: '127.0.0.8',
    });
    await at.cluster.apply(mirrored('127.0.0.9'));
    expect(only((await settle('service/hand', 'serving', 5000, at)).judgements).verdict).toBe('passed');
  });
});

describe('waiting until a Service serves at another door', () => {
  const door = { from: 'operator', headers: {}, kind: 'loadBalancer' } as const;

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
    const lost = await settle('service/web', 'serving', 1000, await world(1), { ...door, url: 'http://127.0.0.1:1/' });
    expect(lost.judgements[0]?.findings[0]?.why?.en).toContain('nobody answers for the address');
    expect(lost.judgements[0]?.next[0]?.en).toContain('metallb-system get pods');
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
