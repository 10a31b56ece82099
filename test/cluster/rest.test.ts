import { describe, expect, it } from 'vitest';
import type { PilabError } from '../../src/errors.js';
import { Rejection } from '../../src/ports/cluster.js';
import { FakeApi, POD, TOKEN, answer, cut, failureOf, json, pod, podList, silent, status } from './fake-api.js';

const PODS = '/api/v1/namespaces/lab/pods';
const WEB = { ...POD, name: 'web' };

describe('apply', () => {
  it('is a forced server-side apply with strict validation', async () => {
    const api = (await FakeApi.start()).on(`PATCH ${PODS}/web`, answer({ ...pod('web', '7') }));
    const cluster = await api.connect();
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'lab' } };
    const applied = await cluster.apply(object);
    expect(applied.object.metadata?.resourceVersion).toBe('7');
    await cluster.apply(object, { dryRun: true });
    const [first, second] = api.calls(`PATCH ${PODS}/web`);
    expect(first?.headers['content-type']).toBe('application/apply-patch+yaml');
    expect(first?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(first?.body).toEqual(object);
    expect(Object.fromEntries(first!.query)).toEqual({
      fieldManager: 'pilab',
      force: 'true',
      fieldValidation: 'Strict',
    });
    expect(second?.query.get('dryRun')).toBe('All');
  });

  it('hands on every warning of the server, unescaped', async () => {
    const warning = ['299 - "v1 Endpoints is deprecated", 299 kube "ignored: \\"externalName\\""', '299 - "third"'];
    const api = (await FakeApi.start()).on(`PATCH ${PODS}/web`, answer(pod('web', '1'), { warning }));
    const { warnings } = await (await api.connect()).apply({ apiVersion: 'v1', kind: 'Pod', metadata: WEB });
    const all = ['v1 Endpoints is deprecated', 'ignored: "externalName"', 'third'];
    expect(warnings).toEqual(all);
    const writes = (await FakeApi.start())
      .on(`PATCH ${PODS}/web`, answer(pod('web', '1'), { warning }))
      .on(`POST ${PODS}`, answer(pod('web', '1'), { warning }));
    const cluster = await writes.connect();
    expect((await cluster.patch(WEB, {})).warnings).toEqual(all);
    expect((await cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: WEB })).warnings).toEqual(all);
  });

  it.each([
    [{ name: 'web' }, 'Pod/web: metadata.namespace is missing'],
    [{ namespace: 'lab' }, 'Pod/?: metadata.name is missing'],
  ])('says what an object lacks: %j', async (metadata, message) => {
    const cluster = await (await FakeApi.start()).connect();
    const error = await failureOf<PilabError>(cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata }));
    expect(error).toMatchObject({ code: 'CLUSTER_OBJECT_INCOMPLETE', message, exitCode: 2 });
  });
});

describe('create, patch and delete', () => {
  it('post strictly, merge by what the kind can, and leave dependants to the background', async () => {
    const api = (await FakeApi.start())
      .on('GET /apis/apps/v1', answer({ resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true }] }))
      .on(
        'GET /apis/gateway.networking.k8s.io/v1',
        answer({ resources: [{ name: 'gateways', kind: 'Gateway', namespaced: true }] }),
      )
      .on(`POST ${PODS}`, answer(pod('web', '1')))
      .on('PATCH /apis/apps/v1/namespaces/lab/deployments/web', answer({}))
      .on('PATCH /apis/gateway.networking.k8s.io/v1/namespaces/lab/gateways/web', answer({}))
      .on(`DELETE ${PODS}/web`, answer({}), status(404, 'NotFound', 'pods "web" not found'));
    const cluster = await api.connect();
    await cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'lab' } });
    await cluster.patch({ ...WEB, apiVersion: 'apps/v1', kind: 'Deployment' }, { spec: { replicas: 5 } });
    await cluster.patch({ ...WEB, apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' }, {});
    await cluster.delete(WEB, { gracePeriodSeconds: 0 });
    await cluster.delete(WEB, { dryRun: true });
    const written = api.seen.filter(({ method }) => method !== 'GET');
    expect(written.map(({ method, headers }) => [method, headers['content-type']])).toEqual([
      ['POST', 'application/json'],
      ['PATCH', 'application/strategic-merge-patch+json'],
      ['PATCH', 'application/merge-patch+json'],
      ['DELETE', 'application/json'],
      ['DELETE', 'application/json'],
    ]);
    expect(written[0]?.query.get('fieldValidation')).toBe('Strict');
    expect(written[1]?.body).toEqual({ spec: { replicas: 5 } });
    expect(written[3]?.body).toEqual({ propagationPolicy: 'Background', gracePeriodSeconds: 0 });
    expect(written[4]?.body).toEqual({ propagationPolicy: 'Background', dryRun: ['All'] });
  });
});

