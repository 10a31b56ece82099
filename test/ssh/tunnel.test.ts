import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Bench, failureOf, until } from './lab.js';

async function api(): Promise<number> {
  const server = createServer((request, response) => response.end(`${request.url ?? ''} ${'x'.repeat(200_000)}`));
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await until(() => server.listening);
  return (server.address() as AddressInfo).port;
}

describe('a tunnel', () => {
  it('leads from a local port to an address that the host sees, for many requests at once', async () => {
    const port = await api();
    const { server, hosts } = await (await Bench.make()).ready();
    const tunnel = await hosts.openTunnel('raspi001', '127.0.0.1', port);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => (await fetch(`http://127.0.0.1:${tunnel.port}/${index}`)).text()),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => `/${index} ${'x'.repeat(200_000)}`));
    expect(server.logins).toBe(1);
    tunnel.close();
    await expect(fetch(`http://127.0.0.1:${tunnel.port}/`)).rejects.toThrow();
  });

  it('works again after the SSH connection was lost', async () => {
    const port = await api();
    const { server, hosts } = await (await Bench.make()).ready();
    const tunnel = await hosts.openTunnel('raspi001', '127.0.0.1', port);
    const get = (): Promise<Response> =>
      fetch(`http://127.0.0.1:${tunnel.port}/a`, { headers: { connection: 'close' } });
    expect((await get()).status).toBe(200);
    server.drop();
    await until(() => server.running === 0);
    await get().catch(() => undefined);
    expect((await get()).status).toBe(200);
    expect(server.logins).toBe(2);
  });

  it('closes the local connection when nobody listens at the other end', async () => {
    const empty = createTcpServer().listen(0, '127.0.0.1');
    await until(() => empty.listening);
    const { port } = empty.address() as AddressInfo;
    await new Promise((resolve) => empty.close(resolve));
    const { hosts } = await (await Bench.make()).ready();
    const tunnel = await hosts.openTunnel('raspi001', '127.0.0.1', port);
    await expect(fetch(`http://127.0.0.1:${tunnel.port}/`)).rejects.toThrow();
    expect((await hosts.host('raspi001').exec(['true'])).exitCode).toBe(0);
  });

  it('fails at once when the host cannot be reached', async () => {
    const bench = await Bench.make();
    const { lab, server } = await bench.ready();
    await server.close();
    expect(await failureOf(bench.connect(lab).openTunnel('raspi001', '127.0.0.1', 1))).toMatchObject({
      code: 'SSH_UNREACHABLE',
    });
  });
});
