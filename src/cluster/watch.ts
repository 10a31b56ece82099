import type { IncomingMessage } from 'node:http';
import type { KubeObject, ListQuery, WaitOptions } from '../ports/cluster.js';
import { Rejection } from '../ports/cluster.js';
import { PilabError, messageOf } from '../errors.js';
import { type ClusterErrorCode, clusterError, isPassing } from './errors.js';
import { Backoff, pause, withLimit } from './limit.js';
import type { Rest } from './rest.js';

/** Seconds after which the server is asked to end a watch; it goes on from where it was. */
const WATCH_S = 30;
/** Longer than that a watch only lives when its connection is dead, which nothing else would tell us. */
const WATCH_LIMIT_MS = (WATCH_S + 5) * 1000;

/** A set of objects, and the way to it. */
export interface Watched {
  readonly rest: Rest;
  readonly query: ListQuery;
  readonly path: (signal: AbortSignal) => Promise<string>;
}

/** What a wait needs besides. */
export interface Wait<T> extends WaitOptions {
  readonly until: (objects: readonly KubeObject[]) => T | undefined;
  readonly describe?: (objects: readonly KubeObject[]) => string;
}

/**
 * Resolves with the first value of `until`, which sees all objects after each change. The server may be away for a
 * while, or have forgotten our place (410); only the time limit, or an answer that time does not heal, ends the wait.
 * @throws `CLUSTER_WAIT_TIMEOUT`: seen, and not so; `CLUSTER_UNREACHABLE`, `CLUSTER_TIMEOUT`: the time is up and nothing
 * is known; a Rejection such as 403; whatever `until` throws
 */
export async function waitFor<T>(watched: Watched, wait: Wait<T>): Promise<T> {
  const seen: Seen = { objects: undefined, trouble: undefined };
  const expired = (cause: unknown): PilabError => expiredError(watched, wait, seen, cause);
  const limit = { ms: wait.timeoutMs, signal: watched.rest.signalFor(wait.signal), expired };
  return withLimit(limit, async (signal) => {
    for await (const objects of changes(watched, seen, signal)) {
      const found = wait.until(objects);
      if (found !== undefined) return found;
    }
    // Never: only an error ends the changes.
    throw new Error('the watch ended');
  });
}

/** What is known when a wait ends. */
interface Seen {
  /** Undefined until the first list. */
  objects: readonly KubeObject[] | undefined;
  /** Why nothing newer is known; undefined while a list or watch works. */
  trouble: unknown;
}

/** All objects, now and after each change, for ever. */
async function* changes(
  { rest, query, path }: Watched,
  seen: Seen,
  signal: AbortSignal,
): AsyncGenerator<readonly KubeObject[]> {
  const store = new Map<string, KubeObject>();
  const backoff = new Backoff();
  // Where the next watch starts; undefined: list first.
  let version: string | undefined;
  for (;;) {
    const startedAt = performance.now();
    try {
      const base = await path(signal);
      if (version === undefined) {
        version = await list(store, { rest, query, base, signal });
        seen.trouble = undefined;
        yield (seen.objects = [...store.values()]);
      }
      for await (const { type, object } of watch({ rest, query, base, signal }, version)) {
        backoff.reset();
        seen.trouble = undefined;
        // The body of an ERROR is a Status, nearly always 410.
        version = type === 'ERROR' ? undefined : (object.metadata?.resourceVersion ?? version);
        if (type === 'ERROR') break;
        if (type === 'BOOKMARK') continue;
        if (type === 'DELETED') store.delete(keyOf(object));
        else store.set(keyOf(object), object);
        yield (seen.objects = [...store.values()]);
      }
    } catch (error) {
      if (signal.aborted || !mayHeal(error)) throw error;
      seen.trouble = error;
      version = undefined;
    }
    // Not at once after something that ended at once.
    if (performance.now() - startedAt < 1000) await pause(backoff.take(), signal);
  }
}

