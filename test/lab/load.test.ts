import { Ajv2020 } from 'ajv/dist/2020.js';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PilabError } from '../../src/errors.js';
import type { Lab } from '../../src/lab/lab.js';
import { loadLab } from '../../src/lab/load.js';
import { labJsonSchema } from '../../src/lab/schema.js';

let home: string;
let dir: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pilab-lab-'));
  dir = join(home, 'class');
  await mkdir(join(home, '.ssh'), { recursive: true });
  await mkdir(dir);
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function load(text: string): Promise<Lab> {
  await writeFile(join(dir, 'lab.yaml'), text);
  return loadLab(join(dir, 'lab.yaml'), { home, user: 'me', agent: '/run/agent', systemKnownHostsFile: '/sys/known' });
}

async function mistakes(text: string): Promise<string[]> {
  const error: unknown = await load(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PilabError);
  expect(error).toMatchObject({ code: 'LAB_INVALID', exitCode: 2 });
  return (error as PilabError).message.split('\n').map((line) => line.replace(`${dir}/`, '').replace(dir, '<dir>'));
}

async function sshConfig(text: string): Promise<void> {
  await writeFile(join(home, '.ssh', 'config'), text);
}

const RACK = `lab: rack
hosts:
  - { name: raspi001, address: 192.168.66.11, role: control-plane }
  - { name: raspi002, address: 192.168.66.12, role: worker }
  - { name: raspi003, address: 192.168.66.13, role: worker }
ssh: { user: pi, keys: [id_ed25519], knownHosts: known_hosts }
sudo: passwordless
cluster: { kubeconfig: kubeconfig }
`;

describe('a lab file', () => {
  it('of three lines is enough', async () => {
    await writeFile(join(home, '.ssh', 'id_ed25519'), '');
    const lab = await load('hosts:\n  - raspi001\n  - raspi002\n');
    expect(lab).toEqual({
      name: 'lab',
      simulated: false,
      file: join(dir, 'lab.yaml'),
      hosts: ['raspi001', 'raspi002'].map((name, index) => ({
        name,
        address: name,
        port: 22,
        user: 'me',
        role: index === 0 ? 'control-plane' : 'worker',
        keys: [join(home, '.ssh', 'id_ed25519')],
        hostKeyAlias: undefined,
        knownHosts: undefined,
        jump: undefined,
      })),
      ssh: {
        agent: '/run/agent',
        passwordPrompt: false,
        knownHosts: [join(home, '.ssh', 'known_hosts'), join(home, '.ssh', 'known_hosts2'), '/sys/known'],
        connectTimeoutMs: 10_000,
        keepAliveMs: 5_000,
        commandTimeoutMs: 60_000,
      },
      sudo: { kind: 'passwordless' },
      cluster: {
        kubeconfig: undefined,
        context: undefined,
        remoteKubeconfig: '/etc/kubernetes/admin.conf',
        via: 'direct',
      },
      images: {},
      loadBalancer: undefined,
      ingress: undefined,
      outside: [],
    });
  });

  it('as the rack writes it is understood, paths from its own directory', async () => {
    await writeFile(join(dir, 'id_ed25519'), '');
    await writeFile(join(dir, 'kubeconfig'), '');
    // What the person's own config says of every host must not reach into a lab that says it itself.
    await sshConfig('Host *\n  User somebody\n  IdentityFile ~/.ssh/other\n  UserKnownHostsFile ~/.ssh/others\n');
    const lab = await load(RACK);
    expect(lab.name).toBe('rack');
    expect(lab.hosts.map(({ address, role, user }) => [address, role, user])).toEqual([
      ['192.168.66.11', 'control-plane', 'pi'],
      ['192.168.66.12', 'worker', 'pi'],
      ['192.168.66.13', 'worker', 'pi'],
    ]);
    expect(lab.hosts[0]).toMatchObject({ keys: [join(dir, 'id_ed25519')], knownHosts: undefined });
    expect(lab.ssh.knownHosts).toEqual([join(dir, 'known_hosts')]);
    expect(lab.cluster.kubeconfig).toBe(join(dir, 'kubeconfig'));
  });

  it('takes durations, an agent path, a sudo variable and image names', async () => {
    const lab = await load(
      [
        'hosts: [a]',
        'ssh: { agent: ~/agent.sock, connectTimeout: 500ms, keepAlive: 2s, commandTimeout: 3m, passwordPrompt: true }',
        'sudo: { env: PI_PASSWORD }',
        'images: { registry.k8s.io/: registry.local/ }',
        'cluster: { via: tunnel, context: pi }',
      ].join('\n'),
    );
    expect(lab.ssh).toMatchObject({
      agent: join(home, 'agent.sock'),
      connectTimeoutMs: 500,
      keepAliveMs: 2_000,
      commandTimeoutMs: 180_000,
      passwordPrompt: true,
    });
    expect(lab.sudo).toEqual({ kind: 'env', variable: 'PI_PASSWORD' });
    expect(lab.images).toEqual({ 'registry.k8s.io/': 'registry.local/' });
    expect(lab.cluster).toMatchObject({ via: 'tunnel', context: 'pi' });
    expect((await load('hosts: [a]\nssh: { agent: false }\n')).ssh.agent).toBeUndefined();
  });
});

