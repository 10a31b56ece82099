import { setTimeout as sleep } from 'node:timers/promises';
import { PilabError } from '../errors.js';
import { Rejection, type Cluster, type KubeObject, type ObjectRef } from '../ports/cluster.js';
import { isReady, readiness } from '../steps/readiness.js';
import type { Addon, AddonLab } from './addon.js';
import { ADDON_LABEL, VERSION_LABEL } from './addon.js';
import { labelled, manifestObjects, nameOf, refOf } from './objects.js';
import { whyNotReady } from './trouble.js';

/** A Pi may have to pull the images first. */
const READY_LIMIT_MS = 300_000;
/** A definition is served about a second after it is stored. */
const DEFINED_LIMIT_MS = 30_000;
/** A webhook refuses until its endpoint is known on every node: seconds after its pod is ready. */
const WEBHOOK_LIMIT_MS = 60_000;
const PAUSE_MS = 500;

/** What an installation needs besides the cluster. */
export interface InstallOptions {
  /** The text of the manifest: see `manifestText`. */
  readonly manifest: string;
  readonly lab: AddonLab;
  readonly signal: AbortSignal;
  /** Tells what goes on. */
  readonly say?: (what: string) => void;
}

/**
 * Brings an add-on to a cluster and waits until it works. May be called again: after an interruption, with another pool,
 * for another version.
 * @throws PilabError `ADDON_NEEDS`, `ADDON_FOREIGN`, `ADDON_REFUSED`, `ADDON_NOT_READY`, and `CLUSTER_…`
 */
export async function installAddon(cluster: Cluster, addon: Addon, options: InstallOptions): Promise<void> {
  const { manifest, lab, signal, say = (): void => undefined } = options;
  requireNeeds(addon, lab);
  const objects = manifestObjects(addon, manifest, lab);
  const settings = addon.settings(lab).map((object) => labelled(addon, object));
  await refuseForeign(cluster, addon, objects, signal);
  const apply = (object: KubeObject): Promise<unknown> => applied(cluster, addon, object, signal);
  say('applying');
  for (const object of objects) await apply(object);
  say('waiting until it is ready');
  const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  await Promise.all(definitions.map((each) => defined(cluster, each, signal)));
  // In the add-on's order: while nodes still join, a DaemonSet is complete again and again.
  for (const ref of addon.ready) await ready(cluster, addon, ref, signal);
  if (settings.length > 0) say('configuring');
  for (const object of settings) await apply(object);
  for (const object of objects.filter(({ kind, metadata }) => isHome(addon, kind, metadata?.name))) {
    // Last, and by the same field manager: applying the manifest again takes the mark away until all is done again.
    await apply(marked(addon, object));
  }
}

function isHome(addon: Addon, kind: string | undefined, name: string | undefined): boolean {
  return kind === 'Namespace' && name === addon.namespace;
}

function marked(addon: Addon, namespace: KubeObject): KubeObject {
  const labels = { ...namespace.metadata?.labels, [VERSION_LABEL]: addon.version };
  return { ...namespace, metadata: { ...namespace.metadata, labels } };
}

function requireNeeds(addon: Addon, lab: AddonLab): void {
  if (!addon.needs.includes('loadBalancer.pool') || (lab.pool?.length ?? 0) > 0) return;
  throw new PilabError({
    code: 'ADDON_NEEDS',
    message: `${addon.name} needs addresses to hand out, and the lab file names none`,
    hint: 'add free addresses of your LAN, outside your router’s DHCP range:\nloadBalancer: { pool: [192.168.1.240-192.168.1.250] }',
  });
}

/** Somebody else's installation is not taken over, let alone removed later: its cluster-wide objects lack our label. */
async function refuseForeign(
  cluster: Cluster,
  addon: Addon,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<void> {
  const wide = objects.filter(({ metadata }) => metadata?.namespace === undefined);
  const present = await Promise.all(wide.map((object) => cluster.get(refOf(object), signal)));
  const foreign = present.find(
    (object) => object !== undefined && object.metadata?.labels?.[ADDON_LABEL] !== addon.name,
  );
  if (foreign === undefined) return;
  const [first] = wide.filter((_, index) => present[index] === foreign);
  throw new PilabError({
    code: 'ADDON_FOREIGN',
    message: `${nameOf(first ?? foreign)} is on the cluster already, and not by pilab: ${addon.name} was not installed`,
    hint: 'use what is there, or remove it first',
  });
}

/** Applies an object; tries again for some time when a webhook that has just been started does not answer yet. */
async function applied(cluster: Cluster, addon: Addon, object: KubeObject, signal: AbortSignal): Promise<void> {
  const until = performance.now() + WEBHOOK_LIMIT_MS;
  for (;;) {
    try {
      await cluster.apply(object, { signal });
      return;
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      if (!mayPass(error) || performance.now() > until) {
        const message = `${addon.name}: the API server refuses ${nameOf(object)}: ${error.message}`;
        throw new PilabError({ code: 'ADDON_REFUSED', message, hint: hintFor(error), exitCode: 3, cause: error });
      }
      // Whoever leaves hears why this was not applied, and not that a pause was cut short.
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}

/** A webhook without a server is HTTP 500 (MetalLB: 9 refusals in 12 s, observed.md part 2); a kind not served yet is 404. */
function mayPass({ status, message }: Rejection): boolean {
  return (status === 500 && message.includes('failed calling webhook')) || (status === 404 && message.includes('kind'));
}

function hintFor({ status }: Rejection): string | undefined {
  return status === 403 ? 'add-ons need a cluster administrator’s kubeconfig' : undefined;
}

async function defined(cluster: Cluster, definition: KubeObject, signal: AbortSignal): Promise<void> {
  const { apiVersion, kind, name } = refOf(definition);
  await cluster.waitFor(
    { apiVersion, kind, fieldSelector: `metadata.name=${name}` },
    ([object]) => (conditionOf(object, 'Established') ? true : undefined),
    { timeoutMs: DEFINED_LIMIT_MS, signal, describe: () => `${name} is not established` },
  );
}

function conditionOf(object: KubeObject | undefined, type: string): boolean {
  const status = object?.['status'] as
    { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } | undefined;
  return status?.conditions?.some((each) => each.type === type && each.status === 'True') ?? false;
}

async function ready(cluster: Cluster, addon: Addon, ref: ObjectRef, signal: AbortSignal): Promise<void> {
  try {
    await cluster.waitFor(
      { ...ref, fieldSelector: `metadata.name=${ref.name}` },
      ([object]) => (object !== undefined && isReady(object) ? true : undefined),
      { timeoutMs: READY_LIMIT_MS, signal, describe: ([object]) => readiness(object) },
    );
  } catch (cause) {
    if (!(cause instanceof PilabError) || cause.code !== 'CLUSTER_WAIT_TIMEOUT') throw cause;
    const why = await whyNotReady(cluster, addon.namespace, signal);
    throw new PilabError({
      code: 'ADDON_NOT_READY',
      message: `${addon.name}: ${ref.kind}/${ref.name} did not get ready ${cause.message}${why === '' ? '' : `; ${why}`}`,
      hint: `kubectl -n ${addon.namespace} describe pods`,
      exitCode: 3,
      cause,
    });
  }
}
