import { join } from 'node:path';
import envPaths from 'env-paths';

/** The namespace that is the rack's LAN and the operator's place on it (192.168.66.1). */
export const RACK_NETNS = 'pilab-lan';

/** Where the rack keeps its things. */
export interface RackPaths {
  /** Artefacts that survive `rack down`: binaries, images, root file systems. */
  readonly cache: string;
  /** The lab file and what belongs to it; readable by its owner only. */
  readonly dir: string;
  readonly labFile: string;
  readonly kubeconfig: string;
  readonly knownHosts: string;
  readonly key: string;
  /** A kubectl of the cluster's own version. */
  readonly kubectl: string;
  /** What the running nodes write to; on the cache's file system, so that artefacts can be hard links there. */
  readonly nodes: string;
  /** Pid files, logs and mount points of a running rack. */
  readonly run: string;
}

/** All paths of the rack; nothing is made or read. */
export function rackPaths(): RackPaths {
  const { cache, data } = envPaths('pilab', { suffix: '' });
  const rackCache = join(cache, 'rack');
  const dir = join(data, 'rack');
  return {
    cache: rackCache,
    dir,
    labFile: join(dir, 'lab.yaml'),
    kubeconfig: join(dir, 'kubeconfig'),
    knownHosts: join(dir, 'known_hosts'),
    key: join(dir, 'id_ed25519'),
    kubectl: join(rackCache, 'bin', 'kubectl'),
    nodes: join(rackCache, 'nodes'),
    run: '/run/pilab-rack',
  };
}
