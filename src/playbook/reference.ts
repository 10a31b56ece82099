import { PilabError } from '../errors.js';
import { getPath, parsePath } from './path.js';

/** What stands between `${` and `}`. */
export type Reference = ReferenceBody & {
  /** As written, without `${` and `}`. */
  readonly text: string;
};
type ReferenceBody =
  /** `${namespace}`, `${neighbour}`: the namespaces of this run. */
  | { readonly root: 'namespace' | 'neighbour' }
  /** `${service/NAME.PATH}`: a field of a live object. NAME ends at the first dot; PATH may be an alias, see {@link referredValue}. */
  | { readonly root: 'object'; readonly kind: string; readonly name: string; readonly path: string }
  /** `${pods/LABEL=VALUE}`: the ready pods, as `{name, ip, node}`; with `.ips`, `.names` or `.nodes` a list of texts. */
  | { readonly root: 'pods'; readonly selector: string; readonly part: 'pods' | 'ips' | 'names' | 'nodes' }
  /** `${nodes}`, `${workers}`: the ready ones, as `{name, ip, node}` with their LAN address; `.ips`, `.names` a list of texts. */
  | { readonly root: 'nodes' | 'workers'; readonly part: 'all' | 'ips' | 'names' }
  /** `${outside}`: the lab's servers outside the cluster as `{name, ip, node}`, node empty; `${outside.1.address}`: one of them, from 1. */
  | { readonly root: 'outside'; readonly index: undefined }
  | { readonly root: 'outside'; readonly index: number; readonly part: 'name' | 'address' | 'port' }
  /** `${certificate/HOST.crt}`: a self-signed certificate for a DNS name, made once a playbook; its key as `.key`. PEM. */
  | { readonly root: 'certificate'; readonly host: string; readonly part: 'crt' | 'key' }
  /** `${saved.NAME.KEY}`: what a `save` step kept. */
  | { readonly root: 'saved'; readonly name: string; readonly key: string }
  | { [R in keyof typeof PARTS]: { readonly root: R; readonly part: (typeof PARTS)[R][number] } }[keyof typeof PARTS];

/** Roots with a fixed set of parts. */
const PARTS = {
  /** The item of the list that a probe goes through. */
  each: ['name', 'ip', 'node'],
  /** `dns`: clusterIP of kube-dns; `domain`: cluster.local; the ranges in CIDR notation. */
  cluster: ['dns', 'domain', 'serviceCIDR', 'podCIDR', 'nodeCount', 'workerCount', 'proxyMode'],
  /**
   * `freeClusterIP`: a cluster IP that nobody holds, from the band kept for chosen addresses (claim B16);
   * `freePoolAddress`: a load balancer address that nobody holds.
   */
  lab: ['freeClusterIP', 'freePoolAddress'],
  /** Ready nodes by their part, in the order of their names; see `from` in schema.ts. `address` is the LAN address. */
  controlPlane: ['name', 'address', 'podCIDR'],
  workerA: ['name', 'address', 'podCIDR'],
  workerB: ['name', 'address', 'podCIDR'],
  /** The operator's own address, as the nodes see it. */
  operator: ['ip'],
  /** The ingress class that the exercise uses, another one, and the controller of the first (`spec.controller`). */
  ingress: ['class', 'otherClass', 'controller'],
  /** The probe's own place. */
  probe: ['ip', 'node'],
} as const;

/** First words that a reference can have, besides `KIND/NAME`. */
export const REFERENCE_ROOTS = [
  ...['namespace', 'neighbour', 'pods', 'nodes', 'workers', 'outside', 'certificate', 'saved'],
  ...Object.keys(PARTS),
];

/** A text with a reference that cannot be read. */
export class ReferenceProblem extends PilabError {
  /** Where in the text it starts, from 0. */
  readonly offset: number;

  constructor(offset: number, message: string, hint?: string) {
    super({ code: 'REFERENCE_INVALID', message, ...(hint === undefined ? {} : { hint }) });
    this.offset = offset;
  }
}

