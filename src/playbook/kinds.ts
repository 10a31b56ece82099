/** A kind of object, by the short word that playbooks use for it. */
export interface KindWord {
  readonly apiVersion: string;
  readonly kind: string;
  /** Such objects live outside namespaces, so no manifest of a playbook makes them. @default false */
  readonly clusterWide?: boolean;
}

/** The short words that playbooks use for kinds, as kubectl knows them. */
export const KINDS: Readonly<Record<string, KindWord | undefined>> = {
  service: { apiVersion: 'v1', kind: 'Service' },
  pod: { apiVersion: 'v1', kind: 'Pod' },
  configmap: { apiVersion: 'v1', kind: 'ConfigMap' },
  secret: { apiVersion: 'v1', kind: 'Secret' },
  endpoints: { apiVersion: 'v1', kind: 'Endpoints' },
  node: { apiVersion: 'v1', kind: 'Node', clusterWide: true },
  namespace: { apiVersion: 'v1', kind: 'Namespace', clusterWide: true },
  deployment: { apiVersion: 'apps/v1', kind: 'Deployment' },
  statefulset: { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  daemonset: { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  replicaset: { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  endpointslice: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
  ingress: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  networkpolicy: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  ipaddress: { apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', clusterWide: true },
  servicecidr: { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', clusterWide: true },
};

/** All short words. */
export const KIND_WORDS: readonly string[] = Object.keys(KINDS);

/** The short word of a manifest's kind, e.g. `service` for `Service`; kinds without one give their name in lower case. */
export function kindWord(kind: string): string {
  return kind.toLowerCase();
}

/** Is it `kind/name` with a kind that playbooks know? */
export function isObjectName(text: string): boolean {
  const [word, name = ''] = /^([a-z]+)\/(\S+)$/.exec(text)?.slice(1) ?? [];
  return word !== undefined && name !== '' && KINDS[word] !== undefined;
}