describe('what the home network has beside the Pis', () => {
  it('is a pool, ingress classes, and web servers', async () => {
    const lab = await load(
      [
        'hosts: [a]',
        'loadBalancer: { pool: 192.168.1.240-192.168.1.250 }',
        'ingress: { classes: [nginx, traefik] }',
        'outside: [{ name: nas.home.lab, address: 192.168.1.5 }, { name: web.home.lab, address: 192.168.1.6, port: 8080 }]',
      ].join('\n'),
    );
    expect(lab.loadBalancer).toEqual({ pool: ['192.168.1.240-192.168.1.250'] });
    expect(lab.ingress).toEqual({ classes: ['nginx', 'traefik'] });
    expect(lab.outside).toEqual([
      { name: 'nas.home.lab', address: '192.168.1.5', port: 80 },
      { name: 'web.home.lab', address: '192.168.1.6', port: 8080 },
    ]);
  });

  it('refuses a range that runs backwards', async () => {
    await expect(load('hosts: [a]\nloadBalancer: { pool: [10.0.0.9-10.0.0.5] }\n')).rejects.toThrow(
      /2:24: .*a range such as/,
    );
  });
});

describe("OpenSSH's config", () => {
  it('fills in what the lab file leaves out', async () => {
    await mkdir(join(home, '.ssh', 'config.d'));
    await writeFile(
      join(home, '.ssh', 'config.d', '10-pi.conf'),
      'Host raspi*\n  hostname %h.local\n  IdentityFile ~/.ssh/pi\n',
    );
    await writeFile(join(home, '.ssh', 'pi'), '');
    await sshConfig(
      [
        'Include config.d/*.conf',
        'Host raspi001',
        '  Port 2222',
        '  User pi',
        '  HostKeyAlias pi-one',
        '  UserKnownHostsFile ~/.ssh/pis',
        '  IdentityFile ~/.ssh/not-there',
        'Match exec "touch executed"',
        '  User hacked',
      ].join('\n'),
    );
    const lab = await load('hosts:\n  - raspi001\n  - { name: raspi002, port: 23, user: root }\n');
    expect(lab.hosts[0]).toMatchObject({
      address: 'raspi001.local',
      port: 2222,
      user: 'pi',
      hostKeyAlias: 'pi-one',
      keys: [join(home, '.ssh', 'pi')],
      knownHosts: [join(home, '.ssh', 'pis')],
    });
    expect(lab.hosts[1]).toMatchObject({ address: 'raspi002.local', port: 23, user: 'root' });
  });

  it('gives the way through jump hosts, each with its own settings', async () => {
    await sshConfig(
      [
        'Host gate',
        '  HostName 203.0.113.1',
        '  User keeper',
        'Host raspi001',
        '  ProxyJump gate,pi@middle:2200',
        'Host direct',
        '  ProxyJump none',
      ].join('\n'),
    );
    const lab = await load('hosts: [raspi001, direct]\n');
    expect(lab.hosts[0]?.jump).toMatchObject({
      address: 'middle',
      user: 'pi',
      port: 2200,
      jump: { address: '203.0.113.1', user: 'keeper', port: 22, jump: undefined },
    });
    expect(lab.hosts[1]?.jump).toBeUndefined();
  });

  it('that cannot be read is an error of its own', async () => {
    await mkdir(join(home, '.ssh', 'config'));
    await expect(load('hosts: [a]\n')).rejects.toMatchObject({ code: 'SSH_CONFIG_INVALID' });
  });
});

