import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClusterAccess, connectCluster, fetchKubeconfig } from '../../src/cluster/connect.js';
import type { PilabError } from '../../src/errors.js';
import type { Cluster } from '../../src/ports/cluster.js';
import type { ExecResult, Host } from '../../src/ports/host.js';
import { FakeApi, TOKEN, answer, certificateFor, failureOf } from './fake-api.js';

const VERSION = answer({ gitVersion: 'v1.34.4' });

async function connect(access: Omit<ClusterAccess, 'source'> & { readonly source?: string }): Promise<Cluster> {
  const cluster = await connectCluster({ source: 'lab.kubeconfig', ...access });
  onTestFinished(() => cluster.close());
  return cluster;
}

describe('through a tunnel', () => {
  it.each([
    ['IP:192.168.66.11', 'https://192.168.66.11:6443', false],
    ['DNS:raspi001.lab', 'https://raspi001.lab:6443', 'raspi001.lab'],
  ])('the certificate is checked for the server’s own name: %s', async (name, server, sni) => {
    const api = (await FakeApi.start(name)).on('GET /version', VERSION);
    api.exec = (socket) => socket.close();
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    const cluster = await connect({ kubeconfig: api.kubeconfig(server), server: { port: api.port } });
    expect(await cluster.version()).toBe('v1.34.4');
    expect((await cluster.exec({ namespace: 'lab', pod: 'web' }, ['true'])).exitCode).toBeNull();
    process.off('warning', note);
    expect(warnings).toEqual([]);
    expect(api.serverName).toBe(sni);
  });

  it.each([
    ['IP:192.168.66.99', 'https://192.168.66.11:6443'],
    ['IP:127.0.0.1', 'https://192.168.66.11:6443'],
    ['DNS:other.lab', 'https://raspi001.lab:6443'],
  ])('a certificate for another name is refused: %s', async (name, server) => {
    const api = (await FakeApi.start(name)).on('GET /version', VERSION);
    const cluster = await connect({ kubeconfig: api.kubeconfig(server), server: { port: api.port } });
    const error = await failureOf<PilabError>(cluster.version());
    expect(error.code).toBe('CLUSTER_UNREACHABLE');
    expect(error.message).toMatch(/altnames/);
    expect(error.hint).toMatch(/another cluster/);
    expect(api.seen).toEqual([]);
  });
});

describe('a server', () => {
  it('may live under a path', async () => {
    const api = (await FakeApi.start()).on('GET /k8s/clusters/pi/version', VERSION);
    const cluster = await connect({ kubeconfig: api.kubeconfig(`https://127.0.0.1:${api.port}/k8s/clusters/pi/`) });
    expect(await cluster.version()).toBe('v1.34.4');
  });

  it('whose certificate is of another authority gets no credentials', async () => {
    const [ours, other] = [await FakeApi.start(), await FakeApi.start('IP:127.0.0.1,DNS:other')];
    const cluster = await connect({ kubeconfig: ours.kubeconfig(`https://127.0.0.1:${other.port}`) });
    const error = await failureOf<PilabError>(cluster.version());
    expect(error).toMatchObject({ code: 'CLUSTER_UNREACHABLE', exitCode: 3 });
    expect(other.seen).toEqual([]);
  });

  it('is found by the context that was asked for', async () => {
    const api = (await FakeApi.start()).on('GET /version', VERSION);
    const config = JSON.parse(api.kubeconfig()) as Record<string, unknown>;
    const kubeconfig = JSON.stringify({ ...config, 'current-context': 'elsewhere' });
    expect(await (await connect({ kubeconfig, context: 'lab' })).version()).toBe('v1.34.4');
  });
});