describe('get and list', () => {
  it('find one object or nothing', async () => {
    const api = (await FakeApi.start()).on(`GET ${PODS}/web`, answer(pod('web', '1')));
    const cluster = await api.connect();
    expect((await cluster.get(WEB))?.metadata?.name).toBe('web');
    expect(await cluster.get({ ...WEB, name: 'gone' })).toBeUndefined();
  });

  it('say of each item what it is, and pass the selectors on', async () => {
    const api = (await FakeApi.start()).on('GET /api/v1/pods', podList('9', pod('a', '1'), pod('b', '2')));
    const cluster = await api.connect();
    const items = await cluster.list({
      apiVersion: 'v1',
      kind: 'Pod',
      labelSelector: 'app in (a,b)',
      fieldSelector: 'spec.nodeName=raspi002',
    });
    expect(items.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata?.name])).toEqual([
      ['v1', 'Pod', 'a'],
      ['v1', 'Pod', 'b'],
    ]);
    expect(Object.fromEntries(api.calls('GET /api/v1/pods')[0]!.query)).toEqual({
      labelSelector: 'app in (a,b)',
      fieldSelector: 'spec.nodeName=raspi002',
    });
  });

  it('reuse one connection, and one discovery', async () => {
    const api = (await FakeApi.start()).on(`GET ${PODS}/web`, answer(pod('web', '1')));
    const cluster = await api.connect();
    for (let i = 0; i < 20; i++) await cluster.get(WEB);
    expect(api.connections).toBe(1);
    expect(api.calls('GET /api/v1')).toHaveLength(1);
  });
});

