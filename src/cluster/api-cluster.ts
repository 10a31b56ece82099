import type { KubeConfig } from '@kubernetes/client-node';
import type { Cluster, KubeObject, ListQuery, ObjectRef, WriteOptions, Written } from '../ports/cluster.js';
import { Rejection } from '../ports/cluster.js';
import { clusterError } from './errors.js';
import { execInPod } from './exec.js';
import { isBuiltIn, Resources } from './resources.js';
import { Rest } from './rest.js';
import { Transport } from './transport.js';
import { selectors, waitFor } from './watch.js';

/** Name under which the API server notes who set which field. */
const FIELD_MANAGER = 'pilab';

/** The port `Cluster` over a real API server. */
export class ApiCluster implements Cluster {
  readonly #transport: Transport;
  readonly #rest: Rest;
  readonly #resources: Resources;

  /** `source` is where the kubeconfig came from, for messages. */
  constructor(config: KubeConfig, source: string) {
    this.#transport = new Transport(config, source);
    this.#rest = new Rest(this.#transport);
    this.#resources = new Resources(this.#rest);
  }

  async version(signal?: AbortSignal): Promise<string> {
    const { body } = await this.#rest.call({ method: 'GET', path: '/version', signal });
    const { gitVersion } = Object(body) as { readonly gitVersion?: unknown };
    if (typeof gitVersion === 'string') return gitVersion;
    throw clusterError('CLUSTER_UNREACHABLE', `${this.#transport.server} answers, but is no Kubernetes API server`);
  }

  async apply(object: KubeObject, options: WriteOptions = {}): Promise<Written> {
    const path = await this.#resources.objectPath(refOf(object), options.signal);
    const { body, warnings } = await this.#rest.call({
      method: 'PATCH',
      path: `${path}?${written(options, { force: 'true', fieldValidation: 'Strict' })}`,
      body: object,
      contentType: 'application/apply-patch+yaml',
      signal: options.signal,
    });
    return { object: body as KubeObject, warnings };
  }

  async create(object: KubeObject, options: WriteOptions = {}): Promise<Written> {
    const path = await this.#resources.collectionPath(refOf(object), options.signal);
    const query = written(options, { fieldValidation: 'Strict' });
    const { body, warnings } = await this.#rest.call({
      method: 'POST',
      path: `${path}?${query}`,
      body: object,
      signal: options.signal,
    });
    return { object: body as KubeObject, warnings };
  }

  async patch(ref: ObjectRef, body: unknown, options: WriteOptions = {}): Promise<Written> {
    const path = await this.#resources.objectPath(ref, options.signal);
    const reply = await this.#rest.call({
      method: 'PATCH',
      path: `${path}?${written(options, {})}`,
      body,
      contentType: isBuiltIn(ref.apiVersion)
        ? 'application/strategic-merge-patch+json'
        : 'application/merge-patch+json',
      signal: options.signal,
    });
    return { object: reply.body as KubeObject, warnings: reply.warnings };
  }

  async delete(ref: ObjectRef, options: WriteOptions & { readonly gracePeriodSeconds?: number } = {}): Promise<void> {
    const { gracePeriodSeconds, dryRun, signal } = options;
    const path = await this.#resources.objectPath(ref, signal);
    const body = {
      propagationPolicy: 'Background',
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(dryRun === true ? { dryRun: ['All'] } : {}),
    };
    await unlessMissing(this.#rest.call({ method: 'DELETE', path, body, signal }));
  }

  async get(ref: ObjectRef, signal?: AbortSignal): Promise<KubeObject | undefined> {
    const path = await this.#resources.objectPath(ref, signal);
    const reply = await unlessMissing(this.#rest.call({ method: 'GET', path, signal }));
    return reply?.body as KubeObject | undefined;
  }

  async list(query: ListQuery, signal?: AbortSignal): Promise<KubeObject[]> {
    const path = await this.#resources.listPath(query, signal);
    const { body } = await this.#rest.call({ method: 'GET', path: `${path}?${selectors(query).toString()}`, signal });
    const { apiVersion, kind } = query;
    // Items of a list do not say what they are.
    return (body as { readonly items: KubeObject[] }).items.map((item) => ({ apiVersion, kind, ...item }));
  }

  waitFor<T>(
    query: ListQuery,
    until: (objects: readonly KubeObject[]) => T | undefined,
    options: Parameters<Cluster['waitFor']>[2],
  ): Promise<T> {
    const path = (signal: AbortSignal): Promise<string> => this.#resources.listPath(query, signal);
    return waitFor({ rest: this.#rest, query, path }, { ...options, until });
  }

  exec(...[target, argv, options]: Parameters<Cluster['exec']>): ReturnType<Cluster['exec']> {
    return execInPod(this.#transport, target, argv, options);
  }

  close(): void {
    this.#transport.close();
  }
}

function refOf(object: KubeObject): ObjectRef {
  const { apiVersion = '', kind = '', metadata } = object;
  const namespace = metadata?.namespace;
  return { apiVersion, kind, name: metadata?.name ?? '', ...(namespace === undefined ? {} : { namespace }) };
}

function written(options: WriteOptions, more: Record<string, string>): string {
  return new URLSearchParams({
    fieldManager: FIELD_MANAGER,
    ...more,
    ...(options.dryRun === true ? { dryRun: 'All' } : {}),
  }).toString();
}

/** What is not there cannot be got, and need not be deleted. */
async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Rejection && error.status === 404) return undefined;
    throw error;
  }
}
