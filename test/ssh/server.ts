import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, connect } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel, type ServerConfig } from 'ssh2';

const { Server, utils } = ssh2;

export interface TestServerOptions {
  readonly hostKeys?: ServerConfig['hostKeys'];
  /** Public keys that may log in. */
  readonly authorized?: readonly string[];
  /** Password that may log in, by the method named. */
  readonly password?: { readonly text: string; readonly method: 'password' | 'keyboard-interactive' };
  /** Looked through first for programs. */
  readonly path?: string;
  /** Runs nothing: a command ends with status 3 in the same moment in which it is accepted. */
  readonly instant?: boolean;
}

/** A real SSH server on loopback that runs commands in the real shell. */
export interface TestServer {
  readonly port: number;
  /** Logins that succeeded. */
  readonly logins: number;
  /** Commands running now and, at most, at once. */
  readonly running: number;
  readonly mostRunning: number;
  /** Signals that clients have sent to commands. */
  readonly signals: readonly string[];
  readonly users: readonly string[];
  /** Command lines as they came. */
  readonly commands: readonly string[];
  /** Cuts every connection without a goodbye. */
  drop(): void;
  /** Goes on taking bytes and never says a word again. */
  freeze(): void;
  close(): Promise<void>;
}

/**
 * A new key pair in OpenSSH's format. ssh2 1.17 writes about one ed25519 key in 128 wrongly (it loses a leading zero
 * byte); those are thrown away.
 */
export function newKeyPair(
  type: 'ed25519' | 'ecdsa' = 'ed25519',
  passphrase?: string,
): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair =
      type === 'ecdsa'
        ? utils.generateKeyPairSync('ecdsa', { bits: 256 })
        : utils.generateKeyPairSync(
            'ed25519',
            passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 2 },
          );
    const halves = [utils.parseKey(pair.private, passphrase), utils.parseKey(pair.public)];
    if (!halves.some((half) => half instanceof Error)) return pair;
  }
}

const authorizedBlob = (text: string): Buffer => (utils.parseKey(text) as ParsedKey).getPublicSSH();

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const hostKeys = options.hostKeys ?? [newKeyPair().private];
  const blobs = (options.authorized ?? []).map(authorizedBlob);
  const clients = new Set<Connection>();
  const children = new Set<ChildProcess>();
  const state = { logins: 0, mostRunning: 0, signals: [] as string[], users: [] as string[], commands: [] as string[] };

  const authenticate = (context: AuthContext): void => {
    const methods: AuthContext['method'][] = ['publickey'];
    if (options.password !== undefined) methods.push(options.password.method);
    if (context.method === 'publickey' && blobs.some((blob) => blob.equals(context.key.data))) {
      context.accept();
      return;
    }
    if (
      context.method === 'password' &&
      options.password?.method === 'password' &&
      context.password === options.password.text
    ) {
      context.accept();
      return;
    }
    if (context.method === 'keyboard-interactive' && options.password?.method === 'keyboard-interactive') {
      context.prompt([{ prompt: 'Password: ', echo: false }], (answers) =>
        answers[0] === options.password?.text ? context.accept() : context.reject(methods),
      );
      return;
    }
    context.reject(methods);
  };

  const run = (command: string, channel: ServerChannel, onChild: (child: ChildProcess) => void): void => {
    state.commands.push(command);
    if (options.instant === true) {
      channel.exit(3);
      channel.end();
      return;
    }
    const env = { ...process.env, PATH: `${options.path ?? ''}:${process.env['PATH'] ?? ''}` };
    const child = spawn('/bin/sh', ['-c', command], { env, detached: true });
    onChild(child);
    children.add(child);
    state.mostRunning = Math.max(state.mostRunning, children.size);
    channel.pipe(child.stdin);
    child.stdin.on('error', () => undefined);
    child.stdout.pipe(channel, { end: false });
    child.stderr.on('data', (chunk) => channel.stderr.write(chunk));
    child.on('close', (code, signal) => {
      children.delete(child);
      if (signal === null) channel.exit(code ?? 0);
      else channel.exit(signal.replace('SIG', ''));
      channel.end();
    });
  };

  const server = new Server({ hostKeys }, (client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    client.on('authentication', (context) => {
      state.users.push(context.username);
      authenticate(context);
    });
    client.on('ready', () => state.logins++);
    client.on('session', (accept) => {
      const session = accept();
      let child: ChildProcess | undefined;
      session.on('exec', (acceptExec, _reject, { command }) =>
        run(command, acceptExec(), (started) => (child = started)),
      );
      session.on('signal', (_accept, _reject, { name }) => {
        state.signals.push(name);
        if (child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      });
    });
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const socket = connect(destPort, destIP);
      socket.once('error', () => reject());
      socket.once('connect', () => {
        const channel = accept();
        socket.on('error', () => channel.close());
        channel.pipe(socket).pipe(channel);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const sockets = (): { destroy(): void; removeAllListeners(name: string): void; resume(): void }[] =>
    [...clients].map((client) => (client as unknown as { _sock: never })._sock);
  const killChildren = (): void => {
    for (const { pid } of children) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  };
  return {
    port: (server.address() as AddressInfo).port,
    get logins() {
      return state.logins;
    },
    get running() {
      return children.size;
    },
    get mostRunning() {
      return state.mostRunning;
    },
    signals: state.signals,
    users: state.users,
    commands: state.commands,
    drop: () => {
      for (const socket of sockets()) socket.destroy();
      killChildren();
    },
    freeze: () => {
      for (const socket of sockets()) {
        socket.removeAllListeners('data');
        socket.resume();
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets()) socket.destroy();
        killChildren();
      }),
  };
}
