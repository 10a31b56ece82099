import type { ManifestDocument } from '../playbook/schema.js';
import type { KubeObject } from '../ports/cluster.js';
import type { StepContext } from './context.js';

interface Container {
  image?: string;
}
interface PodTemplate {
  spec?: { containers?: Container[]; initContainers?: Container[] };
}

/**
 * A manifest as this run applies it: in the run's namespace, labelled with the run's id, images replaced as the lab file
 * says. The file itself stays what a learner can apply with plain kubectl.
 */
export function labManifest(
  document: ManifestDocument,
  context: Pick<StepContext, 'namespace' | 'labels' | 'lab'>,
): KubeObject {
  const object = structuredClone(document) as unknown as KubeObject & {
    spec?: PodTemplate & { template?: PodTemplate };
  };
  object.metadata = {
    ...object.metadata,
    namespace: context.namespace,
    labels: { ...object.metadata?.labels, ...context.labels },
  };
  const template = object.spec?.template ?? (object.kind === 'Pod' ? (object as PodTemplate) : undefined);
  for (const container of [...(template?.spec?.containers ?? []), ...(template?.spec?.initContainers ?? [])]) {
    if (container.image !== undefined) container.image = labImage(container.image, context.lab.images);
  }
  return object;
}

/** The image that this lab uses instead: a whole name, or the longest prefix that ends in `/`. */
export function labImage(image: string, images: Readonly<Record<string, string>>): string {
  const exact = images[image];
  if (exact !== undefined) return exact;
  const prefix = Object.keys(images)
    .filter((key) => key.endsWith('/') && image.startsWith(key))
    .sort((a, b) => b.length - a.length)[0];
  return prefix === undefined ? image : `${images[prefix] ?? ''}${image.slice(prefix.length)}`;
}