describe('jump', () => {
  it('names a host of the lab or any other machine', async () => {
    const lab = await load(
      'hosts:\n  - { name: a, address: 10.0.0.1, user: pi }\n  - { name: b, jump: a }\n  - { name: c, jump: "root@[fd00::1]:24" }\n',
    );
    expect(lab.hosts[1]?.jump).toMatchObject({ name: 'a', address: '10.0.0.1', user: 'pi' });
    expect(lab.hosts[2]?.jump).toMatchObject({ address: 'fd00::1', user: 'root', port: 24 });
  });
});

describe('mistakes', () => {
  it('are all reported at once, each at its place', async () => {
    expect(
      await mistakes(
        [
          'hosts:',
          '  - { name: a, role: worker }',
          '  - { name: b, adress: 10.0.0.1 }',
          '  - { name: a, role: wroker }',
          '  - { name: a, port: "22" }',
          '  - a',
          'ssh: { keys: [nokey], conectTimeout: 5s }',
          'sudo: passwordles',
          'cluster: { kubeconfig: nothing }',
          'shh: {}',
        ].join('\n'),
      ),
    ).toEqual([
      'lab.yaml:3:16: unknown key "adress"; did you mean "address"?',
      'lab.yaml:4:22: role: "wroker" is not one of control-plane, worker; did you mean "worker"?',
      'lab.yaml:5:22: port: expected a number, found "22"',
      'lab.yaml:6:5: host name "a" is used twice; line 2 has it already; give each host a name of its own',
      `lab.yaml:7:15: private key <dir>/nokey does not exist; paths start at the lab file's directory; ssh-keygen makes one`,
      'lab.yaml:7:23: unknown key "conectTimeout"; did you mean "connectTimeout"?',
      'lab.yaml:8:7: sudo: expected "none" or "passwordless" or "prompt" or a map, found "passwordles"; did you mean "passwordless"?',
      `lab.yaml:9:24: kubeconfig <dir>/nothing does not exist; paths start at the lab file's directory; leave the key out to fetch it from the first control plane`,
      'lab.yaml:10:1: unknown key "shh"; did you mean "ssh"?',
    ]);
  });

  it.each([
    ['', ['lab.yaml:1:1: the file is empty; at least: hosts: [raspi001]']],
    ['lab: x\n', ['lab.yaml:1:1: missing key "hosts"; expected a list']],
    ['hosts: []\n', ['lab.yaml:1:8: hosts: name at least one host']],
    ['- a\n', ['lab.yaml:1:1: expected a map, found a list']],
    ['hosts: [a]\n---\nhosts: [b]\n', ['lab.yaml:3:1: a second YAML document; a lab file has one']],
    ['hosts: [a]\nhosts: [b]\n', ['lab.yaml:2:1: Map keys must be unique']],
    [
      'hosts: [{ name: a, role: worker }]\n',
      [
        'lab.yaml:1:1: no host has the role control-plane; give one host "role: control-plane", or no host a role: then the first is the control plane',
      ],
    ],
    [
      'hosts: [{ name: a, jump: b }, { name: b, jump: a }]\n',
      [
        'lab.yaml:1:26: jump: the way to "a" leads back to itself: a → b → a; one of these hosts must be reached directly',
        'lab.yaml:1:48: jump: the way to "b" leads back to itself: b → a → b; one of these hosts must be reached directly',
      ],
    ],
  ])('%j', async (text, expected) => {
    expect(await mistakes(text)).toEqual(expected);
  });

  it('a missing file says what to do', async () => {
    await expect(loadLab(join(dir, 'none.yaml'), { home })).rejects.toMatchObject({
      code: 'LAB_NOT_FOUND',
      hint: expect.stringContaining('--lab FILE') as string,
    });
  });
});

describe('labJsonSchema', () => {
  it('accepts and refuses what the loader does', () => {
    const accepts = new Ajv2020({ strict: false }).compile(labJsonSchema());
    expect(accepts(parse(RACK))).toBe(true);
    expect(accepts({ hosts: ['raspi001'] })).toBe(true);
    expect(accepts({ hosts: [{ name: 'a', adress: 'b' }] })).toBe(false);
    expect(accepts({ hosts: ['a'], ssh: { connectTimeout: 'soon' } })).toBe(false);
  });
});
