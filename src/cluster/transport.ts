import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import { clusterError } from './errors.js';

/** Milliseconds that an idle connection is kept; less than the API server's own 90 s, so that it is never closed under a call. */
const IDLE_MS = 30_000;

/** One HTTP request. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From the API server's root, with query. */
  readonly path: string;
  readonly body?: unknown;
  /** @default application/json */
  readonly contentType?: string;
}

/**
 * The wire to one API server. KubeConfig brings address, TLS and credentials (also of exec plugins and OIDC). The rest
 * of client-node's request path is left aside: its generated classes and its object API open a TLS connection a call
 * (measured; half a second each on a Pi), while one agent here keeps a few alive, for commands in pods too; they hide
 * the `Warning:` headers; and kinds of objects are only known at run time anyway.
 */
export class Transport {
  readonly #agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  readonly #closing = new AbortController();
  #proxy: RequestOptions['agent'];

  constructor(
    private readonly config: KubeConfig,
    /** Where the kubeconfig came from, for messages. */
    readonly source: string,
  ) {}

  /** `https://192.168.66.11:6443`. */
  get server(): string {
    return (this.config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
  }

  /** A caller's signal, and ours when the connection is closed. */
  signalFor(signal?: AbortSignal): AbortSignal {
    return signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
  }

  /** Credentials, TLS and the shared connections, for HTTP requests and WebSockets alike. */
  async options(): Promise<RequestOptions> {
    const options: RequestOptions = {};
    await this.config.applyToHTTPSOptions(options);
    const viaProxy = this.config.getCurrentCluster()?.proxyUrl !== undefined;
    if (viaProxy) this.#proxy ??= options.agent;
    // KubeConfig makes an agent a call, which can keep nothing alive.
    options.agent = viaProxy ? this.#proxy : this.server.startsWith('https:') ? this.#agent : undefined;
    return { ...options, ...identityOf(options.servername) };
  }

  /** The answer's head; its body still has to be read. The signal ends the body too. */
  async send(
    { method, path, body, contentType = 'application/json' }: Call,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const options = await this.options();
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const url = new URL(this.server + path);
    const request = url.protocol === 'http:' ? httpRequest : httpsRequest;
    const typed =
      payload === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(payload) };
    const headers = {
      ...(options.headers as Record<string, string> | undefined),
      accept: 'application/json',
      ...typed,
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, { ...options, method, headers, signal }, resolve);
      // Stays: a request may also fail after its answer has begun.
      sent.on('error', reject);
      sent.end(payload);
    });
  }

  /** Ends all calls, and the idle connections that would keep the process alive. */
  close(): void {
    this.#closing.abort(clusterError('CLUSTER_CLOSED', `the connection to ${this.server} was closed`));
    this.#agent.destroy();
    if (this.#proxy !== undefined && typeof this.#proxy === 'object') this.#proxy.destroy();
  }
}

/**
 * kubeadm's kubeconfigs name the server by its IP address. TLS has no place for one in SNI (RFC 6066, section 3; Node
 * warns), so nothing is sent there, and the certificate is checked for the address here.
 */
function identityOf(name: string | undefined): Pick<RequestOptions, 'servername'> & {
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
} {
  if (name === undefined || isIP(name) === 0) return {};
  return { servername: '', checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate) };
}

/** A whole body as text. */
export async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk as string;
  return text;
}
