import { StringDecoder } from 'node:string_decoder';
import WebSocket from 'ws';
import type { Cluster } from '../ports/cluster.js';
import type { ExecResult } from '../ports/host.js';
import { PilabError } from '../errors.js';
import { clusterError, codeOf, isUntouched, rejectionOf, unreachable } from './errors.js';
import { REQUEST_LIMIT_MS, noAnswer, patiently, withLimit } from './limit.js';
import { type Transport, textOf } from './transport.js';

/** Milliseconds until a command in a container is given up, unless the caller says otherwise. */
const EXEC_LIMIT_MS = 60_000;

/** First byte of each message: which stream it belongs to (Kubernetes' `channel.k8s.io` protocols). */
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;
/** Only v5 (Kubernetes 1.30) can end standard input without ending the connection. */
const WITH_CLOSE = 'v5.channel.k8s.io';
const PROTOCOLS = [WITH_CLOSE, 'v4.channel.k8s.io'];

type Target = Parameters<Cluster['exec']>[0];
type Options = NonNullable<Parameters<Cluster['exec']>[2]>;

/** The Status that ends a command: Success, or Failure with the exit code among its causes. */
interface ExecStatus {
  readonly status?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/**
 * One command in a container. client-node's Exec and WebSocketHandler are not used: they close at the status message,
 * before late output has come in; they lose what a refused upgrade says; and they cannot be stopped while connecting.
 * With a server before 1.30 standard input cannot be ended: a command that reads to its end runs into the time limit.
 * @throws Rejection (refused: no such pod, forbidden), `CLUSTER_EXEC_FAILED` (accepted, but not started),
 * `CLUSTER_EXEC_TIMEOUT`, `CLUSTER_EXEC_LOST` (the connection broke), `CLUSTER_UNREACHABLE`, `CLUSTER_ABORTED`
 */
export async function execInPod(
  transport: Transport,
  target: Target,
  argv: readonly string[],
  options: Options = {},
): Promise<ExecResult> {
  const { timeoutMs = EXEC_LIMIT_MS } = options;
  const signal = transport.signalFor(options.signal);
  const startedAt = performance.now();
  const where = `${target.namespace}/${target.pod}`;
  const expired = (cause: unknown): PilabError =>
    clusterError('CLUSTER_EXEC_TIMEOUT', `the command in ${where} did not end within ${timeoutMs / 1000} s`, {
      hint: 'is the node of this pod up? kubectl get nodes',
      cause,
    });
  const result = await withLimit({ ms: timeoutMs, signal, expired }, async (stop) => {
    const socket = await open(transport, execPath(target, argv, options.stdin), stop);
    return converse(socket, where, options);
  });
  return { ...result, durationMs: Math.round(performance.now() - startedAt) };
}

function execPath({ namespace, pod, container }: Target, argv: readonly string[], stdin?: string): string {
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true', stdin: String(stdin !== undefined) });
  for (const word of argv) query.append('command', word);
  if (container !== undefined) query.set('container', container);
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query.toString()}`;
}

/** An open WebSocket; tried again only when the command has certainly not been started. */
async function open(transport: Transport, path: string, stop: AbortSignal): Promise<WebSocket> {
  const limit = { ms: REQUEST_LIMIT_MS, signal: stop, expired: noAnswer(transport.server) };
  try {
    return await patiently(() => withLimit(limit, (signal) => connect(transport, path, signal)), stop, isUntouched);
  } catch (error) {
    throw error instanceof PilabError ? error : unreachable(transport.server, transport.source, error);
  }
}

/** A WebSocket, paused so that nothing it says is missed. The signal cuts it, also later. */
async function connect(transport: Transport, path: string, stop: AbortSignal): Promise<WebSocket> {
  const options = await transport.options();
  const socket = new WebSocket(transport.server.replace(/^http/, 'ws') + path, PROTOCOLS, {
    ...options,
    perMessageDeflate: false,
    followRedirects: false,
  });
  const cut = (): void => socket.terminate();
  stop.addEventListener('abort', cut, { once: true });
  socket.once('close', () => stop.removeEventListener('abort', cut));
  if (stop.aborted) cut();
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once('open', () => {
      socket.pause();
      resolve(socket);
    });
    socket.once('unexpected-response', (_request, response) => {
      textOf(response).then((text) => reject(rejectionOf(response.statusCode ?? 0, text)), reject);
    });
  });
}

/** Feeds the command and listens until the server closes: output may come after the status. */
function converse(
  socket: WebSocket,
  where: string,
  { stdin, onStdout }: Options,
): Promise<Omit<ExecResult, 'durationMs'>> {
  const output = { [CHANNEL.stdout]: new Output(onStdout), [CHANNEL.stderr]: new Output() };
  let status: ExecStatus | undefined;
  return new Promise((resolve, reject) => {
    let broken: unknown;
    socket.on('error', (error) => (broken = error));
    socket.on('message', (data: Buffer) => {
      const [channel, content] = [data[0], data.subarray(1)];
      try {
        if (channel === CHANNEL.stdout || channel === CHANNEL.stderr) output[channel].push(content);
        else if (channel === CHANNEL.status) status = statusOf(content) ?? status;
      } catch (error) {
        // From the caller's onStdout.
        reject(error instanceof Error ? error : new Error(String(error)));
        socket.terminate();
      }
    });
    socket.on('close', (code) => {
      const [stdout, stderr] = [output[CHANNEL.stdout].end(), output[CHANNEL.stderr].end()];
      const exitCode = exitCodeOf(status);
      if (exitCode === null && status !== undefined) reject(notStarted(where, status));
      else if (exitCode === null && code === ABNORMAL) reject(lost(where, broken));
      else resolve({ stdout, stderr, exitCode });
    });
    socket.resume();
    if (stdin !== undefined) sendInput(socket, stdin);
  });
}

/** A connection that ended without a closing message (RFC 6455, section 7.1.5). */
const ABNORMAL = 1006;

function sendInput(socket: WebSocket, stdin: string): void {
  if (stdin !== '') socket.send(Buffer.concat([Buffer.of(CHANNEL.stdin), Buffer.from(stdin, 'utf8')]));
  if (socket.protocol === WITH_CLOSE) socket.send(Buffer.of(CHANNEL.close, CHANNEL.stdin));
}

/** Pieces of a stream as text; a character may be cut in two. */
class Output {
  readonly #decoder = new StringDecoder('utf8');
  #text = '';

  constructor(private readonly onChunk?: (chunk: string) => void) {}

  push(data: Buffer): void {
    const chunk = this.#decoder.write(data);
    if (chunk === '') return;
    this.#text += chunk;
    this.onChunk?.(chunk);
  }

  end(): string {
    return this.#text + this.#decoder.end();
  }
}

/** Servers open each channel with an empty message, the status channel too. What cannot be read is a lost status. */
function statusOf(content: Buffer): ExecStatus | undefined {
  try {
    const value: unknown = JSON.parse(content.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Never zero for a status that is missing or says something else. */
function exitCodeOf(status: ExecStatus | undefined): number | null {
  if (status?.status === 'Success') return 0;
  const cause = status?.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message ?? '';
  return /^\d+$/.test(cause) ? Number(cause) : null;
}

function notStarted(where: string, { message = '' }: ExecStatus): PilabError {
  return clusterError('CLUSTER_EXEC_FAILED', `cannot run a command in ${where}: ${message}`, {
    hint: 'does the container have that program? Its node’s kubelet starts it (port 10250): kubectl get nodes',
  });
}

function lost(where: string, cause: unknown): PilabError {
  const reason = codeOf(cause);
  return clusterError(
    'CLUSTER_EXEC_LOST',
    `the connection broke while a command ran in ${where}${reason && ` (${reason})`}`,
    {
      hint: 'did the API server or the network go away? kubectl get --raw /readyz',
      cause,
    },
  );
}
