import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { PilabError } from '../../src/errors.js';
import type { Cluster, KubeObject } from '../../src/ports/cluster.js';
import { FakeApi, type Handler, POD, cut, failureOf, pod, podList, status } from './fake-api.js';

const PODS = '/api/v1/namespaces/lab/pods';
const LONG = { timeoutMs: 8000 };

/** The list and the watch of pods share a path; each has its own answers, one after the other. */
function pods(api: FakeApi, lists: readonly Handler[], watches: readonly Handler[]): FakeApi {
  let [list, watch] = [0, 0];
  return api.on(`GET ${PODS}`, (seen, response) => {
    const isWatch = seen.query.get('watch') === 'true';
    const handlers = isWatch ? watches : lists;
    const turn = isWatch ? watch++ : list++;
    handlers[Math.min(turn, handlers.length - 1)]?.(seen, response);
  });
}

type Line = readonly [type: string, object: unknown];
/** A watch that says these lines, and then ends, breaks or stays. */
function watching(lines: readonly Line[], then: 'end' | 'break' | 'stay' = 'stay'): Handler {
  return (_seen, response) => {
    response.writeHead(200).flushHeaders();
    response.write(lines.map(([type, object]) => `${JSON.stringify({ type, object })}\n`).join(''));
    if (then === 'end') response.end();
    // After what was written has gone out.
    if (then === 'break') setTimeout(() => response.socket?.destroy(), 50);
  };
}
/** Cuts the bytes into pieces, so that lines (and a multi-byte character) come in parts. */
function inPieces(lines: readonly Line[]): Handler {
  return (_seen, response: ServerResponse) => {
    response.writeHead(200).flushHeaders();
    const bytes = Buffer.from(lines.map(([type, object]) => `${JSON.stringify({ type, object })}\n`).join(''));
    let at = 0;
    const next = (): void => {
      if (at >= bytes.length) return;
      response.write(bytes.subarray(at, (at += 7)), () => setImmediate(next));
    };
    next();
  };
}

function phases(objects: readonly KubeObject[]): string {
  return objects.map(({ metadata, status: now }) => `${metadata?.name}=${(now as { phase: string }).phase}`).join(' ');
}
function running(objects: readonly KubeObject[]): string | undefined {
  const all = phases(objects);
  return all !== '' && !all.includes('Pending') ? all : undefined;
}
const waitRunning = (cluster: Cluster, options = LONG): Promise<string> =>
  cluster.waitFor(POD, running, { ...options, describe: phases });

