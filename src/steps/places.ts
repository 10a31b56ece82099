import type { ClusterFacts } from '../event/event.js';
import type { Host } from '../ports/host.js';
import type { Cluster } from '../ports/cluster.js';
import { PilabError } from '../errors.js';
import { NODE_PARTS, nodeByPart } from '../model/node.js';
import { readyPods } from '../model/pods.js';
import { hostPlace, podPlace, type Place } from './place.js';
import type { ProbePods } from './probe-pods.js';

/** What is needed to turn `from:` into places. */
export interface PlaceSources {
  readonly cluster: Cluster;
  readonly facts: ClusterFacts;
  readonly hosts: readonly string[];
  readonly host: (name: string) => Host;
  readonly operator: Host;
  readonly namespace: string;
  readonly neighbour: string | undefined;
  readonly pods: ProbePods;
}

/** Nodes that a `pod…` place stands for; workers first, then control planes, each by name. */
export function nodesOf(from: string, facts: ClusterFacts): string[] {
  const ready = facts.nodes.filter((node) => node.ready);
  const workers = ready.filter((node) => node.role === 'worker').map((node) => node.name);
  const all = [...workers, ...ready.filter((node) => node.role === 'control-plane').map((node) => node.name)];
  const target = /^pod@(.+)$/.exec(from)?.[1];
  if (target === 'each') return workers.length > 0 ? workers : all;
  if (target === 'all') return all;
  if (target !== undefined) return namedNode(target, facts);
  return (workers.length > 0 ? workers : all).slice(0, 1);
}

/**
 * The places that `from` names (schema.ts has the grammar), ready to run commands.
 * @throws PilabError when a probe pod can't be had or a selector matches no ready pod: the caller says "inconclusive".
 */
export async function resolvePlaces(from: string, sources: PlaceSources, signal: AbortSignal): Promise<Place[]> {
  if (from === 'operator') return [hostPlace(sources.operator, 'operator')];
  const host = /^host@(.+)$/.exec(from)?.[1];
  if (host !== undefined) {
    const hosts = host === 'each' ? sources.hosts : namedNode(host, sources.facts);
    if (hosts.length === 0) throw noNode(from);
    return hosts.map((name) => hostPlace(sources.host(name), 'host'));
  }
  if (from.startsWith('in/')) return (await insidePlaces(from, sources, signal)).slice(0, 1);
  if (from.startsWith('each/')) return insidePlaces(from, sources, signal);
  const neighbour = from === 'neighbour';
  const namespace = neighbour ? (sources.neighbour ?? sources.namespace) : sources.namespace;
  const nodes = nodesOf(from, sources.facts);
  // No place would be no judgement, which reads as "skipped".
  if (nodes.length === 0) throw noNode(from);
  return Promise.all(
    nodes.map(async (node) => {
      const { pod, ip } = await sources.pods.get(namespace, node, signal);
      return podPlace(sources.cluster, {
        label: `${neighbour ? 'neighbour' : 'pod'}@${node}`,
        kind: 'pod',
        namespace,
        pod,
        node,
        ip,
      });
    }),
  );
}

function noNode(from: string): PilabError {
  return new PilabError({
    code: 'PROBE_NO_NODE',
    message: `no ready node for a probe from ${from}`,
    hint: 'kubectl get nodes -o wide',
    exitCode: 3,
  });
}

/** A node by its name or by its part in the cluster. */
function namedNode(name: string, facts: ClusterFacts): string[] {
  const part = NODE_PARTS.find((each) => each === name);
  if (part === undefined) return [name];
  const node = nodeByPart(part, facts);
  return node === undefined ? [] : [node.name];
}

/** `in/LABEL=VALUE[/CONTAINER]`, `each/…`: the ready pods by name, so that a repeated run looks at the same kind of pod first. */
async function insidePlaces(from: string, sources: PlaceSources, signal: AbortSignal): Promise<Place[]> {
  const [, selector = '', container] = from.split('/');
  const { namespace } = sources;
  const pods = await sources.cluster.list(
    { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: selector },
    signal,
  );
  const ready = readyPods(pods);
  if (ready.length === 0) {
    throw new PilabError({
      code: 'PROBE_NO_POD',
      message: `no ready pod in ${namespace} matches ${selector}`,
      hint: `kubectl -n ${namespace} get pods -l ${selector} -o wide`,
      exitCode: 3,
    });
  }
  return ready.map(({ name, node, ip }) =>
    podPlace(sources.cluster, {
      label: `in/${name}@${node}`,
      kind: 'in',
      namespace,
      pod: name,
      node,
      ip,
      ...(container === undefined ? {} : { container }),
    }),
  );
}
