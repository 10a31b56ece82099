import { KINDS, KIND_WORDS, kindWord } from './kinds.js';
import type { ManifestDocument, Step } from './schema.js';

/** Pods that a manifest makes, by themselves or through a template. */
interface PodShape {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly containers: readonly string[];
}

/** What a playbook has brought about by a certain step, as far as the files say. */
export class Scope {
  readonly #applied = new Set<string>();
  readonly #ever = new Set<string>();
  readonly #pods: PodShape[] = [];
  readonly #saved = new Map<string, ReadonlySet<string>>();
  /** A step or manifest before could not be read: what it makes is unknown, so nothing can be called missing. */
  #incomplete = false;

  constructor(private readonly manifests: ReadonlyMap<string, readonly ManifestDocument[]>) {}

  /** After a step that could not be read. */
  lose(): void {
    this.#incomplete = true;
  }

  /** After a step. */
  advance(step: Step): void {
    if (step.kind === 'apply') for (const file of step.apply) this.#apply(file);
    if (step.kind === 'try' && 'accepted' in step.expect && step.dryRun !== true) {
      const name = step.set?.['metadata.name'];
      const file = step.apply ?? step.create;
      if (file !== undefined) this.#apply(file, typeof name === 'string' ? name : undefined);
    }
    if (step.kind === 'delete') for (const object of step.delete) this.#applied.delete(object);
    if (step.kind === 'save') this.#saved.set(step.save, new Set(Object.keys(step.values)));
  }

  #apply(file: string, name?: string): void {
    const documents = this.manifests.get(file);
    if (documents === undefined) this.lose();
    for (const document of documents ?? []) {
      const object = `${kindWord(document.kind)}/${name ?? document.metadata.name}`;
      this.#applied.add(object);
      this.#ever.add(object);
      const shape = podShape(document);
      if (shape !== undefined) this.#pods.push(shape);
    }
  }

  /** Why `service/sample-clusterip` cannot be there, and what may be meant; undefined when it can. */
  missing(object: string, options: { readonly orGone?: boolean } = {}): Unknown | undefined {
    const [word = '', ...rest] = object.split('/');
    const name = rest.join('/');
    const kind = KINDS[word];
    if (kind === undefined) return { what: `unknown kind "${word}"`, word, known: KIND_WORDS };
    if (kind.clusterWide === true || name.includes('${') || this.#incomplete) return undefined;
    if (name.includes('=')) return this.missingPods(name);
    const wanted = this.#ever.has(object) ? object : madeFrom(word, name);
    const there = options.orGone === true ? this.#ever : this.#applied;
    if (there.has(wanted)) return undefined;
    const what = this.#ever.has(wanted) ? `${object} is deleted by then` : `${object} is not applied before`;
    return { what, word: object, known: [...there] };
  }

  /** The same for pods by label, and for a container in them. */
  missingPods(selector: string, container?: string): Unknown | undefined {
    if (this.#incomplete) return undefined;
    const [key = '', value = ''] = selector.split('=');
    const matching = this.#pods.filter(({ labels }) => labels[key] === value);
    if (matching.length === 0) {
      const known = new Set(
        this.#pods.flatMap(({ labels }) => Object.entries(labels).map(([k, v]) => `${k}=${String(v)}`)),
      );
      return { what: `no pod applied before has the label ${selector}`, word: selector, known: [...known] };
    }
    const containers = matching.flatMap((shape) => shape.containers);
    return container === undefined || containers.includes(container)
      ? undefined
      : {
          what: `pods with ${selector} have no container "${container}"`,
          word: container,
          known: [...new Set(containers)],
        };
  }

  /** The same for `saved.NAME.KEY`. */
  missingSaved(name: string, key: string): Unknown | undefined {
    const keys = this.#saved.get(name);
    if (this.#incomplete || keys?.has(key) === true) return undefined;
    return keys === undefined
      ? { what: `nothing is saved as "${name}" before`, word: name, known: [...this.#saved.keys()] }
      : { what: `"${name}" has no "${key}"`, word: key, known: [...keys] };
  }
}

/** What makes an object that no manifest has: a Service its Endpoints, a StatefulSet its pods, which it numbers. */
function madeFrom(word: string, name: string): string {
  if (word === 'endpoints') return `service/${name}`;
  const owner = /^(.+)-\d+$/.exec(name)?.[1];
  return word === 'pod' && owner !== undefined ? `statefulset/${owner}` : `${word}/${name}`;
}

/** Something that is not known: what to say, and among which words to look for a near one. */
export interface Unknown {
  readonly what: string;
  readonly word: string;
  readonly known: readonly string[];
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, unknown>> };
  readonly spec?: { readonly containers?: unknown };
}

function podShape(document: ManifestDocument): PodShape | undefined {
  const spec = document['spec'] as { readonly template?: PodTemplate } | undefined;
  const template: PodTemplate | undefined = document.kind === 'Pod' ? (document as PodTemplate) : spec?.template;
  if (template === undefined) return undefined;
  const containers = template.spec?.containers;
  const names = Array.isArray(containers) ? (containers as { name?: unknown }[]).map(({ name }) => String(name)) : [];
  return { labels: template.metadata?.labels ?? {}, containers: names };
}
