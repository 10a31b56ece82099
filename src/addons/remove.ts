import { PilabError } from '../errors.js';
import { Rejection, type Cluster, type KindRef, type KubeObject } from '../ports/cluster.js';
import { removeNamespaces } from '../run/teardown.js';
import { addonLabels } from './addon.js';
import { KINDS, nameOf, refOf } from './objects.js';

const GONE_LIMIT_MS = 60_000;

/** Everything on the cluster that an add-on brought, in the order of its removal. */
export async function broughtBy(name: string, cluster: Cluster, signal: AbortSignal): Promise<KubeObject[]> {
  const labelSelector = Object.entries(addonLabels(name))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const lists = await Promise.all(KINDS.map((kind) => listed(cluster, kind, labelSelector, signal)));
  return lists.flat();
}

/** A kind that the cluster does not know (any more) has no objects. */
async function listed(
  cluster: Cluster,
  kind: KindRef,
  labelSelector: string,
  signal: AbortSignal,
): Promise<KubeObject[]> {
  try {
    return await cluster.list({ ...kind, labelSelector }, signal);
  } catch (error) {
    if (error instanceof Rejection && error.status === 404) return [];
    throw error;
  }
}

/**
 * Removes what {@link broughtBy} found and waits until it is gone; a definition takes every object of its kind along,
 * whoever made it.
 * @throws PilabError `ADDON_REMAINS` with what is left and why
 */
export async function removeObjects(
  cluster: Cluster,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<void> {
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata?.name ?? '');
  const inside = ({ metadata }: KubeObject): boolean => namespaces.includes(metadata?.namespace ?? '');
  // What lives in a namespace goes with it, except what would keep it from going.
  const single = objects.filter((object) => object.kind !== 'Namespace' && !inside(object));
  const before = single.filter(({ kind }) => kind?.endsWith('WebhookConfiguration') === true);
  const after = single.filter((object) => !before.includes(object));
  for (const object of before) await cluster.delete(refOf(object), { signal });
  const left = await removeNamespaces(cluster, namespaces, signal);
  if (left.length > 0) throw remains(left);
  for (const object of after) await cluster.delete(refOf(object), { signal });
  for (const object of after) await gone(cluster, object, signal);
}

async function gone(cluster: Cluster, object: KubeObject, signal: AbortSignal): Promise<void> {
  const { apiVersion, kind, name, namespace } = refOf(object);
  const query = { apiVersion, kind, fieldSelector: `metadata.name=${name}` };
  await cluster.waitFor(
    namespace === undefined ? query : { ...query, namespace },
    (found) => (found.length === 0 ? true : undefined),
    { timeoutMs: GONE_LIMIT_MS, signal, describe: () => `${nameOf(object)} is still there` },
  );
}

function remains(left: readonly string[]): PilabError {
  return new PilabError({
    code: 'ADDON_REMAINS',
    message: `still there: ${left.join(', ')}`,
    hint: 'the same command again goes on from here',
    exitCode: 3,
  });
}
