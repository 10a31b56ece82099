import type { Cluster } from '../ports/cluster.js';
import { type ClusterAccess, fillConfig } from './kubeconfig.js';

export { type ClusterAccess, fetchKubeconfig } from './kubeconfig.js';

/**
 * A Cluster for a kubeconfig; the server is not asked yet. client-node is loaded here and nowhere else: it takes a third
 * of a second (more on a Pi), nearly all of it for generated classes that its KubeConfig drags in; only commands with a
 * cluster pay that.
 * @throws PilabError `KUBECONFIG_INVALID`
 */
export async function connectCluster(access: ClusterAccess): Promise<Cluster> {
  const [{ KubeConfig }, { ApiCluster }] = await Promise.all([
    import('@kubernetes/client-node'),
    import('./api-cluster.js'),
  ]);
  return new ApiCluster(await fillConfig(new KubeConfig(), access), access.source);
}
