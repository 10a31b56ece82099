import { execFileSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { connectCluster } from '../../src/cluster/connect.js';
import type { Cluster, KubeObject } from '../../src/ports/cluster.js';

/** A request as it came. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}
export type Handler = (seen: Seen, response: ServerResponse) => void;

export const POD = { apiVersion: 'v1', kind: 'Pod', namespace: 'lab' } as const;
export const TOKEN = 'a-token-that-no-message-may-show';

const CORE = [
  { name: 'pods', kind: 'Pod', namespaced: true },
  { name: 'pods/exec', kind: 'PodExecOptions', namespaced: true },
  { name: 'pods/status', kind: 'Pod', namespaced: true },
  { name: 'services', kind: 'Service', namespaced: true },
  { name: 'nodes', kind: 'Node', namespaced: false },
];

/** A key and a certificate for one name, made by openssl. */
export function certificateFor(name: string): { readonly key: string; readonly cert: string } {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const out = ['-nodes', '-keyout', '-', '-subj', '/CN=fake', '-addext', `subjectAltName=${name}`];
  const pem = execFileSync('openssl', ['req', '-x509', ...curve, ...out], { encoding: 'utf8', stdio: 'pipe' });
  const cut = pem.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: pem.slice(0, cut), cert: pem.slice(cut) };
}

let loopback: ReturnType<typeof certificateFor> | undefined;

/** A real HTTPS and WebSocket server that speaks as much of the Kubernetes API as a test tells it. */
export class FakeApi {
  readonly seen: Seen[] = [];
  connections = 0;
  /** The name that the last client asked for in SNI; false for none. */
  serverName: string | false | undefined;
  /** What a command in a pod does. */
  exec: (socket: WebSocket, query: URLSearchParams) => void = (socket) => socket.close();
  /** Refuses commands with this answer instead. */
  refusal: { readonly status: number; readonly body: string } | undefined;
  /** WebSocket protocol that the server chooses. */
  protocol = 'v5.channel.k8s.io';
  readonly #handlers = new Map<string, Handler>();
  readonly #sockets = new Set<Duplex>();
  readonly #cert;
  #server: Server | undefined;
  port = 0;

  private constructor(name: string) {
    this.#cert = name === 'IP:127.0.0.1' ? (loopback ??= certificateFor(name)) : certificateFor(name);
    this.on('GET /api/v1', (_seen, response) => json(response, 200, { kind: 'APIResourceList', resources: CORE }));
  }

  /** Ends with the test. `name` is what its certificate is for. */
  static async start(name = 'IP:127.0.0.1'): Promise<FakeApi> {
    const api = new FakeApi(name);
    await api.listen();
    onTestFinished(() => api.stop());
    return api;
  }

  /** Also comes back after a stop, at the same port. */
  async listen(): Promise<void> {
    const server = createServer(this.#cert, (request, response) => void this.#answer(request, response));
    this.#server = server;
    server.on('secureConnection', (socket: TLSSocket) => {
      this.connections++;
      this.serverName = (socket as TLSSocket & { readonly servername: string | false }).servername;
      this.#sockets.add(socket);
      // A client that gives up is no failure of a test.
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
    const webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => this.protocol });
    server.on('upgrade', (request, socket, head) => {
      const { pathname, searchParams } = urlOf(request);
      this.seen.push({
        method: 'UPGRADE',
        path: pathname,
        query: searchParams,
        headers: request.headers,
        body: undefined,
      });
      if (this.refusal === undefined) {
        webSockets.handleUpgrade(request, socket, head, (open) => this.exec(open, searchParams));
      } else {
        const { status, body } = this.refusal;
        socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  /** Cuts every connection, and refuses new ones. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** `GET /api/v1/namespaces/lab/pods`: several handlers answer one after the other, the last one for ever. */
  on(route: string, ...handlers: Handler[]): this {
    let turn = 0;
    this.#handlers.set(route, (...args) => handlers[Math.min(turn++, handlers.length - 1)]?.(...args));
    return this;
  }

  /** Requests of a route so far. */
  calls(route: string): Seen[] {
    return this.seen.filter(({ method, path }) => `${method} ${path}` === route);
  }

  kubeconfig(server = `https://127.0.0.1:${this.port}`): string {
    return JSON.stringify({
      'current-context': 'lab',
      contexts: [{ name: 'lab', context: { cluster: 'pis', user: 'admin' } }],
      clusters: [
        {
          name: 'pis',
          cluster: { server, 'certificate-authority-data': Buffer.from(this.#cert.cert).toString('base64') },
        },
      ],
      users: [{ name: 'admin', user: { token: TOKEN } }],
    });
  }

  /** A cluster that is closed with the test. */
  async connect(): Promise<Cluster> {
    const cluster = await connectCluster({ kubeconfig: this.kubeconfig(), source: 'lab.kubeconfig' });
    onTestFinished(() => cluster.close());
    return cluster;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
    const { pathname, searchParams } = urlOf(request);
    const body = text === '' ? undefined : (JSON.parse(text) as unknown);
    const method = request.method ?? '';
    const seen: Seen = { method, path: pathname, query: searchParams, headers: request.headers, body };
    this.seen.push(seen);
    const handler = this.#handlers.get(`${method} ${pathname}`) ?? this.#handlers.get(`ANY ${pathname}`);
    if (handler !== undefined) handler(seen, response);
    else status(404, 'NotFound', 'the server could not find the requested resource')(seen, response);
  }
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '', 'https://fake');
}

export function json(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Record<string, string[]> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Answers with an object. */
export function answer(body: unknown, headers: Record<string, string[]> = {}): Handler {
  return (_seen, response) => json(response, 200, body, headers);
}

/** Answers with a Kubernetes Status. */
export function status(code: number, reason: string, message: string): Handler {
  return (_seen, response) => json(response, code, { kind: 'Status', status: 'Failure', code, reason, message });
}

/** Cuts the connection instead of answering. */
export const cut: Handler = (_seen, response) => void response.socket?.destroy();

/** Never answers. */
export const silent: Handler = () => undefined;

export function pod(name: string, version: string, phase = 'Pending'): KubeObject {
  return { metadata: { name, namespace: 'lab', resourceVersion: version }, status: { phase } };
}

export function podList(version: string, ...items: KubeObject[]): Handler {
  return answer({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: version }, items });
}

/** The error that a promise rejects with. */
export async function failureOf<E extends Error>(work: Promise<unknown>): Promise<E> {
  return work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as E,
  );
}
