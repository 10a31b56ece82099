import pLimit from 'p-limit';
import { PilabError } from '../errors.js';
import type { Lab, LabHost } from '../lab/lab.js';
import type { ExecOptions, ExecResult, Host } from '../ports/host.js';
import { runCommand } from './command.js';
import { Connection } from './connection.js';
import { addressOf, sshError } from './errors.js';
import { HostKeys } from './host-keys.js';
import type { Prompt } from './prompt.js';
import { Prompts } from './prompts.js';
import { quote } from '../quote.js';
import { elevate } from './sudo.js';
import { type Tunnel, openTunnel } from './tunnel.js';

/** OpenSSH's sshd allows ten sessions on a connection (MaxSessions); two are left for others. */
const COMMANDS_AT_ONCE = 8;

export interface SshDependencies {
  readonly prompt: Prompt;
  /** Where `sudo: { env: NAME }` looks. */
  readonly env: NodeJS.ProcessEnv;
  /** Interrupts everything. */
  readonly signal?: AbortSignal;
}

/** The hosts of a lab over SSH. */
export interface Hosts {
  /** Not yet connected. @throws PilabError `SSH_NO_SUCH_HOST` */
  host(name: string): Host;
  /** A port on 127.0.0.1 that leads through a host to an address as that host sees it. */
  openTunnel(hostName: string, address: string, port: number): Promise<Tunnel>;
  /** Ends every connection and tunnel; commands that still run fail. */
  close(): void;
}

/** One machine: at most one connection, made when it is first needed and again after it was lost. */
interface Line {
  connection: Promise<Connection> | undefined;
  readonly limit: ReturnType<typeof pLimit>;
}

/** Gets the hosts of a lab ready; connects to none of them yet. */
export function connectHosts(lab: Lab, dependencies: SshDependencies): Hosts {
  return new SshConnections(lab, dependencies);
}

export class SshConnections implements Hosts {
  private readonly lines = new Map<string, Line>();
  private readonly tunnels: Tunnel[] = [];
  private readonly prompts: Prompts;
  private readonly hostKeys: HostKeys;
  private readonly closed = new AbortController();

  constructor(
    private readonly lab: Lab,
    private readonly dependencies: SshDependencies,
  ) {
    this.prompts = new Prompts(dependencies.prompt);
    this.hostKeys = new HostKeys(lab.ssh.knownHosts);
  }

  host(name: string): Host {
    const host = this.find(name);
    return { name, exec: (argv, options) => this.exec(host, argv, options) };
  }

  async openTunnel(hostName: string, address: string, port: number): Promise<Tunnel> {
    const host = this.find(hostName);
    // Here, so that a host that cannot be reached says so now.
    await this.connect(host);
    const tunnel = await openTunnel(() => this.connect(host), address, port);
    this.tunnels.push(tunnel);
    return tunnel;
  }

  close(): void {
    this.closed.abort();
    for (const tunnel of this.tunnels.splice(0)) tunnel.close();
    for (const { connection } of this.lines.values()) {
      connection?.then(
        (open) => open.end(),
        () => undefined,
      );
    }
    this.lines.clear();
  }

  private async exec(host: LabHost, argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    if (this.closed.signal.aborted) throw sshError('SSH_LOST', host.name, 'the connections to the lab were closed');
    const signal = this.signalFor(options.signal);
    const {
      argv: words,
      dialogue,
      explain,
    } = options.sudo
      ? await elevate(host, argv, options.stdin, this.lab.sudo, { prompts: this.prompts, env: this.dependencies.env })
      : { argv };
    const line = quote(words);
    const command = {
      line,
      program: argv[0] ?? '',
      timeoutMs: options.timeoutMs ?? this.lab.ssh.commandTimeoutMs,
      stdin: options.stdin,
      onStdout: options.onStdout,
      signal,
      dialogue,
    };
    const running = this.lineTo(host).limit(async () => runCommand(await this.connect(host), command));
    // An abort does not wait for a free place or a connection that others still want.
    const result = await unlessAborted(running, signal, () =>
      sshError('SSH_ABORTED', host.name, `${command.program} was interrupted`),
    );
    const refusal = explain?.(result);
    if (refusal !== undefined) throw refusal;
    return result;
  }

  /** The connection to a host, shared by all who need it, also as a way to other hosts. */
  private connect(host: LabHost): Promise<Connection> {
    const line = this.lineTo(host);
    if (line.connection === undefined) {
      const opening = this.open(host);
      const forget = (): void => {
        if (line.connection === opening) line.connection = undefined;
      };
      line.connection = opening;
      opening.then((connection) => connection.whenLost(forget), forget);
    }
    return line.connection;
  }

  private async open(host: LabHost): Promise<Connection> {
    const signal = this.signalFor();
    const through = host.jump === undefined ? undefined : await this.connect(host.jump);
    return Connection.open(
      host,
      { ssh: this.lab.ssh, hostKeys: this.hostKeys, prompts: this.prompts, signal },
      through,
    );
  }

  private lineTo(host: LabHost): Line {
    const key = routeOf(host);
    let line = this.lines.get(key);
    if (line === undefined) {
      line = { connection: undefined, limit: pLimit(COMMANDS_AT_ONCE) };
      this.lines.set(key, line);
    }
    return line;
  }

  private signalFor(own?: AbortSignal): AbortSignal {
    const signals = [this.closed.signal, this.dependencies.signal, own];
    return AbortSignal.any(signals.filter((signal) => signal !== undefined));
  }

  private find(name: string): LabHost {
    const host = this.lab.hosts.find((candidate) => candidate.name === name);
    if (host !== undefined) return host;
    throw new PilabError({
      code: 'SSH_NO_SUCH_HOST',
      message: `${name}: the lab ${this.lab.name} has no such host`,
      hint: `it has: ${this.lab.hosts.map((candidate) => candidate.name).join(', ')}`,
    });
  }
}

/** A jump host that is itself a host of the lab shares its connection: same machine, same user, same way. */
function routeOf(host: LabHost): string {
  return `${addressOf(host)}${host.jump === undefined ? '' : ` via ${routeOf(host.jump)}`}`;
}

async function unlessAborted<T>(task: Promise<T>, signal: AbortSignal, error: () => Error): Promise<T> {
  const finished = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(error());
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { signal: finished.signal });
  });
  try {
    return await Promise.race([task, aborted]);
  } finally {
    finished.abort();
  }
}
