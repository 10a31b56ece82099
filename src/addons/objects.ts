import { labImage } from '../steps/manifest.js';
import { PilabError } from '../errors.js';
import type { KindRef, KubeObject, ObjectRef } from '../ports/cluster.js';
import { parseYaml } from '../yaml/source.js';
import type { Addon, AddonLab } from './addon.js';
import { addonLabels } from './addon.js';

function kinds(apiVersion: string, ...names: string[]): KindRef[] {
  return names.map((kind) => ({ apiVersion, kind }));
}

/**
 * Every kind that an add-on may bring, in the order of removal: admission first, because a webhook whose server has gone
 * refuses the removal of everything it watches; namespaces take what is in them; definitions come last.
 */
export const KINDS: readonly KindRef[] = [
  ...kinds('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'),
  ...kinds('metallb.io/v1beta1', 'IPAddressPool', 'L2Advertisement'),
  ...kinds('apps/v1', 'Deployment', 'DaemonSet'),
  ...kinds('v1', 'Service', 'ConfigMap', 'Secret', 'ServiceAccount'),
  ...kinds('rbac.authorization.k8s.io/v1', 'RoleBinding', 'Role', 'ClusterRoleBinding', 'ClusterRole'),
  ...kinds('networking.k8s.io/v1', 'IngressClass'),
  ...kinds('v1', 'Namespace'),
  ...kinds('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
];

/** What must be there before anything else can be applied. */
const FIRST = ['Namespace', 'CustomResourceDefinition'];

/**
 * The objects of a manifest as they are applied: labelled, images replaced as the lab says; namespaces and definitions
 * first, the rest in the manifest's own order.
 * @throws PilabError `ADDON_MANIFEST` when the text is no manifest, or has a kind that could not be removed again
 */
export function manifestObjects(addon: Addon, text: string, lab: AddonLab): KubeObject[] {
  const { documents, problems } = parseYaml(`${addon.name}.yaml`, text);
  const first = problems[0];
  if (first !== undefined) throw unusable(addon, `line ${first.line}: ${first.message}`);
  const objects = documents.flatMap(({ value }) => (value === null ? [] : [labelled(addon, value as KubeObject)]));
  for (const object of objects) {
    if (!KINDS.some((kind) => isOf(object, kind))) throw unusable(addon, `unknown kind ${nameOf(object)}`);
    replaceImages(object, lab);
  }
  const rank = ({ kind = '' }: KubeObject): number => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length);
  return objects.sort((a, b) => rank(a) - rank(b));
}

/** An object with the add-on's labels. */
export function labelled(addon: Pick<Addon, 'name'>, object: KubeObject): KubeObject {
  const labels = { ...object.metadata?.labels, ...addonLabels(addon.name) };
  return { ...object, metadata: { ...object.metadata, labels } };
}

/** `Deployment/metallb-system/controller`. */
export function nameOf({ kind = '?', metadata }: KubeObject): string {
  return [kind, metadata?.namespace, metadata?.name ?? '?'].filter((part) => part !== undefined).join('/');
}

/** How to ask for an object. */
export function refOf({ apiVersion = '', kind = '', metadata }: KubeObject): ObjectRef {
  const namespace = metadata?.namespace;
  return { apiVersion, kind, name: metadata?.name ?? '', ...(namespace === undefined ? {} : { namespace }) };
}

function isOf(object: KubeObject, { apiVersion, kind }: KindRef): boolean {
  return object.apiVersion === apiVersion && object.kind === kind;
}

interface Container {
  image?: string;
}

function replaceImages(object: KubeObject, lab: AddonLab): void {
  const { template } = (object['spec'] ?? {}) as {
    readonly template?: {
      readonly spec?: { readonly containers?: Container[]; readonly initContainers?: Container[] };
    };
  };
  for (const container of [...(template?.spec?.containers ?? []), ...(template?.spec?.initContainers ?? [])]) {
    if (container.image !== undefined) container.image = labImage(container.image, lab.images);
  }
}

function unusable(addon: Addon, why: string): PilabError {
  const message = `the manifest of ${addon.name} ${addon.version} cannot be used: ${why}`;
  return new PilabError({ code: 'ADDON_MANIFEST', message });
}
