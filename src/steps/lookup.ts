import { usedIngressClasses } from '../model/ingress.js';
import { nodeByPart } from '../model/node.js';
import { readyPods, type ReadyPod } from '../model/pods.js';
import { setPath } from '../playbook/path.js';
import { fill, fillList, fillValue, referredValue, type Lookup, type Reference } from '../playbook/reference.js';
import { PilabError } from '../errors.js';
import type { StepContext } from './context.js';
import { clusterNetwork } from './cluster-network.js';
import { withoutKeys } from './certificates.js';
import { freeOf } from './free-address.js';
import { objectRef } from './kinds.js';
import { operatorAddress } from './operator-address.js';
import type { Place } from './place.js';

/** What a reference may mean besides live objects. */
export interface Scope {
  /** The item of an `each` list. */
  readonly each?: ReadyPod | undefined;
  /** The place that the probe runs at. */
  readonly place?: Place;
}

/** Any texts in `value` with their references replaced; everything else as it is. @throws PilabError `REFERENCE_EMPTY` */
export async function filled<T>(value: T, context: StepContext, scope: Scope = {}): Promise<T> {
  const lookup = lookupIn(context, scope);
  return (await walked(value, (text) => fill(text, lookup))) as T;
}

/** Like {@link filled} for parts of objects: a text that is exactly one reference becomes its value, number or list. */
export function filledParts(value: unknown, context: StepContext): Promise<unknown> {
  const lookup = lookupIn(context, {});
  return walked(value, (text) => fillValue(text, lookup));
}

async function walked(value: unknown, replace: (text: string) => Promise<unknown>): Promise<unknown> {
  const walk = async (node: unknown): Promise<unknown> => {
    if (typeof node === 'string') return replace(node);
    if (Array.isArray(node)) return Promise.all(node.map(walk));
    if (typeof node !== 'object' || node === null) return node;
    const entries = await Promise.all(
      Object.entries(node).map(async ([key, child]): Promise<[string, unknown]> => [key, await walk(child)]),
    );
    return Object.fromEntries(entries);
  };
  return walk(value);
}

/** Like {@link filled} for a list of texts; an item that is one reference to a list becomes as many items. */
export function filledList(texts: readonly string[], context: StepContext, scope: Scope = {}): Promise<string[]> {
  return fillList(texts, lookupIn(context, scope));
}

/** The value of a text that is one reference, whatever its kind. */
export function filledValue(text: string, context: StepContext): Promise<unknown> {
  return fillValue(text, lookupIn(context, {}));
}

/** References that only mean something while a probe runs, or that would fill a screen. */
const LEFT_AS_WRITTEN: ReadonlySet<string> = new Set(['each', 'probe', 'certificate']);

/** References whose value is asked for each time: it may change while a run lasts. */
const ASKED_FOR: ReadonlySet<string> = new Set(['object', 'pods', 'lab', 'operator']);

/** Where values for showing come from: `lab` asks for what may have changed; `memory` must not keep a step waiting. */
export type Look = 'lab' | 'memory';

/** For showing: every reference that has a short value now is replaced, the others stay as they are written. */
export function filledWhereKnown(
  text: string,
  context: StepContext,
  look: Look,
  scope: Pick<Scope, 'each'> = {},
): Promise<string> {
  const lookup = lookupIn(context, scope);
  return fill(text, async (reference) => {
    const written = `\${${reference.text}}`;
    if (look === 'memory' && ASKED_FOR.has(reference.root)) return written;
    if (LEFT_AS_WRITTEN.has(reference.root) && (reference.root !== 'each' || scope.each === undefined)) return written;
    const value = await Promise.resolve(lookup(reference)).catch((error: unknown) => {
      if (error instanceof PilabError) return undefined;
      throw error;
    });
    const list = Array.isArray(value) && value.every((each) => typeof each === 'string');
    const shown = list ? value.join(', ') : value;
    if (typeof shown === 'number') return shown;
    return typeof shown === 'string' && isHarmless(shown) ? shown : written;
  });
}

/**
 * The line may be pasted into a shell, where every reference stands in a quoted word: a value must not end that word, nor
 * the line. A key is never shown, and what is long only hides the rest.
 */
function isHarmless(value: string): boolean {
  return !/['\p{Cc}]/u.test(value) && value.length <= 200 && value === withoutKeys(value);
}

/** Ready pods of the run's namespace that have the label, by name. */
export async function podsWith(selector: string, context: StepContext): Promise<ReadyPod[]> {
  const { cluster, namespace, signal } = context;
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: selector }, signal);
  return readyPods(pods);
}

function lookupIn(context: StepContext, scope: Scope): Lookup {
  return (reference) => valueOf(reference, context, scope);
}

async function valueOf(reference: Reference, context: StepContext, { each, place }: Scope): Promise<unknown> {
  const { namespace, neighbour, cluster, signal, saved, facts } = context;
  switch (reference.root) {
    case 'namespace':
      return namespace;
    case 'neighbour':
      return neighbour;
    case 'object': {
      const object = await cluster.get(objectRef(`${reference.kind}/${reference.name}`, namespace), signal);
      return referredValue(object, reference);
    }
    case 'pods': {
      const pods = await podsWith(reference.selector, context);
      return {
        pods,
        ips: pods.map((pod) => pod.ip),
        names: pods.map((pod) => pod.name),
        nodes: pods.map((pod) => pod.node),
      }[reference.part];
    }
    case 'saved':
      return saved.get(reference.name)?.[reference.key];
    case 'each':
      return each?.[reference.part];
    case 'probe':
      return place?.[reference.part];
    case 'cluster': {
      const { part } = reference;
      if (part === 'proxyMode') return facts.proxyMode;
      if (part === 'nodeCount') return facts.nodes.length;
      if (part === 'workerCount') return facts.nodes.filter(({ role }) => role === 'worker').length;
      return (await clusterNetwork(cluster, signal))[part];
    }
    case 'nodes':
    case 'workers': {
      const nodes = facts.nodes.filter(({ ready, role }) => ready && (reference.root === 'nodes' || role === 'worker'));
      return {
        all: nodes.map(({ name, address }) => ({ name, ip: address, node: name })),
        ips: nodes.map(({ address }) => address),
        names: nodes.map(({ name }) => name),
      }[reference.part];
    }
    case 'controlPlane':
    case 'workerA':
    case 'workerB':
      return nodeByPart(reference.root, facts)?.[reference.part];
    case 'outside': {
      const { outside } = context.lab;
      if (reference.index === undefined) return outside.map(({ name, address }) => ({ name, ip: address, node: '' }));
      return outside[reference.index - 1]?.[reference.part];
    }
    case 'lab':
      return freeOf(reference.part, context);
    case 'certificate':
      return context.certificates.part(reference.host, reference.part);
    case 'operator':
      return operatorAddress(context);
    case 'ingress': {
      const [used, other] = usedIngressClasses(facts.ingressClasses ?? [], context.lab.ingress?.classes);
      return { class: used?.name, otherClass: other?.name, controller: used?.controller }[reference.part];
    }
  }
}

/** Puts values of the lab and of live objects into a manifest that is about to be sent. @throws PilabError `PATH_INVALID` */
export async function putValues(
  object: object,
  set: Readonly<Record<string, unknown>>,
  context: StepContext,
): Promise<void> {
  for (const [path, value] of Object.entries(set)) setPath(object, path, await filledParts(value, context));
}
