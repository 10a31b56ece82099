import { parsePath } from '../playbook/path.js';
import type { Playbook, Step } from '../playbook/schema.js';

/** Service fields that take a node port when they hold a number; both draw from one range. */
const NODE_PORTS: ReadonlySet<string> = new Set(['nodePort', 'healthCheckNodePort']);
/** Fields and MetalLB's annotations (either of its names) that ask for one address of a load balancer's pool. */
const POOL_ADDRESSES: ReadonlySet<string> = new Set([
  'loadBalancerIP',
  'metallb.io/loadBalancerIPs',
  'metallb.universe.tf/loadBalancerIPs',
]);
/** A port in a URL. */
const URL_PORT = /\/\/[^/\s]*:(\d+)/g;
/** The range that node ports come from unless the API server is told another one (`--service-node-port-range`). */
const NODE_PORT_RANGE = { from: 30_000, to: 32_767 };

/** Keys of a step whose texts are for people. */
const PROSE: ReadonlySet<string> = new Set(['title', 'say', 'notes', 'look']);

/** References to something that the cluster has once, and that is only free until the next one takes it. */
const FREE: Readonly<Record<string, string>> = {
  '${lab.freeClusterIP}': 'clusterIP',
  '${lab.freePoolAddress}': 'pool',
};

/**
 * The cluster-wide things that a playbook takes for itself, sorted: `nodePort 30080` for each fixed node port, and for each
 * that it asks, where nobody else should answer; `hostPort 80` for each port of the nodes themselves, `pool` when it asks for a certain address of a load balancer's pool, `clusterIP`
 * when it looks for a free one, `externalIP` when its Services claim addresses of the nodes, `ingress` when it has rules for
 * the controller that all share, and what its author named. Two playbooks that share one must not run at the same time.
 */
export function locksOf({ locks, manifests, steps }: Playbook): string[] {
  const documents = [...manifests.values()].flat().flatMap((document) => leaves(document));
  const asked = [...documents, ...steps.flatMap(valuesPut)].flatMap(([key, value]) => {
    if (NODE_PORTS.has(key) && /^[1-9]\d*$/.test(String(value))) return [`nodePort ${String(value)}`];
    if (key === 'hostPort' && typeof value === 'number') return [`hostPort ${value}`];
    if (key === 'externalIPs') return ['externalIP'];
    return POOL_ADDRESSES.has(key) ? ['pool'] : [];
  });
  // A rule for one host may stand in many namespaces, and one without a host catches everybody's requests.
  const rules = [...manifests.values()].flat().some(({ kind }) => kind === 'Ingress') ? ['ingress'] : [];
  const words = steps.flatMap(withoutProse).map(([, value]) => String(value));
  const texts = [...documents.map(([, value]) => String(value)), ...words];
  const free = Object.entries(FREE).flatMap(([reference, lock]) =>
    texts.some((text) => text.includes(reference)) ? [lock] : [],
  );
  return [...new Set([...locks, ...asked, ...words.flatMap(nodePortsIn), ...rules, ...free])].sort();
}

function nodePortsIn(text: string): string[] {
  const { from, to } = NODE_PORT_RANGE;
  const ports = [...text.matchAll(URL_PORT)].map(([, port]) => Number(port));
  return ports.filter((port) => port >= from && port <= to).map((port) => `nodePort ${port}`);
}

type Leaf = readonly [key: string, value: unknown];

/** Every text and number in a value, with the key that it stands under. */
function leaves(value: unknown, key = ''): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((each) => leaves(each, key));
  if (typeof value !== 'object' || value === null) return [[key, value]];
  return Object.entries(value).flatMap(([name, each]) => leaves(each, name));
}

/** What a step puts into an object: by path (`set`), or as a part of it (`with`). */
function valuesPut(step: Step): Leaf[] {
  const { set, with: part } = step as { readonly set?: Readonly<Record<string, unknown>>; readonly with?: unknown };
  const byPath = Object.entries(set ?? {}).flatMap(([path, value]) => leaves(value, String(parsePath(path).at(-1))));
  return [...byPath, ...leaves(part)];
}

function withoutProse(step: Step): Leaf[] {
  return Object.entries(step).flatMap(([key, value]) => (PROSE.has(key) ? [] : leaves(value, key)));
}
