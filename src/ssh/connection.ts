import { type Socket, connect as connectSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ClientChannel, type ClientErrorExtensions, type ConnectConfig } from 'ssh2';
import { PilabError, messageOf } from '../errors.js';
import type { Lab, LabHost } from '../lab/lab.js';
import { type Login, startLogin } from './auth.js';
import { Deadline } from './deadline.js';
import { addressOf, sshError } from './errors.js';
import type { HostKeys } from './host-keys.js';
import type { Prompts } from './prompts.js';

/** Missed signs of life after which a connection counts as lost. */
const KEEP_ALIVE_MISSES = 3;

/** What connecting takes besides the host. */
export interface ConnectContext {
  readonly ssh: Lab['ssh'];
  readonly hostKeys: HostKeys;
  readonly prompts: Prompts;
  readonly signal?: AbortSignal;
}

/** One authenticated connection to one host. */
export class Connection {
  private lostBecause: unknown;
  private isLost = false;

  private constructor(
    readonly host: LabHost,
    private readonly client: Client,
    private readonly wire: Duplex,
  ) {
    // What happened is only told to who uses the connection next, or is using it now.
    client.on('error', (error) => (this.lostBecause ??= error));
    client.on('close', () => (this.isLost = true));
  }

  /**
   * Connects and logs in; `through` is the connection of the jump host.
   * @throws PilabError `SSH_UNREACHABLE`, `SSH_TIMEOUT`, `SSH_AUTH`, `SSH_HOST_KEY_…`, `SSH_ABORTED`
   */
  static async open(host: LabHost, context: ConnectContext, through?: Connection): Promise<Connection> {
    const { ssh, hostKeys } = context;
    const [login, algorithms] = await Promise.all([startLogin(host, ssh, context.prompts), hostKeys.algorithms(host)]);
    // A socket of our own rather than ssh2's, to be able to end it when its peer does not answer any more.
    const wire =
      through === undefined
        ? connectSocket({ host: host.address, port: host.port, noDelay: true })
        : await through.forward(host.address, host.port);
    const client = new ssh2.Client();
    await logIn(client, wire, host, context, login, {
      host: host.address,
      port: host.port,
      username: host.user,
      sock: wire,
      algorithms: { serverHostKey: algorithms },
      keepaliveInterval: ssh.keepAliveMs,
      keepaliveCountMax: KEEP_ALIVE_MISSES,
      // Our own limit stands still while a person reads a fingerprint; ssh2's does not.
      readyTimeout: 0,
    });
    return new Connection(host, client, wire);
  }

  get lost(): boolean {
    return this.isLost;
  }

  /** Calls back once, when the connection has ended for whatever reason. */
  whenLost(callback: () => void): void {
    if (this.isLost) callback();
    else this.client.once('close', callback);
  }

  /** The error for whoever was using the connection when it went away. */
  lossError(): PilabError {
    const reason = this.lostBecause === undefined ? '' : ` (${messageOf(this.lostBecause)})`;
    return sshError('SSH_LOST', this.host.name, `the connection to ${addressOf(this.host)} was lost${reason}`, {
      hint: 'is the host up, and its network? the next command connects anew',
      cause: this.lostBecause,
    });
  }

  /**
   * A channel that runs `command` through the login shell.
   * @param onOpen called at once with the channel: a quick command's exit status may come in the same packet as the
   * channel itself, and whoever listens later, even a promise's then, misses it
   */
  async exec(command: string, onOpen: (channel: ClientChannel) => void): Promise<void> {
    await this.channel((callback) => this.client.exec(command, callback), 'a command could not be started', onOpen);
  }

  /** A channel to an address as the host sees it. */
  forward(address: string, port: number): Promise<ClientChannel> {
    return this.channel(
      (callback) => this.client.forwardOut('127.0.0.1', 0, address, port, callback),
      `no way from here to ${address}:${port}`,
    );
  }

  end(): void {
    this.client.end();
    // A peer that has gone away never answers the goodbye.
    if ('destroySoon' in this.wire) (this.wire as Socket).destroySoon();
  }

