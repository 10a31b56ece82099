import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { gateArgv, parseGate, type GateSpec } from '../../src/probe/gate.js';
import { has, runIn, SHELLS } from './shell.js';

const NONCE = 'gate0001';
/** A pod that breaks the connection off. */
const GONE = '(gone)';
const NOBODY = 'http://127.0.0.1:1/';

describe.skipIf(!has('curl')).each(SHELLS)('a gate in %s %s', (...words) => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function serve(port = 0, pods: string[] = []): Promise<string> {
    let turn = 0;
    server = createServer(({ headers }, response) => {
      const pod = headers.host === 'a.example.com' ? 'web-a' : pods[turn++ % pods.length];
      if (pod === undefined) response.writeHead(503).end();
      else if (pod === GONE) response.destroy();
      else response.end(`Host=h Path=/ From=${pod} ClientIP=10.244.1.1 XFF=\n`);
    });
    await new Promise<void>((done) => server?.listen(port, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }
  const pass = async (
    url: string,
    goal: GateSpec['goal'],
    limitMs = 1000,
    backends: string[] = [],
    more: Partial<GateSpec> = {},
  ): Promise<ReturnType<typeof parseGate>> =>
    parseGate(NONCE, goal, await runIn(words.flat(), gateArgv({ url, goal, limitMs, backends, ...more }, NONCE)));

  it('opens for any HTTP answer, and for silence when that is the goal', async () => {
    expect(await pass(await serve(), 'serving')).toEqual({
      kind: 'gate',
      reached: true,
      state: 'serving',
      tries: 1,
      last: 'status 503',
    });
    expect(await pass(NOBODY, 'empty')).toEqual({
      kind: 'gate',
      reached: true,
      state: 'empty',
      tries: 1,
      last: 'refused',
    });
  });

  it('waits for an answer that comes late', async () => {
    const url = await serve();
    const { port } = server?.address() as AddressInfo;
    await new Promise((done) => server?.close(done));
    const waiting = pass(url, 'serving', 8000);
    setTimeout(() => void serve(port), 400);
    expect(await waiting).toMatchObject({ reached: true, last: 'status 503' });
  });

  it('says what it saw last when the goal is not reached in time', async () => {
    expect(await pass(NOBODY, 'serving')).toMatchObject({ kind: 'gate', reached: false, last: 'refused' });
    expect(await pass(await serve(), 'empty')).toMatchObject({ kind: 'gate', reached: false, last: 'status 503' });
  });

  it('opens only when every backend has answered, and nobody else', async () => {
    const url = await serve(0, ['web-a', 'web-b']);
    expect(await pass(url, 'serving', 1000, ['web-a', 'web-b'])).toMatchObject({ reached: true, last: 'status 200' });
    expect(await pass(url, 'serving', 1000, ['web-a', 'web-b', 'web-c'])).toMatchObject({
      reached: false,
      last: 'never web-c',
    });
    expect(await pass(url, 'serving', 1000, ['web-a'])).toMatchObject({
      reached: false,
      last: expect.stringContaining('also Host=h Path=/ From=web-b') as string,
    });
  });

  it('stays shut while some requests still lead to a pod that is gone', async () => {
    const url = await serve(0, ['web-a', 'web-b', 'web-a', 'web-b', 'web-a', 'web-b', GONE]);
    expect(await pass(url, 'serving', 1000, ['web-a', 'web-b'])).toMatchObject({
      reached: false,
      state: 'partly',
      last: 'curl exit 52',
    });
  });

  it('opens for one backend where the asker sticks to one, but not for a stranger', async () => {
    const url = await serve(0, ['web-a']);
    expect(await pass(url, 'serving', 1000, ['web-a', 'web-b'], { need: 'any' })).toMatchObject({ reached: true });
    expect(await pass(url, 'serving', 1000, ['web-b', 'web-c'], { need: 'any' })).toMatchObject({
      reached: false,
      last: expect.stringContaining('also Host=h') as string,
    });
  });

  it('sends headers, and does not take an error page for an answer where it may be the controller’s', async () => {
    const url = await serve();
    expect(await pass(url, 'serving', 1000, ['web-a'], { noErrors: true })).toMatchObject({
      reached: false,
      last: 'status 503',
    });
    const headers = { Host: 'a.example.com' };
    expect(await pass(url, 'serving', 1000, ['web-a'], { noErrors: true, headers })).toMatchObject({ reached: true });
  });

  it('is unmeasured when its report was cut', async () => {
    const output = await runIn(
      words.flat(),
      gateArgv({ url: NOBODY, goal: 'empty', limitMs: 1000, backends: [] }, NONCE),
    );
    expect(parseGate(NONCE, 'empty', output.slice(0, -10)).kind).toBe('unmeasured');
  });
});
