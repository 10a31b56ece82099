import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Lab, LabHost } from '../../src/lab/lab.js';
import { PilabError } from '../../src/errors.js';
import { type Hosts, type SshDependencies, connectHosts } from '../../src/ssh/connections.js';
import { NO_PROMPT, type Prompt } from '../../src/ssh/prompt.js';
import { type TestServer, type TestServerOptions, newKeyPair, startServer } from './server.js';

/** A key pair, its private half in a file. */
export interface KeyFile {
  readonly file: string;
  readonly public: string;
}

/** Everything a test needs: a directory, a key that may log in, and things that clean themselves up. */
export class Bench {
  private constructor(readonly directory: string) {}

  static async make(): Promise<Bench> {
    const directory = await mkdtemp(join(tmpdir(), 'pilab-ssh-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    return new Bench(directory);
  }

  get knownHosts(): string {
    return join(this.directory, 'ssh', 'known_hosts');
  }

  async key(name = 'id', passphrase?: string): Promise<KeyFile> {
    const pair = newKeyPair('ed25519', passphrase);
    const file = join(this.directory, name);
    await writeFile(file, pair.private, { mode: 0o600 });
    return { file, public: pair.public };
  }

  async server(options: TestServerOptions = {}): Promise<TestServer> {
    const server = await startServer(options);
    onTestFinished(() => server.close());
    return server;
  }

  host(server: { readonly port: number }, replaced: Partial<LabHost> = {}): LabHost {
    const defaults = {
      name: 'raspi001',
      address: '127.0.0.1',
      port: server.port,
      user: 'pi',
      role: 'control-plane',
    } as const;
    return { ...defaults, keys: [], ...replaced };
  }

  lab(hosts: readonly LabHost[], replaced: { ssh?: Partial<Lab['ssh']>; sudo?: Lab['sudo'] } = {}): Lab {
    return {
      name: 'test',
      simulated: false,
      file: join(this.directory, 'lab.yaml'),
      hosts,
      ssh: {
        agent: undefined,
        passwordPrompt: false,
        knownHosts: [this.knownHosts],
        connectTimeoutMs: 5_000,
        keepAliveMs: 5_000,
        commandTimeoutMs: 5_000,
        ...replaced.ssh,
      },
      sudo: replaced.sudo ?? { kind: 'passwordless' },
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
    };
  }

  connect(lab: Lab, dependencies: Partial<SshDependencies> = {}): Hosts {
    const hosts = connectHosts(lab, { prompt: person(), env: {}, ...dependencies });
    onTestFinished(() => hosts.close());
    return hosts;
  }

  /** A server that lets one key in, and its only host connected to. */
  async ready(
    options: TestServerOptions = {},
    labOptions: Parameters<Bench['lab']>[1] = {},
    dependencies: Partial<SshDependencies> = {},
  ): Promise<{ server: TestServer; hosts: Hosts; lab: Lab }> {
    const key = await this.key();
    const server = await this.server({ authorized: [key.public], ...options });
    const lab = this.lab([this.host(server, { keys: [key.file] })], labOptions);
    return { server, lab, hosts: this.connect(lab, dependencies) };
  }
}

/** Somebody at the terminal who says yes and knows these secrets, in order; what was asked is kept. */
export function person(secrets: string[] = [], trusts = true): Prompt & { readonly asked: string[] } {
  const asked: string[] = [];
  const left = [...secrets];
  return {
    asked,
    interactive: true,
    confirm: (question) => {
      asked.push(question);
      return Promise.resolve(trusts);
    },
    secret: (question) => {
      asked.push(question);
      return Promise.resolve(left.shift() ?? '');
    },
  };
}

export const nobody = NO_PROMPT;

/** The PilabError that a promise must fail with. */
export async function failureOf(promise: Promise<unknown>): Promise<PilabError> {
  const error: unknown = await promise.then(
    () => new Error('it should have failed'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof PilabError) return error;
  throw error;
}

/** Waits for something that comes about by itself; the test's own limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
