import { parse } from 'yaml';
import { serviceCidr } from '../model/node.js';
import { Rejection, type Cluster } from '../ports/cluster.js';

/** The networks of the cluster as it was made. Undefined: not to be found out. */
export interface ClusterNetwork {
  /** Address of the cluster's DNS Service. */
  readonly dns: string | undefined;
  readonly domain: string;
  readonly serviceCIDR: string | undefined;
  readonly podCIDR: string | undefined;
}

const known = new WeakMap<Cluster, Promise<ClusterNetwork>>();

/** Reads it once a cluster: none of this changes while a run lasts. */
export function clusterNetwork(cluster: Cluster, signal: AbortSignal): Promise<ClusterNetwork> {
  const already = known.get(cluster);
  if (already !== undefined) return already;
  const reading = readNetwork(cluster, signal);
  reading.catch(() => known.delete(cluster));
  known.set(cluster, reading);
  return reading;
}

/** kubeadm keeps what it was given in a ConfigMap; ServiceCIDR objects (GA 1.33) say the same of the service range. */
async function readNetwork(cluster: Cluster, signal: AbortSignal): Promise<ClusterNetwork> {
  const namespace = 'kube-system';
  const [dns, config, range] = await Promise.all([
    cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name: 'kube-dns' }, signal),
    cluster.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'kubeadm-config' }, signal),
    serviceRange(cluster, signal),
  ]);
  const text = (config?.['data'] as { readonly ClusterConfiguration?: string } | undefined)?.ClusterConfiguration;
  const networking =
    (parse(text ?? '{}') as { readonly networking?: Record<string, string | undefined> }).networking ?? {};
  return {
    dns: (dns?.['spec'] as { readonly clusterIP?: string } | undefined)?.clusterIP,
    domain: networking['dnsDomain'] ?? 'cluster.local',
    serviceCIDR: range ?? networking['serviceSubnet'],
    podCIDR: networking['podSubnet'],
  };
}

async function serviceRange(cluster: Cluster, signal: AbortSignal): Promise<string | undefined> {
  try {
    return serviceCidr(await cluster.list({ apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR' }, signal));
  } catch (error) {
    // Before 1.33 there is no such kind; kubeadm's own notes serve as well.
    if (error instanceof Rejection && error.status === 404) return undefined;
    throw error;
  }
}
