import { parsePath } from '../playbook/path.js';
import { aliased, type Reference } from '../playbook/reference.js';
import type { Lab } from '../lab/lab.js';
import { quoteWord } from '../quote.js';

/** How a shell script comes by the value of a reference. */
export interface Reading {
  /** The shell variable that holds it; lists are separated by spaces. */
  readonly variable: string;
  /** Lines that set it; none: it is set elsewhere in the script. */
  readonly lines: readonly string[];
  /** The same in the whole script: read once, before the first step. */
  readonly once: boolean;
  readonly list: boolean;
}

/** Ready nodes of a part: all of them, or those that are no control plane. */
const NODES = 'kubectl get nodes';
const WORKERS = `${NODES} -l '!node-role.kubernetes.io/control-plane'`;
const CONTROL_PLANES = `${NODES} -l node-role.kubernetes.io/control-plane`;
const ADDRESS = '{.status.addresses[?(@.type=="InternalIP")].address}';

/** How the value of `reference` is read with kubectl. @param lab what is known of the lab beforehand */
export function readingOf(reference: Reference, lab: Lab | undefined): Reading {
  const variable = variableOf(reference.text);
  const once = (command: string, list = false): Reading => ({
    variable,
    lines: [assign(variable, command)],
    once: true,
    list,
  });
  const given = (value: string | undefined, what: string): Reading => ({
    variable,
    lines: [
      value === undefined
        ? `${variable}=\${${variable}:?'${what}'}`
        : `${variable}=\${${variable}:-${quoteWord(value)}}`,
    ],
    once: true,
    list: false,
  });
  const each = (command: string, list = false): Reading => ({ ...once(command, list), once: false });
  switch (reference.root) {
    case 'namespace':
      return { variable: 'NS', lines: [], once: true, list: false };
    case 'neighbour':
      return { variable: 'NEIGHBOUR', lines: [], once: true, list: false };
    case 'saved':
      return { variable: savedVariable(reference.name, reference.key), lines: [], once: true, list: false };
    case 'each':
      return { variable: `each_${reference.part}`, lines: [], once: true, list: false };
    case 'probe':
      return reference.part === 'node'
        ? { variable: 'node', lines: [], once: true, list: false }
        : each(`kubectl get "pod/probe-$node" -o 'jsonpath={.status.podIP}'`);
    case 'object': {
      const path = jsonPathOf(reference);
      return each(
        `kubectl get ${quoteWord(`${reference.kind}/${reference.name}`)} -o ${quoteWord(`jsonpath=${path}`)}`,
      );
    }
    case 'pods': {
      const field = { pods: '.status.podIP', ips: '.status.podIP', names: '.metadata.name', nodes: '.spec.nodeName' };
      return each(`${podsOf(reference.selector)} -o 'jsonpath={.items[*]${field[reference.part]}}'`, true);
    }
    case 'nodes':
    case 'workers': {
      const field = reference.part === 'names' ? '{.items[*].metadata.name}' : `{.items[*]${ADDRESS.slice(1)}`;
      return once(`${reference.root === 'nodes' ? NODES : WORKERS} -o 'jsonpath=${field}'`, true);
    }
    case 'controlPlane':
    case 'workerA':
    case 'workerB': {
      const which = { controlPlane: [CONTROL_PLANES, 0], workerA: [WORKERS, 0], workerB: [WORKERS, 1] } as const;
      const [nodes, index] = which[reference.root];
      const field = { name: '.metadata.name', address: ADDRESS.slice(1, -1), podCIDR: '.spec.podCIDR' };
      return once(`${nodes} -o 'jsonpath={.items[${index}]${field[reference.part]}}'`);
    }
    case 'cluster':
      return { ...once(CLUSTER[reference.part]), list: false };
    case 'outside': {
      if (reference.index === undefined) return given(lab?.outside.map(({ address }) => address).join(' '), OUTSIDE);
      const server = lab?.outside[reference.index - 1];
      return given(server === undefined ? undefined : String(server[reference.part]), OUTSIDE);
    }
    case 'lab':
      return reference.part === 'freeClusterIP'
        ? each('free_cluster_ip')
        : given(lab?.loadBalancer?.pool.at(-1)?.split('-')[1], 'set it to a free address of the load balancer');
    case 'operator':
      return once(`own_address`);
    case 'ingress': {
      const [own, other] = lab?.ingress?.classes ?? [];
      const named = reference.part === 'otherClass' ? other : own;
      if (reference.part !== 'controller' && named !== undefined) return given(named, '');
      const index = reference.part === 'otherClass' ? 1 : 0;
      const field = reference.part === 'controller' ? '.spec.controller' : '.metadata.name';
      if (reference.part === 'controller' && own !== undefined)
        return once(`kubectl get ingressclass ${quoteWord(own)} -o 'jsonpath={.spec.controller}'`);
      return once(`kubectl get ingressclasses -o 'jsonpath={.items[${index}]${field}}'`);
    }
    case 'certificate': {
      const base = variableOf(`certificate/${reference.host}`);
      const files = `"$WORK/${base}.key" "$WORK/${base}.crt"`;
      return {
        variable,
        lines: [
          `[ -s "$WORK/${base}.crt" ] || certificate ${quoteWord(reference.host)} ${files} || exit 1`,
          `${variable}=$(cat "$WORK/${base}.${reference.part}")`,
        ],
        once: true,
        list: false,
      };
    }
  }
}

