import type { IncomingMessage } from 'node:http';
import { PilabError } from '../errors.js';
import { isPassing, isUntouched, rejectionOf, unreachable } from './errors.js';
import { REQUEST_LIMIT_MS, noAnswer, patiently, withLimit } from './limit.js';
import { type Call, type Transport, textOf } from './transport.js';

/** An answer, parsed, with its `Warning:` headers. */
export interface Reply {
  readonly body: unknown;
  readonly warnings: string[];
}

/** The API server's REST interface: time limits, second tries, and errors that say which server. */
export class Rest {
  constructor(private readonly transport: Transport) {}

  /**
   * One answer. Reads are tried again for some seconds while the server is away; a write only when it certainly changed
   * nothing.
   * @throws Rejection for 4xx and 5xx; PilabError `CLUSTER_UNREACHABLE`, `CLUSTER_TIMEOUT`, `CLUSTER_ABORTED`
   */
  async call(call: Call & { readonly signal?: AbortSignal | undefined }): Promise<Reply> {
    const signal = this.transport.signalFor(call.signal);
    const again = call.method === 'GET' ? isPassing : isUntouched;
    return this.#named(() =>
      patiently(
        () =>
          this.#limited(signal, async (stop) => {
            const response = await this.transport.send(call, stop);
            const text = await textOf(response);
            const status = response.statusCode ?? 0;
            if (status < 200 || status > 299) throw rejectionOf(status, text);
            return { body: text === '' ? undefined : (JSON.parse(text) as unknown), warnings: warningsOf(response) };
          }),
        signal,
        again,
      ),
    );
  }

  /** An answer as it comes in, for watches; tried once. @throws as {@link call} */
  async open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return this.#named(() =>
      this.#limited(signal, async (stop) => {
        const response = await this.transport.send({ method: 'GET', path }, stop);
        if (response.statusCode === 200) return response;
        throw rejectionOf(response.statusCode ?? 0, await textOf(response));
      }),
    );
  }

  /** `https://192.168.66.11:6443`. */
  get server(): string {
    return this.transport.server;
  }

  /** For signals of work that consists of several calls. */
  signalFor(signal?: AbortSignal): AbortSignal {
    return this.transport.signalFor(signal);
  }

  #limited<T>(signal: AbortSignal, work: (stop: AbortSignal) => Promise<T>): Promise<T> {
    return withLimit({ ms: REQUEST_LIMIT_MS, signal, expired: noAnswer(this.transport.server) }, work);
  }

  async #named<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof PilabError) throw error;
      throw unreachable(this.transport.server, this.transport.source, error);
    }
  }
}

/** `299 - "text"` (RFC 7234, section 5.5): the text, unescaped. A header may hold several, and there may be several headers. */
export function warningsOf({ headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>): string[] {
  return (headersDistinct['warning'] ?? []).flatMap((line) =>
    [...line.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? '').replaceAll(/\\(.)/g, '$1')),
  );
}