describe('kinds', () => {
  it.each([
    ['v1', 'Pot'],
    ['metallb.io/v1beta1', 'IPAddressPool'],
  ])('that the server does not have are named: %s %s', async (apiVersion, kind) => {
    const cluster = await (await FakeApi.start()).connect();
    const error = await failureOf<Rejection>(cluster.list({ apiVersion, kind }));
    expect(error).toBeInstanceOf(Rejection);
    expect(error).toMatchObject({ status: 404, message: `no matches for kind "${kind}" in version "${apiVersion}"` });
  });

  it('are found when they were defined after the server was first asked', async () => {
    const resources = [{ name: 'pools', kind: 'Pool', namespaced: false }];
    const api = (await FakeApi.start())
      .on(
        'GET /apis/x.io/v1',
        answer({ resources: [{ name: 'others', kind: 'Other', namespaced: false }] }),
        answer({ resources }),
      )
      .on('GET /apis/x.io/v1/others', podList('1'))
      .on('GET /apis/x.io/v1/pools', podList('1'));
    const cluster = await api.connect();
    expect(await cluster.list({ apiVersion: 'x.io/v1', kind: 'Other' })).toEqual([]);
    expect(await cluster.list({ apiVersion: 'x.io/v1', kind: 'Pool' })).toEqual([]);
  });

  it('are asked for again by whoever waits, when the first who asked was interrupted', async () => {
    const api = await FakeApi.start();
    api.on('GET /api/v1', silent, answer({ resources: [{ name: 'pods', kind: 'Pod', namespaced: true }] }));
    api.on('GET /api/v1/pods', podList('1'));
    const cluster = await api.connect();
    const stop = new AbortController();
    const first = failureOf(cluster.list({ apiVersion: 'v1', kind: 'Pod' }, stop.signal));
    const second = cluster.list({ apiVersion: 'v1', kind: 'Pod' });
    await expect.poll(() => api.calls('GET /api/v1').length).toBe(1);
    stop.abort();
    expect(await first).toMatchObject({ code: 'CLUSTER_ABORTED' });
    expect(await second).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each([
    [422, 'Invalid', 'Service "x" is invalid: spec.clusterIPs[0]: may not change once set'],
    [400, 'BadRequest', 'strict decoding error: unknown field "spec.selectors"'],
    [403, 'Forbidden', 'pods is forbidden: User "x" cannot create resource'],
    [409, 'Conflict', 'the object has been modified'],
    [500, 'InternalError', 'failed calling webhook'],
    [503, 'ServiceUnavailable', 'not ready'],
  ])(
    'of status %i keeps reason and message of the Status alone, and is no second try of a write',
    async (code, reason, message) => {
      const api = (await FakeApi.start()).on(`POST ${PODS}`, status(code, reason, message));
      const error = await failureOf<Rejection>(
        (await api.connect()).create({ ...POD, metadata: { namespace: 'lab' } }),
      );
      expect(error).toBeInstanceOf(Rejection);
      expect(error).toMatchObject({ code: 'CLUSTER_REJECTED', status: code, reason, message });
      expect(api.calls(`POST ${PODS}`)).toHaveLength(1);
    },
  );

  it('that is no Status (a proxy in between) is quoted in short', async () => {
    const api = (await FakeApi.start()).on(`GET ${PODS}/web`, (_seen, response) => {
      response.writeHead(418).end(`<h1>teapot</h1>${'x'.repeat(5000)}`);
    });
    const error = await failureOf<Rejection>((await api.connect()).get(WEB));
    expect(error.status).toBe(418);
    expect(error.message).toMatch(/^<h1>teapot/);
    expect(error.message.length).toBeLessThan(400);
  });
});

describe('a failure that passes', () => {
  it.each([
    ['overloaded', status(429, 'TooManyRequests', 'slow down')],
    ['starting', status(503, 'ServiceUnavailable', 'starting')],
    ['electing', status(500, 'InternalError', 'etcdserver: leader changed')],
    ['cut off', cut],
  ])('is tried again by a read: %s', async (_name, trouble) => {
    const api = (await FakeApi.start()).on(`GET ${PODS}/web`, trouble, trouble, answer(pod('web', '1')));
    expect(await (await api.connect()).get(WEB)).toMatchObject({ metadata: { name: 'web' } });
    expect(api.calls(`GET ${PODS}/web`)).toHaveLength(3);
  });

  it('is tried again by a write only when it was sent away unread', async () => {
    const api = (await FakeApi.start())
      .on(`PATCH ${PODS}/web`, status(429, 'TooManyRequests', 'slow down'), answer({}))
      .on(`PATCH ${PODS}/cut`, cut, answer({}));
    const cluster = await api.connect();
    await cluster.patch(WEB, {});
    expect(api.calls(`PATCH ${PODS}/web`)).toHaveLength(2);
    const error = await failureOf<PilabError>(cluster.patch({ ...WEB, name: 'cut' }, {}));
    expect(error.code).toBe('CLUSTER_UNREACHABLE');
    expect(api.calls(`PATCH ${PODS}/cut`)).toHaveLength(1);
  });

  it('is a server that comes back in time, also for a write', async () => {
    const api = (await FakeApi.start()).on(`PATCH ${PODS}/web`, answer(pod('web', '2')));
    const cluster = await api.connect();
    await api.stop();
    const patched = cluster.patch(WEB, {});
    setTimeout(() => void api.listen(), 300);
    expect(await patched).toMatchObject({ object: { metadata: { name: 'web' } } });
  });

  it('becomes "unreachable" with the name of the server when it lasts', async () => {
    const api = await FakeApi.start();
    const cluster = await api.connect();
    await api.stop();
    const error = await failureOf<PilabError>(cluster.version());
    expect(error).toMatchObject({ code: 'CLUSTER_UNREACHABLE', exitCode: 3 });
    expect(error.message).toContain(`https://127.0.0.1:${api.port}`);
    expect(error.hint).toContain('lab.kubeconfig');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('an end', () => {
  it('by a signal comes at once and says so', async () => {
    const api = (await FakeApi.start()).on(`GET ${PODS}/web`, silent);
    const stop = new AbortController();
    const getting = failureOf<PilabError>((await api.connect()).get(WEB, stop.signal));
    setTimeout(() => stop.abort(new Error('Ctrl-C')), 50);
    expect(await getting).toMatchObject({ code: 'CLUSTER_ABORTED', exitCode: 130, cause: { message: 'Ctrl-C' } });
  });

  it('by close stops calls, refuses new ones and leaves no connection open', async () => {
    const api = (await FakeApi.start())
      .on(`GET ${PODS}/web`, silent)
      .on('GET /version', answer({ gitVersion: 'v1.34.4' }));
    const cluster = await api.connect();
    expect(await cluster.version()).toBe('v1.34.4');
    const getting = failureOf<PilabError>(cluster.get(WEB));
    setTimeout(() => cluster.close(), 50);
    expect((await getting).code).toBe('CLUSTER_CLOSED');
    expect((await failureOf<PilabError>(cluster.version())).code).toBe('CLUSTER_CLOSED');
    await expect.poll(() => api.open).toBe(0);
  });

  it('of a server that is none says so', async () => {
    const api = (await FakeApi.start()).on('GET /version', answer({ hello: 'world' }), (_seen, response) => {
      response.writeHead(200).end('<html>');
    });
    const cluster = await api.connect();
    expect((await failureOf(cluster.version())).message).toMatch(/is no Kubernetes API server/);
    expect((await failureOf<PilabError>(cluster.version())).code).toBe('CLUSTER_UNREACHABLE');
  });

  it('by one signal may be that of many calls, without a warning of leaks', async () => {
    const api = (await FakeApi.start()).on(`GET ${PODS}/web`, (_seen, response) => json(response, 200, {}));
    const cluster = await api.connect();
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    const stop = new AbortController();
    await Promise.all(Array.from({ length: 30 }, () => cluster.get(WEB, stop.signal)));
    await new Promise(setImmediate);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});
