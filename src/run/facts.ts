import type { ClusterFacts } from '../event/event.js';
import type { Cluster, KubeObject } from '../ports/cluster.js';
import type { Host } from '../ports/host.js';
import { messageOf } from '../errors.js';
import { readAddons } from './addons.js';

interface NodeStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  readonly nodeInfo?: { readonly kubeletVersion?: string; readonly architecture?: string };
}

/** What the run needs to know before it can choose expectations: versions, nodes, the mode that the proxy reports. */
export async function readFacts(
  cluster: Cluster,
  hosts: readonly Host[],
  signal: AbortSignal,
  warn: (message: string) => void,
): Promise<ClusterFacts> {
  // Without the API server there is no run: hosts are not asked any longer, and nobody warns of them afterwards.
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const [serverVersion, nodes, proxyMode, addons] = await Promise.all([
    cluster.version(both),
    cluster.list({ apiVersion: 'v1', kind: 'Node' }, both),
    proxyModeOf(hosts, both, warn),
    readAddons(cluster, hosts, both),
  ]).finally(() => stop.abort());
  // flannel writes what it uses into annotations of every node.
  const flannel = nodes.some(
    ({ metadata }) => 'flannel.alpha.coreos.com/backend-type' in (metadata?.annotations ?? {}),
  );
  const cni = flannel ? 'flannel' : 'unknown';
  return {
    serverVersion,
    proxyMode,
    cni,
    nodes: nodes.map(nodeFacts).sort((a, b) => a.name.localeCompare(b.name)),
    ...addons,
  };
}

function nodeFacts(node: KubeObject): ClusterFacts['nodes'][number] {
  const status = (node['status'] ?? {}) as NodeStatus;
  const spec = (node['spec'] ?? {}) as { readonly podCIDR?: string; readonly unschedulable?: boolean };
  const labels = node.metadata?.labels ?? {};
  return {
    name: node.metadata?.name ?? '',
    role: 'node-role.kubernetes.io/control-plane' in labels ? 'control-plane' : 'worker',
    ready: status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false,
    ...(spec.unschedulable === true ? { cordoned: true as const } : {}),
    address: status.addresses?.find((address) => address.type === 'InternalIP')?.address ?? '',
    podCIDR: spec.podCIDR ?? '',
    kubeletVersion: status.nodeInfo?.kubeletVersion ?? '',
    architecture: status.nodeInfo?.architecture ?? '',
  };
}

/**
 * kube-proxy says its mode on its status port, which listens on localhost only (claim C02), so a node is asked over SSH;
 * the first that answers is enough, since the mode is one setting for the whole DaemonSet.
 */
async function proxyModeOf(
  hosts: readonly Host[],
  signal: AbortSignal,
  warn: (message: string) => void,
): Promise<string> {
  const reasons: string[] = [];
  for (const host of hosts) {
    try {
      const result = await host.exec(['curl', '-s', '-m', '3', 'http://localhost:10249/proxyMode'], {
        signal,
        timeoutMs: 10_000,
      });
      const mode = result.stdout.trim();
      if (result.exitCode === 0 && /^[a-z]+$/.test(mode)) return mode;
      reasons.push(`${host.name}: kube-proxy did not say its mode (curl exit ${result.exitCode ?? 'lost'})`);
    } catch (error) {
      if (signal.aborted) throw error;
      reasons.push(messageOf(error));
    }
  }
  signal.throwIfAborted();
  warn(`the proxy mode is unknown: ${reasons.join('; ')}`);
  return 'unknown';
}