describe('a wait', () => {
  it('is over with the list when that will do, and never watches', async () => {
    const api = pods(await FakeApi.start(), [podList('5', pod('a', '4', 'Running'))], [cut]);
    expect(await waitRunning(await api.connect())).toBe('a=Running');
    expect(api.calls(`GET ${PODS}`)).toHaveLength(1);
  });

  it('sees all objects after each change, from the version of the list on', async () => {
    const api = pods(
      await FakeApi.start(),
      [podList('5', pod('a', '4'), pod('b', '5'))],
      [
        inPieces([
          ['MODIFIED', pod('a', '6', 'Running')],
          ['ADDED', pod('c', '7', 'Läuft')],
          ['BOOKMARK', pod('', '8')],
          ['DELETED', pod('b', '9')],
        ]),
      ],
    );
    const views: string[] = [];
    const cluster = await api.connect();
    const found = await cluster.waitFor(POD, (objects) => (views.push(phases(objects)), running(objects)), LONG);
    expect(found).toBe('a=Running c=Läuft');
    expect(views).toEqual(['a=Pending b=Pending', 'a=Running b=Pending', 'a=Running b=Pending c=Läuft', found]);
    const [, watch] = api.calls(`GET ${PODS}`);
    expect(watch?.query.get('resourceVersion')).toBe('5');
  });

  it('passes selectors on to list and watch, and says of listed objects what they are', async () => {
    const api = pods(
      await FakeApi.start(),
      [podList('5', pod('a', '4'))],
      [watching([['MODIFIED', pod('a', '6', 'Running')]])],
    );
    const kinds: unknown[] = [];
    await (
      await api.connect()
    ).waitFor(
      { ...POD, labelSelector: 'app=a', fieldSelector: 'metadata.name=a' },
      (objects) => (kinds.push(objects[0]?.kind), running(objects)),
      LONG,
    );
    expect(kinds[0]).toBe('Pod');
    for (const { query } of api.calls(`GET ${PODS}`)) {
      expect([query.get('labelSelector'), query.get('fieldSelector')]).toEqual(['app=a', 'metadata.name=a']);
    }
  });

  it('waits for nothing to be left', async () => {
    const api = pods(await FakeApi.start(), [podList('5', pod('a', '4'))], [watching([['DELETED', pod('a', '6')]])]);
    const cluster = await api.connect();
    expect(await cluster.waitFor(POD, (objects) => (objects.length === 0 ? 'gone' : undefined), LONG)).toBe('gone');
  });

  it('goes on where it was when a watch ends', async () => {
    const api = pods(
      await FakeApi.start(),
      [podList('5', pod('a', '4')), podList('99', pod('a', '98', 'listed again'))],
      [
        watching([['ADDED', pod('b', '6', 'Running')]], 'end'),
        watching([['BOOKMARK', pod('', '20')]], 'end'),
        watching([['MODIFIED', pod('a', '21', 'Running')]]),
      ],
    );
    expect(await waitRunning(await api.connect())).toBe('a=Running b=Running');
    const versions = api.calls(`GET ${PODS}`).map(({ query }) => query.get('resourceVersion'));
    expect(versions).toEqual([null, '5', '6', '20']);
  });

  it.each<[string, Handler]>([
    ['as an event', watching([['ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }]])],
    ['as an answer', status(410, 'Expired', 'too old resource version')],
  ])('lists anew when the server has forgotten the place (410, %s)', async (_name, gone) => {
    const lists = [podList('5', pod('a', '4'), pod('b', '4')), podList('50', pod('a', '49'))];
    const api = pods(await FakeApi.start(), lists, [gone, watching([['MODIFIED', pod('a', '51', 'Running')]])]);
    // b went away unseen.
    expect(await waitRunning(await api.connect())).toBe('a=Running');
    expect(api.calls(`GET ${PODS}`).map(({ query }) => query.get('resourceVersion'))).toEqual([null, '5', null, '50']);
  });

  it.each<[string, readonly Handler[]]>([
    ['the watch breaks in the middle', [watching([['ADDED', pod('b', '6')]], 'break')]],
    ['the watch is refused for a while', [status(500, 'InternalError', 'x'), status(429, 'TooManyRequests', 'x'), cut]],
    ['a line is no JSON', [(_seen, response) => void response.writeHead(200).end('{"type":"ADD\n')]],
  ])('survives that %s', async (_name, troubles) => {
    const lists = [podList('5', pod('a', '4')), podList('9', pod('a', '8'))];
    const api = pods(await FakeApi.start(), lists, [...troubles, watching([['MODIFIED', pod('a', '10', 'Running')]])]);
    expect(await waitRunning(await api.connect())).toBe('a=Running');
  });

  it('survives that the API server restarts, also before the first answer', async () => {
    const lists = [podList('5', pod('a', '4')), podList('9', pod('a', '8', 'Running'))];
    const api = pods(await FakeApi.start(), lists, [watching([])]);
    const cluster = await api.connect();
    await api.stop();
    const waited = waitRunning(cluster);
    setTimeout(() => void api.listen(), 300);
    await expect.poll(() => api.calls(`GET ${PODS}`).length).toBe(2);
    await api.stop();
    setTimeout(() => void api.listen(), 300);
    expect(await waited).toBe('a=Running');
  });

  it('that is over leaves no watch behind', async () => {
    const api = pods(
      await FakeApi.start(),
      [podList('5', pod('a', '4'))],
      [watching([['MODIFIED', pod('a', '6', 'Running')]])],
    );
    const cluster = await api.connect();
    await waitRunning(cluster);
    await expect.poll(() => api.open).toBe(0);
  });
});

describe('a wait in vain', () => {
  it('says what was last seen', async () => {
    const api = pods(
      await FakeApi.start(),
      [podList('5', pod('a', '4'))],
      [watching([['ADDED', pod('b', '6', 'Running')]])],
    );
    const error = await failureOf<PilabError>(waitRunning(await api.connect(), { timeoutMs: 500 }));
    expect(error).toMatchObject({ code: 'CLUSTER_WAIT_TIMEOUT', exitCode: 3 });
    expect(error.message).toBe('after 0.5 s: a=Pending b=Running');
    await expect.poll(() => api.open).toBeLessThanOrEqual(1);
  });

  it('counts what was seen when nobody describes it', async () => {
    const api = pods(await FakeApi.start(), [podList('5', pod('a', '4'))], [watching([])]);
    const waiting = (await api.connect()).waitFor(POD, running, { timeoutMs: 300 });
    expect((await failureOf(waiting)).message).toBe('after 0.3 s: 1 Pod objects');
  });

  it('is no failed condition when the server went away: the last state is not known', async () => {
    const api = pods(
      await FakeApi.start(),
      [podList('5', pod('a', '4')), status(503, 'ServiceUnavailable', 'starting')],
      [cut],
    );
    const error = await failureOf<PilabError>(waitRunning(await api.connect(), { timeoutMs: 1500 }));
    expect(error.code).toBe('CLUSTER_UNREACHABLE');
    expect(error.message).toContain('last seen: a=Pending');
  });

  it('names the server when there was never an answer', async () => {
    const api = await FakeApi.start();
    const cluster = await api.connect();
    await api.stop();
    const error = await failureOf<PilabError>(waitRunning(cluster, { timeoutMs: 400 }));
    expect(error.code).toBe('CLUSTER_UNREACHABLE');
    expect(error.message).toContain(`127.0.0.1:${api.port}`);
  });

  it.each([
    [403, 'Forbidden'],
    [400, 'BadRequest'],
  ])('ends at once with an answer that time does not heal (%i)', async (code, reason) => {
    const api = pods(await FakeApi.start(), [status(code, reason, 'no')], [cut]);
    expect(await failureOf(waitRunning(await api.connect()))).toMatchObject({ status: code, reason, message: 'no' });
    expect(api.calls(`GET ${PODS}`)).toHaveLength(1);
  });

  it('ends at once with a kind that does not exist', async () => {
    const cluster = await (await FakeApi.start()).connect();
    const waiting = cluster.waitFor({ apiVersion: 'v1', kind: 'Pot' }, () => true, LONG);
    expect((await failureOf(waiting)).message).toMatch(/^no matches for kind "Pot"/);
  });

  it('ends with what the condition throws, whatever that is', async () => {
    const api = pods(await FakeApi.start(), [podList('5'), podList('6')], [watching([['ADDED', pod('a', '6')]])]);
    const cluster = await api.connect();
    const given = new PilabError({ code: 'CLUSTER_UNREACHABLE', message: 'from the condition' });
    const error = await failureOf(
      cluster.waitFor(POD, (objects) => (objects.length > 0 ? throwing(given) : undefined), LONG),
    );
    expect(error).toBe(given);
  });

  it('ends by a signal, and by close', async () => {
    const api = pods(await FakeApi.start(), [podList('5', pod('a', '4'))], [watching([])]);
    const cluster = await api.connect();
    const stop = new AbortController();
    const aborted = failureOf<PilabError>(cluster.waitFor(POD, running, { ...LONG, signal: stop.signal }));
    const closed = failureOf<PilabError>(waitRunning(cluster));
    await expect.poll(() => api.calls(`GET ${PODS}`).length).toBe(4);
    stop.abort();
    expect((await aborted).code).toBe('CLUSTER_ABORTED');
    cluster.close();
    expect((await closed).code).toBe('CLUSTER_CLOSED');
    await expect.poll(() => api.open).toBe(0);
  });
});

function throwing(error: Error): never {
  throw error;
}
