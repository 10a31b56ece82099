import type { Cluster, KubeObject } from '../ports/cluster.js';
import { isReady } from '../steps/readiness.js';
import type { Addon } from './addon.js';
import { ADDON_LABEL, VERSION_LABEL } from './addon.js';
import { ADDONS } from './catalog.js';

/** An add-on as it is on a cluster now. */
export interface AddonState {
  readonly name: string;
  /** The installed version; undefined: it is not there, or its installation never ended. */
  readonly version: string | undefined;
  /** Installed whole, and all its workloads are ready. */
  readonly ready: boolean;
}

/** Kinds that {@link addonState} looks at. */
export const STATE_KINDS = [
  { apiVersion: 'v1', kind: 'Namespace' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
] as const;

/** How an add-on is, from the objects of {@link STATE_KINDS} that bear its label. */
export function addonState(addon: Addon, objects: readonly KubeObject[]): AddonState {
  const home = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata?.name === addon.namespace);
  const version = home?.metadata?.labels?.[VERSION_LABEL];
  const ready = addon.ready.every(({ kind, name, namespace }) =>
    objects.some((object) => {
      const { metadata } = object;
      return object.kind === kind && metadata?.name === name && metadata.namespace === namespace && isReady(object);
    }),
  );
  return { name: addon.name, version, ready: ready && version !== undefined };
}

/** How all add-ons are on a cluster. */
export async function addonStates(cluster: Cluster, signal?: AbortSignal): Promise<AddonState[]> {
  const lists = STATE_KINDS.map((kind) => cluster.list({ ...kind, labelSelector: ADDON_LABEL }, signal));
  const objects = (await Promise.all(lists)).flat();
  return ADDONS.map((addon) => addonState(addon, objects));
}
