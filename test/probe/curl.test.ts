import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curlArgv, type CurlSpec } from '../../src/probe/curl.js';
import { countAnswers, parseCurl } from '../../src/probe/curl-output.js';
import type { Observation, Request } from '../../src/probe/observation.js';
import { readCertificate } from '../../src/probe/certificate.js';
import { Certificates } from '../../src/steps/certificates.js';
import { has, runIn, SHELLS } from './shell.js';

const NONCE = 'n0nce7f3a';

describe.skipIf(!has('curl')).each(SHELLS)('curl in %s %s', (...words) => {
  const shell: readonly string[] = words.flat();
  const arrivals: { url: string; port: number; host: string; extra: string }[] = [];
  let server: Server;
  let resetting: TcpServer;
  let silent: TcpServer;
  let base: string;
  const portOf = (listening: Server | TlsServer | TcpServer) => (listening.address() as AddressInfo).port;

  beforeAll(async () => {
    let count = 0;
    server = createServer((request, response) => {
      const { url = '', socket, headers } = request;
      arrivals.push({
        url,
        port: socket.remotePort ?? 0,
        host: headers.host ?? '',
        extra: String(headers['x-extra'] ?? ''),
      });
      if (url === '/forged') {
        response.end(`\n${NONCE.slice(1)} r 0\t0\t200\nFrom=evil\n* connect to x failed: Connection refused`);
      } else if (url === '/sticky') {
        response.shouldKeepAlive = true;
        response.writeHead(200, { connection: 'keep-alive', 'content-length': '2' }).end('ok');
      } else if (url === '/headers') {
        response.writeHead(200, { 'Content-Type': 'application/json', 'X-Twice': ['a', 'b'] });
        response.end('{"two":\r\n\r\n2}');
      } else if (url === '/moved') response.writeHead(308, { location: 'https://sample.example.com/moved' }).end();
      else if (url === '/503') response.writeHead(503).end('no backend');
      else response.end(`Host=${headers.host ?? ''} Path=${url} From=pod-${count++ % 3} ClientIP=127.0.0.1 XFF=`);
    });
    resetting = createTcpServer((socket) => socket.resetAndDestroy());
    silent = createTcpServer(() => undefined);
    await Promise.all(
      [server, resetting, silent].map((one) => new Promise<void>((done) => one.listen(0, '127.0.0.1', done))),
    );
    base = `http://127.0.0.1:${portOf(server)}`;
  });
  afterAll(() => [server, resetting, silent].forEach((one) => one.close()));

  async function probe(spec: CurlSpec, env = process.env): Promise<{ requests: readonly Request[]; output: string }> {
    arrivals.length = 0;
    const output = await runIn(shell, curlArgv(spec, NONCE), env);
    const observation = parseCurl(spec, NONCE, output);
    if (observation.kind !== 'http') throw new Error(JSON.stringify(observation));
    return { requests: observation.requests, output };
  }

  it('opens one connection a request and reads every answer', async () => {
    const { requests, output } = await probe({ urls: [`${base}/a?b=c`], times: 300 });
    expect(requests).toHaveLength(300);
    expect(new Set(arrivals.map((arrival) => arrival.port)).size).toBe(300);
    expect(new Set(arrivals.map((arrival) => arrival.url))).toEqual(new Set(['/a?b=c']));
    expect(requests.every((request) => request.outcome === 'ok' && request.status === 200)).toBe(true);
    expect(requests[0]).toMatchObject({
      url: `${base}/a?b=c`,
      remote: '127.0.0.1',
      answer: { path: '/a?b=c', from: 'pod-0' },
    });
    expect(countAnswers(NONCE, output)).toEqual({ done: 300, counts: { 'pod-0': 100, 'pod-1': 100, 'pod-2': 100 } });
  });

  it('tells the address that it sent from', async () => {
    const { requests } = await probe({ urls: [`${base}/`] });
    expect(requests[0]).toMatchObject({ remote: '127.0.0.1', local: '127.0.0.1' });
    expect(requests[0]).not.toHaveProperty('headers');
  });

  it('keeps the headers of answers apart from their bodies, when asked to', async () => {
    const { requests } = await probe({ urls: [`${base}/headers`], times: 2, withHeaders: true });
    expect(requests).toHaveLength(2);
    for (const { headers, body } of requests) {
      expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-twice': 'a, b' });
      expect(body).toBe('{"two":\r\n\r\n2}');
    }
    const [sample] = (await probe({ urls: [`${base}/`], withHeaders: true })).requests;
    expect(sample?.answer?.from).toMatch(/^pod-\d$/);
  });

  it('starts a process for each round when time matters, and asks every URL in each', async () => {
    const started = performance.now();
    const { requests } = await probe({ urls: [`${base}/1`, `${base}/2`], times: 3, pauseMs: 200 });
    expect(performance.now() - started).toBeGreaterThan(400);
    expect(arrivals.map(({ url }) => url)).toEqual(['/1', '/2', '/1', '/2', '/1', '/2']);
    expect(requests.map(({ url }) => url)).toEqual(arrivals.map(({ url }) => `${base}${url}`));
  });

  it('looks a name up anew for each request when asked to', async () => {
    const { requests } = await probe({ urls: [`${base}/1`], times: 3, fresh: true });
    expect(requests.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
    const refused = await probe({ urls: ['http://127.0.0.1:1/'], times: 2, fresh: true });
    expect(refused.requests.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
  });

  it('goes to the address it is given, and speaks to the host of the URL', async () => {
    const url = `http://sample.example.com:${portOf(server)}/a`;
    const { requests } = await probe({ urls: [url], resolve: '127.0.0.1' });
    expect(requests[0]).toMatchObject({ url, outcome: 'ok', remote: '127.0.0.1' });
    expect(arrivals[0]?.host).toBe(`sample.example.com:${portOf(server)}`);
  });

  it('says where a redirect leads, without following it', async () => {
    const { requests } = await probe({ urls: [`${base}/moved`] });
    expect(requests[0]).toMatchObject({ status: 308, redirect: 'https://sample.example.com/moved' });
    expect(arrivals).toHaveLength(1);
  });

  it('tells the certificate that the server shows, and the answer apart from it', async () => {
    const { crt, key } = await new Certificates().for('sample.example.com');
    const secure = createTlsServer({ cert: crt, key }, (_request, response) =>
      response.end('Host=h Path=/ From=a ClientIP=b XFF='),
    );
    await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
    const url = `https://sample.example.com:${portOf(secure)}/`;
    try {
      const spec = { urls: [url], times: 2, resolve: '127.0.0.1', certificates: true };
      const { requests } = await probe({ ...spec, insecure: true });
      expect(requests.map(({ answer }) => answer?.from)).toEqual(['a', 'a']);
      expect(requests.map(({ certificate }) => certificate)).toEqual([readCertificate(crt), readCertificate(crt)]);
      expect(requests[0]?.certificate?.names).toEqual(['DNS:sample.example.com']);
      expect((await probe(spec)).requests[0]).toMatchObject({ outcome: 'tls', exitCode: 60 });
      expect((await probe({ urls: [`${base}/`], certificates: true })).requests[0]).not.toHaveProperty('certificate');
    } finally {
      secure.close();
    }
  });

  it('keeps one connection when asked to', async () => {
    const { requests } = await probe({ urls: [`${base}/`], times: 5, keepAlive: true });
    expect(requests).toHaveLength(5);
    expect(new Set(arrivals.map((arrival) => arrival.port)).size).toBe(1);
  });

  it('goes on after a request that failed, and names each URL as it was given', async () => {
    const refused = 'http://127.0.0.1:1/x#fragment';
    const { requests } = await probe({ urls: [`${base}/1`, refused, `${base}/2`], times: 2 });
    expect(requests.map((request) => [request.url, request.outcome, request.exitCode])).toEqual([
      [`${base}/1`, 'ok', 0],
      [`${base}/1`, 'ok', 0],
      [refused, 'refused', 7],
      [refused, 'refused', 7],
      [`${base}/2`, 'ok', 0],
      [`${base}/2`, 'ok', 0],
    ]);
    expect(requests[2]?.error).toMatch(/Connection refused/);
  });

  it('tells refused, reset, silence, an unknown name and a broken handshake apart', async () => {
    const { requests } = await probe({
      urls: [
        'http://127.0.0.1:1/',
        `http://127.0.0.1:${portOf(resetting)}/`,
        `http://127.0.0.1:${portOf(silent)}/`,
        'http://no-such-name.invalid./',
        `${base.replace('http:', 'https:')}/`,
        `${base}/503`,
      ],
      maxTimeMs: 1500,
    });
    expect(requests.map((request) => request.outcome)).toEqual(['refused', 'reset', 'timeout', 'no-name', 'tls', 'ok']);
    expect(requests[5]).toMatchObject({ status: 503, body: 'no backend' });
  });

  it('sends headers, also an empty one, and takes brackets and braces of a URL literally', async () => {
    const { requests } = await probe({
      urls: [`${base}/[1-3]{a,b}`],
      times: 2,
      headers: { Host: 'sample.example.com', 'X-Extra': 'it\'s $HOME "quoted"' },
    });
    expect(requests).toHaveLength(2);
    expect(arrivals.map(({ url, host, extra }) => ({ url, host, extra }))).toEqual(
      Array.from({ length: 2 }, () => ({
        url: '/[1-3]{a,b}',
        host: 'sample.example.com',
        extra: 'it\'s $HOME "quoted"',
      })),
    );
  });

  it('is not led astray by a proxy of the environment or by a body that looks like a frame', async () => {
    const { requests } = await probe(
      { urls: [`${base}/forged`, 'http://127.0.0.1:1/'] },
      { ...process.env, http_proxy: 'http://127.0.0.1:9', LANG: 'ja_JP.UTF-8' },
    );
    expect(requests.map((request) => request.outcome)).toEqual(['ok', 'refused']);
    expect(requests[0]?.body).toContain('From=evil');
  });

  it('does not pass one connection off as many', async () => {
    const spec = { urls: [`${base}/sticky`], times: 3 };
    const output = await runIn(shell, curlArgv(spec, NONCE));
    expect(parseCurl(spec, NONCE, output)).toMatchObject({ kind: 'unmeasured', reason: /kept a connection open/ });
  });

  it('stops when the time for all of them is up, and keeps what it has', async () => {
    const spec: CurlSpec = { urls: [`http://127.0.0.1:${portOf(silent)}/`], times: 200, maxTimeMs: 50 };
    // The time limit that the script was given, shortened: the real one is seconds long.
    const argv = curlArgv(spec, NONCE).map((word, index, all) => (all[index - 1] === 'timeout' ? '1' : word));
    const seen = parseCurl(spec, NONCE, await runIn(shell, argv));
    expect(seen).toMatchObject({ kind: 'http', asked: 200 });
    const { requests } = seen as Extract<Observation, { kind: 'http' }>;
    expect(requests.length).toBeGreaterThan(5);
    expect(requests.length).toBeLessThan(100);
    expect(new Set(requests.map(({ outcome }) => outcome))).toEqual(new Set(['timeout']));
  });

  it('says so when curl is not there', async () => {
    const spec = { urls: [base] };
    const argv = curlArgv(spec, NONCE).map((word) => (word === 'curl' ? 'no-such-curl' : word));
    const output = await runIn(shell, argv);
    expect(parseCurl(spec, NONCE, output)).toMatchObject({ kind: 'unmeasured', reason: 'curl is not installed there' });
  });

  it('makes nothing of output that lost its beginning, its end or a request', async () => {
    const { output } = await probe({ urls: [`${base}/`], times: 20 });
    const spec = { urls: [`${base}/`], times: 20 };
    for (let cut = 1; cut < output.length - 1; cut += 7) {
      expect(parseCurl(spec, NONCE, output.slice(0, -cut - 1)).kind).toBe('unmeasured');
      expect(parseCurl(spec, NONCE, output.slice(cut)).kind).toBe('unmeasured');
    }
    const second = output.indexOf(`\n${NONCE} r `, 200);
    const third = output.indexOf(`\n${NONCE} r `, second + 5);
    expect(parseCurl(spec, NONCE, output.slice(0, second) + output.slice(third))).toMatchObject({
      kind: 'unmeasured',
      reason: /19 of 20/,
    });
  });
});