  private channel(
    open: (callback: (error: Error | undefined, channel: ClientChannel) => void) => void,
    failure: string,
    onOpen?: (channel: ClientChannel) => void,
  ): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        // ssh2 throws "Not connected" when the socket is gone but its close event has not come yet.
        const gone = this.isLost || messageOf(error) === 'Not connected';
        if (gone) this.lostBecause ??= error;
        reject(
          gone
            ? this.lossError()
            : sshError('SSH_CHANNEL', this.host.name, `${failure}: ${messageOf(error)}`, { cause: error }),
        );
      };
      try {
        open((error, channel) => {
          if (error !== undefined) {
            fail(error);
            return;
          }
          onOpen?.(channel);
          resolve(channel);
        });
      } catch (error) {
        fail(error);
      }
    });
  }
}

/** Runs ssh2's handshake and login to their end; the client is destroyed when they fail. */
async function logIn(
  client: Client,
  wire: Duplex,
  host: LabHost,
  { ssh, hostKeys, prompts, signal }: ConnectContext,
  login: Login,
  config: ConnectConfig,
): Promise<void> {
  let authenticating = false;
  let deadline: Deadline | undefined;
  const onAbort = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const patiently = <T>(task: () => Promise<T>): Promise<T> => deadline?.pausedDuring(task) ?? task();
      const abort = (): void => reject(sshError('SSH_ABORTED', host.name, 'interrupted while connecting'));
      if (signal?.aborted) abort();
      signal?.addEventListener('abort', abort, { signal: onAbort.signal });
      deadline = new Deadline(ssh.connectTimeoutMs, () => reject(timedOut(host, ssh.connectTimeoutMs, authenticating)));

      client.on('ready', resolve);
      client.on('error', (error: Error & ClientErrorExtensions) => {
        // An agent that does not answer is only one way in that is closed.
        if (error.level !== 'agent') reject(connectError(host, error, login, authenticating));
      });
      client.on('close', () =>
        reject(
          connectError(
            host,
            Object.assign(new Error('the host hung up'), { level: 'client-socket' }),
            login,
            authenticating,
          ),
        ),
      );
      client.connect({
        ...config,
        hostVerifier: (key: Buffer, verify: (accepted: boolean) => void): void => {
          patiently(() => prompts.alone((prompt) => hostKeys.verify(host, key, prompt))).then(
            () => verify(true),
            (error: unknown) => {
              // First, so that it wins over ssh2's own "Host denied".
              reject(error instanceof Error ? error : new Error(messageOf(error)));
              verify(false);
            },
          );
        },
        authHandler: (allowed, _partial, next) => {
          authenticating = true;
          patiently(() => login.next(allowed as typeof allowed | null)).then(
            // ssh2 ends the login on false, which its types leave out.
            (way) => next(way ?? (false as never)),
            (error: unknown) => reject(connectError(host, error, login, authenticating)),
          );
        },
      });
    });
  } catch (error) {
    client.on('error', () => undefined);
    wire.on('error', () => undefined);
    wire.destroy();
    throw connectError(host, error, login, authenticating);
  } finally {
    deadline?.clear();
    onAbort.abort();
  }
}

function timedOut(host: LabHost, limitMs: number, authenticating: boolean): PilabError {
  const what = authenticating ? 'did not finish the login' : 'did not answer';
  return sshError('SSH_TIMEOUT', host.name, `${addressOf(host)} ${what} within ${limitMs / 1000} s`, {
    hint: 'is the host up, and is the address right? ssh.connectTimeout in the lab file sets the limit',
  });
}

function connectError(host: LabHost, error: unknown, login: Login, authenticating: boolean): PilabError {
  if (error instanceof PilabError) return error;
  const { level, code } = error as ClientErrorExtensions & NodeJS.ErrnoException;
  // A name with several addresses fails with one error for each and no message of its own.
  const reason = error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : messageOf(error);
  // "Too many authentication failures" comes as a disconnect without a level.
  if (level === 'client-authentication' || (authenticating && level === undefined)) {
    const ways = login.tried.length === 0 ? 'nothing to log in with' : `tried: ${login.tried.join(', ')}`;
    const saying = level === undefined ? ` (${reason})` : '';
    return sshError('SSH_AUTH', host.name, `${addressOf(host)} did not let us in${saying}; ${ways}`, {
      hint: `try: ssh-copy-id -p ${host.port} ${host.user}@${host.address}; or set ssh.keys, ssh.agent or ssh.passwordPrompt in the lab file`,
      cause: error,
    });
  }
  const hint =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? 'the name is not known; give the host an address in the lab file'
      : 'is the host up, does sshd run, are address and port right?';
  return sshError('SSH_UNREACHABLE', host.name, `${addressOf(host)} cannot be reached: ${reason}`, {
    hint,
    cause: error,
  });
}
