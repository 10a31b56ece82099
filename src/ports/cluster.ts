import type { ExecOptions, ExecResult } from './host.js';
import { PilabError } from '../errors.js';

/** Any Kubernetes object, as far as the adapter needs to know it. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: {
    name?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string; uid: string }[];
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** A kind of object as manifests name it. */
export interface KindRef {
  readonly apiVersion: string;
  readonly kind: string;
}

/** One object; `namespace` is left out for cluster-wide kinds. */
export interface ObjectRef extends KindRef {
  readonly name: string;
  readonly namespace?: string;
}

/** A set of objects. */
export interface ListQuery extends KindRef {
  /** Left out: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface WriteOptions {
  /** Ask the server only what would happen. @default false */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** What became of a write. */
export interface Written {
  readonly object: KubeObject;
  /** What the server remarked although it accepted: its `Warning:` headers. */
  readonly warnings: readonly string[];
}

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The API server said no: 4xx or 5xx with a Kubernetes Status in its body. */
export class Rejection extends PilabError {
  /** HTTP status: 422 invalid, 400 strict decoding, 403 forbidden, 409 conflict, 500 some allocators. */
  readonly status: number;
  /** `reason` of the Status object, e.g. `Invalid`. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string, cause?: unknown) {
    super({ code: 'CLUSTER_REJECTED', message, exitCode: 3, cause });
    this.status = status;
    this.reason = reason;
  }
}

/** The Kubernetes API, as the run needs it. Every failure is a {@link Rejection} or a PilabError `CLUSTER_…`. */
export interface Cluster {
  /** e.g. `v1.34.4`. */
  version(signal?: AbortSignal): Promise<string>;
  /** Server-side apply with field manager `pilab`, strict field validation. */
  apply(object: KubeObject, options?: WriteOptions): Promise<Written>;
  create(object: KubeObject, options?: WriteOptions): Promise<Written>;
  /** Strategic merge where the kind has it (built-in kinds), else a JSON merge patch. */
  patch(ref: ObjectRef, body: unknown, options?: WriteOptions): Promise<Written>;
  /** Already gone is fine. Does not wait: see {@link Cluster.waitFor}. */
  delete(ref: ObjectRef, options?: WriteOptions & { readonly gracePeriodSeconds?: number }): Promise<void>;
  get(ref: ObjectRef, signal?: AbortSignal): Promise<KubeObject | undefined>;
  list(query: ListQuery, signal?: AbortSignal): Promise<KubeObject[]>;
  /**
   * Lists, then watches; resolves with the first value of `until` that is not undefined. Reconnects when a watch ends.
   * Rejects with `CLUSTER_WAIT_TIMEOUT` (message says what was last seen, by `describe`).
   */
  waitFor<T>(
    query: ListQuery,
    until: (objects: readonly KubeObject[]) => T | undefined,
    options: WaitOptions & { readonly describe?: (objects: readonly KubeObject[]) => string },
  ): Promise<T>;
  /** Runs argv in a container. Lost exit status → exitCode null. */
  exec(
    target: { readonly namespace: string; readonly pod: string; readonly container?: string },
    argv: readonly string[],
    options?: Omit<ExecOptions, 'sudo'>,
  ): Promise<ExecResult>;
  close(): void;
}