const OUTSIDE = 'set it to a web server outside the cluster';

/** Facts of the cluster, as kubeadm keeps them. */
const CLUSTER = {
  dns: "kubectl -n kube-system get service kube-dns -o 'jsonpath={.spec.clusterIP}'",
  domain: 'kubeadm_says dnsDomain',
  serviceCIDR: 'kubeadm_says serviceSubnet',
  podCIDR: 'kubeadm_says podSubnet',
  nodeCount: 'count_of get nodes -o name',
  workerCount: "count_of get nodes -l '!node-role.kubernetes.io/control-plane' -o name",
  proxyMode: 'proxy_mode',
} as const;

/** `name=$(value COMMAND) || exit 1` */
export function assign(variable: string, command: string): string {
  return `${variable}=$(value ${command}) || exit 1`;
}

/** kubectl's words for the running pods with a label. */
export function podsOf(selector: string): string {
  return `kubectl get pods -l ${quoteWord(selector)} --field-selector=status.phase=Running`;
}

/** A command that prints `ADDRESS NAME NODE` a line for each item of a list; undefined: not such a list. */
export function itemLines(reference: Reference, lab: Lab | undefined): string | undefined {
  const range = (fields: string): string => `-o 'jsonpath={range .items[*]}${fields}{"\\n"}{end}'`;
  if (reference.root === 'pods') {
    return `${podsOf(reference.selector)} ${range('{.status.podIP} {.metadata.name} {.spec.nodeName}')}`;
  }
  if (reference.root === 'nodes' || reference.root === 'workers') {
    const nodes = reference.root === 'nodes' ? NODES : WORKERS;
    return `${nodes} ${range(`${ADDRESS} {.metadata.name} {.metadata.name}`)}`;
  }
  if (reference.root === 'outside' && lab !== undefined) {
    return `printf '%s %s -\\n' ${lab.outside.map(({ address, name }) => `${quoteWord(address)} ${quoteWord(name)}`).join(' ')}`;
  }
  return undefined;
}

/** A shell variable for what a `save` step keeps. */
export function savedVariable(name: string, key: string): string {
  return variableOf(`${name}.${key}`);
}

/** A name that a shell takes for a variable; it has an underscore, so that it is none of the shell's own. */
function variableOf(text: string): string {
  const name = text.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '');
  return /^[A-Za-z]\w*_/.test(name) ? name : `v_${name}`;
}

function jsonPathOf({ kind, path }: { readonly kind: string; readonly path: string }): string {
  if (kind === 'node' && path === 'address') return ADDRESS;
  const steps = parsePath(aliased(kind, path)).map((segment) => {
    if (typeof segment === 'number') return `[${segment}]`;
    return /^\w+$/.test(segment) ? `.${segment}` : `['${segment.replaceAll(/[.']/g, String.raw`\$&`)}']`;
  });
  return `{${steps.join('')}}`;
}