/** Finds a value; may ask the cluster. Undefined: there is none. */
export type Lookup = (reference: Reference) => unknown;

/** The references of a text, in order. `$${` is not one. @throws ReferenceProblem */
export function parseReferences(text: string): Reference[] {
  return parseTemplate(text).filter((part) => typeof part !== 'string');
}

/** The text with every reference replaced. @throws ReferenceProblem; PilabError `REFERENCE_EMPTY` (exit code 3), `REFERENCE_KIND` */
export async function fill(text: string, lookup: Lookup): Promise<string> {
  const parts = await Promise.all(
    parseTemplate(text).map(async (part) =>
      typeof part === 'string' ? part : asText(part, await valueOf(part, lookup)),
    ),
  );
  return parts.join('');
}

/** Like {@link fill}, but a text that is exactly one reference keeps its value as it is: a number, a list. */
export async function fillValue(text: string, lookup: Lookup): Promise<unknown> {
  const parts = parseTemplate(text);
  const [only] = parts;
  return parts.length === 1 && only !== undefined && typeof only !== 'string'
    ? valueOf(only, lookup)
    : fill(text, lookup);
}

/** Fills each text; an item that is exactly one reference to a list becomes as many items. */
export async function fillList(texts: readonly string[], lookup: Lookup): Promise<string[]> {
  const filled = await Promise.all(
    texts.map(async (text) => {
      const [only, second] = parseTemplate(text);
      if (only === undefined || typeof only === 'string' || second !== undefined) return [await fill(text, lookup)];
      const value = await valueOf(only, lookup);
      return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => asText(only, item));
    }),
  );
  return filled.flat();
}

/** The field that a reference means. Aliases: service.clusterIP, service.address and ingress.address (what a load balancer gave), pod.ip, pod.node, node.podCIDR, node.address. */
export function referredValue(
  object: unknown,
  { kind, path }: { readonly kind: string; readonly path: string },
): unknown {
  if (kind === 'node' && path === 'address') {
    const addresses = getPath(object, 'status.addresses');
    const all = Array.isArray(addresses) ? (addresses as { type?: unknown; address?: unknown }[]) : [];
    return all.find(({ type }) => type === 'InternalIP')?.address;
  }
  return getPath(object, aliased(kind, path));
}

/** The real path behind an alias; other paths are what they are. */
export function aliased(kind: string, path: string): string {
  return ALIASES[`${kind}.${path}`] ?? path;
}

const ALIASES: Readonly<Record<string, string | undefined>> = {
  'service.clusterIP': 'spec.clusterIP',
  'service.address': 'status.loadBalancer.ingress[0].ip',
  'ingress.address': 'status.loadBalancer.ingress[0].ip',
  'pod.ip': 'status.podIP',
  'pod.node': 'spec.nodeName',
  'node.podCIDR': 'spec.podCIDR',
};

/** What to do where a lab, and not an object, has no such value. */
const WHY_EMPTY: Partial<Record<Reference['root'], string>> = {
  lab: 'no address is free, or nobody knows the range: name a pool under loadBalancer in the lab file',
  outside: 'name web servers beside the cluster under "outside" in the lab file',
  controlPlane: 'no ready node has this part: kubectl get nodes',
  workerA: 'no ready node has this part: kubectl get nodes',
  workerB: 'no ready node has this part: kubectl get nodes',
  ingress: 'the cluster has no such ingress class: kubectl get ingressclasses',
  operator: 'no host says from where it is reached: every one is behind a jump host',
};

async function valueOf(reference: Reference, lookup: Lookup): Promise<unknown> {
  const value = await lookup(reference);
  if (value !== undefined && value !== null) return value;
  throw new PilabError({
    code: 'REFERENCE_EMPTY',
    message: `\${${reference.text}} has no value`,
    hint: WHY_EMPTY[reference.root] ?? 'the object is gone, or the cluster has not filled in this field yet',
    exitCode: 3,
  });
}

