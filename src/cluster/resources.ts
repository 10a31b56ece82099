import type { KindRef, ObjectRef } from '../ports/cluster.js';
import { Rejection } from '../ports/cluster.js';
import { clusterError } from './errors.js';
import type { Rest } from './rest.js';

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Kinds → paths, as the server itself tells them (discovery); asked once a group and version. */
export class Resources {
  readonly #known = new Map<string, Promise<readonly Resource[]>>();

  constructor(private readonly rest: Rest) {}

  /** Path of one object. @throws Rejection 404 when the server has no such kind; `CLUSTER_OBJECT_INCOMPLETE` */
  async objectPath(ref: ObjectRef, signal?: AbortSignal): Promise<string> {
    if (ref.name === '') throw incomplete(ref, 'metadata.name is missing');
    return `${await this.collectionPath(ref, signal)}/${encodeURIComponent(ref.name)}`;
  }

  /** Where one object of a kind is created. @throws as {@link objectPath} */
  async collectionPath(ref: ObjectRef, signal?: AbortSignal): Promise<string> {
    const resource = await this.#find(ref, signal);
    // Without one the API server would answer 404 or 405, which reads as if the object did not exist.
    if (resource.namespaced && ref.namespace === undefined) throw incomplete(ref, 'metadata.namespace is missing');
    return pathOf(ref, resource);
  }

  /** Path of a kind's objects, in a namespace or in all. @throws Rejection 404 when the server has no such kind */
  async listPath(query: KindRef & { readonly namespace?: string }, signal?: AbortSignal): Promise<string> {
    return pathOf(query, await this.#find(query, signal));
  }

  async #find(ref: KindRef, signal: AbortSignal | undefined): Promise<Resource> {
    const wasKnown = this.#known.has(ref.apiVersion);
    const found = (await this.#list(ref, signal)).find((each) => each.kind === ref.kind);
    if (found !== undefined) return found;
    this.#known.delete(ref.apiVersion);
    // A custom resource may have been defined since the server was asked.
    if (wasKnown) return this.#find(ref, signal);
    throw noMatch(ref);
  }

  async #list(ref: KindRef, signal: AbortSignal | undefined): Promise<readonly Resource[]> {
    const known = this.#known.get(ref.apiVersion);
    if (known !== undefined) {
      try {
        return await known;
      } catch {
        // Another caller's question failed, perhaps because it was aborted; this one asks for itself.
      }
    }
    const asked = this.rest.call({ method: 'GET', path: groupPath(ref.apiVersion), signal }).then(({ body }) =>
      // `pods/exec` and the like are no objects.
      (body as { readonly resources: readonly Resource[] }).resources.filter(({ name }) => !name.includes('/')),
    );
    this.#known.set(ref.apiVersion, asked);
    try {
      return await asked;
    } catch (error) {
      if (this.#known.get(ref.apiVersion) === asked) this.#known.delete(ref.apiVersion);
      if (error instanceof Rejection && error.status === 404) throw noMatch(ref, error);
      throw error;
    }
  }
}

function pathOf({ apiVersion, namespace }: { apiVersion: string; namespace?: string }, resource: Resource): string {
  const within = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupPath(apiVersion)}${within}/${resource.name}`;
}

/** `v1` is the legacy core group; all others have a name. */
function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** In kubectl's words. */
function noMatch({ apiVersion, kind }: KindRef, cause?: unknown): Rejection {
  return new Rejection(404, 'NotFound', `no matches for kind "${kind}" in version "${apiVersion}"`, cause);
}

function incomplete({ kind, name }: ObjectRef, what: string): Error {
  return clusterError('CLUSTER_OBJECT_INCOMPLETE', `${kind}/${name || '?'}: ${what}`);
}

/** Groups that kube-apiserver itself serves; others with the ending `.k8s.io` are custom resources (gateway.networking.k8s.io). */
const BUILT_IN = new Set(
  ['admissionregistration', 'authentication', 'authorization', 'certificates', 'coordination', 'discovery', 'events']
    .concat(['flowcontrol.apiserver', 'networking', 'node', 'rbac.authorization', 'resource', 'scheduling', 'storage'])
    .map((name) => `${name}.k8s.io`),
);

/** Built-in kinds know strategic merge patches; custom resources answer them with 415. */
export function isBuiltIn(apiVersion: string): boolean {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
  return group !== undefined && (!group.includes('.') || BUILT_IN.has(group));
}
