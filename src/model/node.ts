import { formatAddress, parseCidr } from './cidr.js';
import type { LiveObject } from './object.js';

/** A node as far as the pod network goes. */
export interface NodeNetwork {
  readonly name: string;
  readonly podCIDR: string;
  /** The node's address in the LAN (InternalIP). */
  readonly address: string;
}

/**
 * Addresses under which a pod may see traffic that starts on this node: flannel.1 (the segment's first address) towards
 * other nodes, cni0 (the second) towards its own pods, the LAN address with host-gw routes (claims A05, G11).
 */
export function podNetworkAddresses({ podCIDR, address }: Pick<NodeNetwork, 'podCIDR' | 'address'>): string[] {
  const range = parseCidr(podCIDR);
  const own = range === undefined ? [] : [formatAddress(range.network), formatAddress(range.network + 1)];
  return [...own, ...(address === '' ? [] : [address])];
}

/** The first IPv4 range of ServiceCIDR objects (networking.k8s.io/v1, Kubernetes 1.33), or undefined. */
export function serviceCidr(serviceCidrs: readonly LiveObject[]): string | undefined {
  const default_ = serviceCidrs.find((each) => each.metadata?.name === 'kubernetes') ?? serviceCidrs[0];
  const spec = default_?.['spec'] as { readonly cidrs?: readonly string[] } | undefined;
  return spec?.cidrs?.find((cidr) => parseCidr(cidr) !== undefined);
}

/** Words for a node by its part in the cluster; node names have no capitals, so they never mean a node's name. */
export const NODE_PARTS = ['controlPlane', 'workerA', 'workerB'] as const;
export type NodePart = (typeof NODE_PARTS)[number];

/** The first control plane, the first or the second worker among the ready nodes, by name; undefined: there is none. */
export function nodeByPart<N extends { readonly name: string; readonly role: string; readonly ready: boolean }>(
  part: NodePart,
  { nodes }: { readonly nodes: readonly N[] },
): N | undefined {
  const ready = nodes.filter((node) => node.ready).sort((a, b) => a.name.localeCompare(b.name));
  if (part === 'controlPlane') return ready.find(({ role }) => role === 'control-plane');
  return ready.filter(({ role }) => role === 'worker')[part === 'workerA' ? 0 : 1];
}