interface Request {
  readonly rest: Rest;
  readonly query: ListQuery;
  readonly base: string;
  readonly signal: AbortSignal;
}

async function list(store: Map<string, KubeObject>, { rest, query, base, signal }: Request): Promise<string> {
  const { body } = await rest.call({ method: 'GET', path: `${base}?${selectors(query).toString()}`, signal });
  const { metadata, items } = body as { metadata: { readonly resourceVersion: string }; items: KubeObject[] };
  store.clear();
  for (const item of items) store.set(keyOf(item), { apiVersion: query.apiVersion, kind: query.kind, ...item });
  return metadata.resourceVersion;
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

/** One watch, from a version until its connection ends; who stops listening ends the connection (async iteration of a stream). */
async function* watch({ rest, query, base, signal }: Request, version: string): AsyncGenerator<WatchEvent> {
  const parameters = selectors(query);
  for (const [name, value] of Object.entries({
    watch: 'true',
    resourceVersion: version,
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(WATCH_S),
  })) {
    parameters.set(name, value);
  }
  const response = await rest.open(`${base}?${parameters.toString()}`, signal);
  const silent = setTimeout(() => response.destroy(deadConnection()), WATCH_LIMIT_MS);
  try {
    for await (const line of linesOf(response)) yield JSON.parse(line) as WatchEvent;
  } finally {
    clearTimeout(silent);
  }
}

function deadConnection(): Error {
  return Object.assign(new Error('the watch has fallen silent'), { code: 'ECONNRESET' });
}

/** Whole lines of a stream. A readline interface hangs when its input breaks, instead of throwing. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response) {
    const lines = `${rest}${chunk as string}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield line;
  }
}

/** Label and field selectors as query parameters. */
export function selectors({ labelSelector, fieldSelector }: ListQuery): URLSearchParams {
  return new URLSearchParams({
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  });
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

/** Forbidden or unknown stays so; a server that is away, overloaded or has forgotten our place comes back. */
function mayHeal(error: unknown): boolean {
  if (error instanceof Rejection) return error.status === 410 || error.status >= 500 || isPassing(error);
  if (error instanceof PilabError) return error.code === 'CLUSTER_UNREACHABLE' || error.code === 'CLUSTER_TIMEOUT';
  // A stream that broke in the middle, perhaps of a line; anything else is a defect.
  return error instanceof SyntaxError || isPassing(error);
}

function expiredError<T>(
  { rest, query }: Watched,
  { timeoutMs, describe }: Wait<T>,
  { objects, trouble }: Seen,
  cause: unknown,
): PilabError {
  const after = `after ${Math.round(timeoutMs / 100) / 10} s`;
  const last = objects === undefined ? undefined : (describe?.(objects) ?? `${objects.length} ${query.kind} objects`);
  if (trouble === undefined && last !== undefined)
    return clusterError('CLUSTER_WAIT_TIMEOUT', `${after}: ${last}`, { cause });
  // Whether the condition holds is not known: that is no failed expectation.
  const { code, why, hint } = reasonOf(trouble, rest.server);
  const message = `${after}: ${why}${last === undefined ? '' : `; last seen: ${last}`}`;
  return clusterError(code, message, { ...(hint === undefined ? {} : { hint }), cause: trouble ?? cause });
}

/** Why nothing newer is known, with the name of the server. */
function reasonOf(
  trouble: unknown,
  server: string,
): { readonly code: ClusterErrorCode; readonly why: string; readonly hint?: string | undefined } {
  const code = 'CLUSTER_UNREACHABLE';
  if (trouble === undefined) return { code, why: `no answer of the API server ${server} yet` };
  if (trouble instanceof Rejection || !(trouble instanceof PilabError)) {
    return { code, why: `the API server ${server}: ${messageOf(trouble)}` };
  }
  const { message: why, hint } = trouble;
  return { code: trouble.code === 'CLUSTER_TIMEOUT' ? 'CLUSTER_TIMEOUT' : code, why, hint };
}