describe('a kubeconfig', () => {
  const good = async (): Promise<string> => (await FakeApi.start()).kubeconfig('https://192.168.66.11:6443');

  it('has paths that start from its own place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pilab-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const { key, cert } = certificateFor('DNS:admin');
    await writeFile(join(folder, 'admin.key'), key);
    await writeFile(join(folder, 'admin.crt'), cert);
    const api = (await FakeApi.start()).on('GET /version', VERSION);
    const config = JSON.parse(api.kubeconfig()) as Record<string, unknown>;
    const user = { 'client-certificate': 'admin.crt', 'client-key': 'admin.key' };
    const kubeconfig = JSON.stringify({ ...config, users: [{ name: 'admin', user }] });
    expect(await (await connect({ kubeconfig, source: join(folder, 'config') })).version()).toBe('v1.34.4');
    const error = await failureOf<PilabError>(connect({ kubeconfig, source: 'raspi001:/etc/kubernetes/admin.conf' }));
    expect(error).toMatchObject({ code: 'KUBECONFIG_INVALID', exitCode: 2 });
    expect(error.message).toMatch(
      /^raspi001:\/etc\/kubernetes\/admin\.conf: its credentials cannot be used: .*admin\.crt/,
    );
  });

  it('that cannot be read says where, and quotes nothing of it', async () => {
    const kubeconfig = `apiVersion: v1\nusers:\n- user: {token: ${TOKEN}, [}\n`;
    const error = await failureOf<PilabError>(connect({ kubeconfig }));
    expect(error).toMatchObject({ code: 'KUBECONFIG_INVALID', exitCode: 2 });
    expect(error.message).toMatch(/^lab\.kubeconfig:\d+: not a kubeconfig: \w/);
    expect(`${error.message} ${String(error.cause)}`).not.toContain(TOKEN);
  });

  it.each([[''], ['just text'], ['[]'], ['kind: Config']])('that is none is told so: %j', async (kubeconfig) => {
    const error = await failureOf<PilabError>(connect({ kubeconfig }));
    expect(error.code).toBe('KUBECONFIG_INVALID');
    expect(error.message).toMatch(/^lab\.kubeconfig: (not a kubeconfig|no context is chosen)/);
  });

  it('names its contexts when the one asked for is not there', async () => {
    const error = await failureOf(connect({ kubeconfig: await good(), context: 'labb' }));
    expect(error.message).toBe('lab.kubeconfig: no context "labb"; it has: lab');
  });

  it.each([
    [{ clusters: [] }, 'context "lab" names the cluster "pis", which is missing'],
    [{ users: [] }, 'context "lab" names the user "admin", who is missing'],
    [
      { clusters: [{ name: 'pis', cluster: { server: '192.168.66.11' } }] },
      '"192.168.66.11" is no address of a server',
    ],
    [
      { users: [{ name: 'admin', user: { 'client-certificate-data': 'bm9uc2Vuc2U=' } }] },
      'its credentials cannot be used',
    ],
  ])('that is broken says what is missing: %j', async (change, message) => {
    const kubeconfig = JSON.stringify({ ...(JSON.parse(await good()) as object), ...change });
    const error = await failureOf<PilabError>(connect({ kubeconfig }));
    expect(error.code).toBe('KUBECONFIG_INVALID');
    expect(error.message).toContain(`lab.kubeconfig: ${message}`);
  });
});

describe('the kubeconfig of a control plane', () => {
  function hostWith(result: Partial<ExecResult>): { readonly host: Host; readonly asked: unknown[] } {
    const asked: unknown[] = [];
    const exec: Host['exec'] = (argv, options) => {
      asked.push({ argv, options });
      return Promise.resolve({ stdout: '', stderr: '', exitCode: 0, durationMs: 1, ...result });
    };
    return { host: { name: 'raspi001', exec }, asked };
  }

  it('is read there as root', async () => {
    const { host, asked } = hostWith({ stdout: 'kind: Config\n' });
    expect(await fetchKubeconfig(host, '/etc/kubernetes/admin.conf')).toBe('kind: Config\n');
    expect(asked).toEqual([{ argv: ['cat', '/etc/kubernetes/admin.conf'], options: { sudo: true } }]);
  });

  it.each([
    [
      { exitCode: 1, stderr: 'cat: /etc/kubernetes/admin.conf: No such file or directory\n' },
      'No such file or directory',
    ],
    [{ stdout: '\n' }, 'it is empty'],
    [{ exitCode: null }, 'cat ended with no status'],
  ])('that is not there names the host: %j', async (result, reason) => {
    const error = await failureOf<PilabError>(fetchKubeconfig(hostWith(result).host, '/etc/kubernetes/admin.conf'));
    expect(error.code).toBe('KUBECONFIG_MISSING');
    expect(error.message).toMatch(/^raspi001: cannot read \/etc\/kubernetes\/admin\.conf/);
    expect(error.message).toContain(reason);
  });
});
