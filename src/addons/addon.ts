import type { KubeObject, ObjectRef } from '../ports/cluster.js';
import type { Text } from '../text.js';

/** Where an add-on's manifest comes from. */
export type Source =
  /** The publisher's own file. The checksum is checked wherever the text comes from: the network or a local copy. */
  | { readonly url: string; readonly sha256: string }
  /** A file that ships with pilab: absolute path. */
  | { readonly file: string };

/** What an add-on takes from the lab file. */
export interface AddonLab {
  /** Address ranges for a load balancer: FROM-TO or CIDR. */
  readonly pool?: readonly string[] | undefined;
  /** Image name → image name, as in the lab file. */
  readonly images: Readonly<Record<string, string>>;
}

/** Something that a cluster does not have by itself, as data: the installer knows no add-on by name. */
export interface Addon {
  readonly name: string;
  readonly version: string;
  readonly title: Text;
  readonly source: Source;
  /** Images that its manifest names; a cluster without a registry needs them beforehand. */
  readonly images: readonly string[];
  /** The namespace that it lives in and that its manifest makes; its label {@link VERSION_LABEL} says that it is complete. */
  readonly namespace: string;
  /** Workloads that must be ready before it can be used, in the order in which they are waited for: Deployments first. */
  readonly ready: readonly ObjectRef[];
  /** Keys of the lab file without which it cannot be configured. */
  readonly needs: readonly 'loadBalancer.pool'[];
  /** Objects of kinds that its manifest defines, made from the lab; applied once it is ready. */
  readonly settings: (lab: AddonLab) => readonly KubeObject[];
}

/** Marks everything that an add-on brought; the value is its name. */
export const ADDON_LABEL = 'pilab.dev/addon';
/** On an add-on's namespace, once all of it is there and ready; the value is the version. */
export const VERSION_LABEL = 'pilab.dev/addon-version';

/** Labels of everything that an add-on brings: by them it is found, and removed wholly. */
export function addonLabels(name: string): Record<string, string> {
  return { 'app.kubernetes.io/managed-by': 'pilab', [ADDON_LABEL]: name };
}
