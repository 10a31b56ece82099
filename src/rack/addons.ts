import { ADDON_LABEL } from '../addons/addon.js';
import { ADDONS } from '../addons/catalog.js';
import { type AddonState, addonState, STATE_KINDS } from '../addons/installed.js';
import type { KubeObject } from '../ports/cluster.js';
import { programPath } from './binaries.js';
import { command } from './command.js';
import { INSIDE, thisPilab } from './enter.js';
import { inNamespace } from './network.js';
import { RACK_NETNS, rackPaths } from './state.js';

/** Local copies of add-ons' manifests, out of the modules that their programs are built from: the rack has no internet. */
export function addonCopies(): Record<string, string> {
  return { metallb: programPath('upstream-files', 'metallb-native.yaml') };
}

/**
 * Installs all add-ons, or completes what is there. It is a copy of pilab that does it, at the operator's place, where the
 * API server's address exists: the rack's cluster is like any other to it. `timeout` in milliseconds; the default is the
 * installer's own.
 */
export async function installAddons(timeout?: number): Promise<void> {
  const argv = ['addons', 'install', ...ADDONS.map(({ name }) => name), '--lab', 'rack'];
  await command(inNamespace(RACK_NETNS, thisPilab(argv)), {
    env: INSIDE,
    ...(timeout === undefined ? {} : { timeout }),
  });
}

/** How the add-ons are now; when the cluster does not answer, none is there. */
export async function addonHealth(): Promise<AddonState[]> {
  const objects = await labelledObjects();
  return ADDONS.map((addon) => addonState(addon, objects));
}

async function labelledObjects(): Promise<KubeObject[]> {
  const { kubectl, kubeconfig } = rackPaths();
  const kinds = STATE_KINDS.map(({ kind }) => kind.toLowerCase()).join(',');
  const get = ['get', kinds, '--all-namespaces', `--selector=${ADDON_LABEL}`, '--output=json'];
  const argv = [kubectl, '--kubeconfig', kubeconfig, '--request-timeout=5s', ...get];
  try {
    const list = await command(inNamespace(RACK_NETNS, argv), { timeout: 10_000 });
    return (JSON.parse(list) as { readonly items: KubeObject[] }).items;
  } catch {
    return [];
  }
}