function asText(reference: Reference, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new PilabError({
    code: 'REFERENCE_KIND',
    message: `\${${reference.text}} is ${Array.isArray(value) ? 'a list' : 'a map'}, where a text is needed`,
    hint: 'a list can stand only where a list is expected, alone in its item',
  });
}

/** Texts and references in turn; empty texts are left out. @throws ReferenceProblem */
export function parseTemplate(text: string): (string | Reference)[] {
  const parts: (string | Reference)[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      plain += '${';
      at += 3;
    } else if (text.startsWith('${', at)) {
      const end = text.indexOf('}', at);
      if (end === -1) throw new ReferenceProblem(at, `"\${" without "}"`, 'write $${ for a plain ${');
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(parseReference(text.slice(at + 2, end), at));
      at = end + 1;
    } else {
      plain += text.charAt(at);
      at += 1;
    }
  }
  if (plain !== '') parts.push(plain);
  return parts;
}

function parseReference(text: string, offset: number): Reference {
  const bad = (message: string, hint: string): ReferenceProblem =>
    new ReferenceProblem(offset, `\${${text}}: ${message}`, hint);
  if (text === 'namespace' || text === 'neighbour') return { root: text, text };
  if (text === 'pods') throw bad('no label', 'write ${pods/LABEL=VALUE} or ${pods/LABEL=VALUE.ips}');
  const pods = /^pods\/(.+?)(?:\.(ips|names|nodes))?$/.exec(text);
  if (pods !== null) {
    const [, selector = '', part = 'pods'] = pods;
    if (!/^[\w./-]+=[\w.-]+$/.test(selector))
      throw bad('not a label', 'write ${pods/LABEL=VALUE} or ${pods/LABEL=VALUE.ips}');
    return { root: 'pods', selector, part: part as 'pods', text };
  }
  const certificate = /^certificate\/(.+)\.(crt|key)$/.exec(text);
  if (certificate !== null) {
    const [, host = '', part = 'crt'] = certificate;
    return { root: 'certificate', host, part: part as 'crt', text };
  }
  const object = /^([a-z]+)\/([^.]+)\.(.+)$/.exec(text);
  if (object !== null) {
    const [, kind = '', name = '', path = ''] = object;
    try {
      parsePath(path);
    } catch (error) {
      if (error instanceof PilabError) throw bad(error.message, error.hint ?? '');
      throw error;
    }
    return { root: 'object', kind, name, path, text };
  }
  if (text.includes('/'))
    throw bad('not a field of an object', 'write ${KIND/NAME.PATH}, for example ${service/sample-clusterip.clusterIP}');
  const [root = '', ...rest] = text.split('.');
  if (root === 'nodes' || root === 'workers') {
    const [part = 'all', more] = rest;
    if (!['all', 'ips', 'names'].includes(part) || more !== undefined)
      throw bad(`${root} has no "${rest.join('.')}"`, `known: ${root}, ${root}.ips, ${root}.names`);
    return { root, part: part as 'all', text };
  }
  if (root === 'outside') {
    if (rest.length === 0) return { root, index: undefined, text };
    const [, index, part] = /^([1-9]\d?)\.(name|address|port)$/.exec(rest.join('.')) ?? [];
    if (index === undefined) throw bad('not a server of the lab', 'write ${outside.1.address}, .name or .port');
    return { root, index: Number(index), part: part as 'name', text };
  }
  if (root === 'saved') {
    const [name, key, more] = rest;
    if (name === undefined || key === undefined || more !== undefined || name === '' || key === '')
      throw bad('not a saved value', 'write ${saved.NAME.KEY}');
    return { root, name, key, text };
  }
  if (Object.hasOwn(PARTS, root)) {
    const known: readonly string[] = PARTS[root as keyof typeof PARTS];
    const part = rest.join('.');
    if (!known.includes(part))
      throw bad(`${root} has no "${part}"`, `known: ${known.map((one) => `${root}.${one}`).join(', ')}`);
    return { root, part, text } as Reference;
  }
  throw bad(`unknown reference "${root}"`, `known: ${REFERENCE_ROOTS.join(', ')}, KIND/NAME.PATH`);
}
