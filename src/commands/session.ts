import { readFile } from 'node:fs/promises';
import type { Lab } from '../lab/lab.js';
import type { Wires } from '../run/run.js';
import { PilabError } from '../errors.js';
import type { Prompt } from '../ssh/prompt.js';
import type { Hosts } from '../ssh/connections.js';
import { terminalPrompt } from './prompt.js';

/** The hosts of a lab over SSH; none of them is connected yet. */
export async function openHosts(lab: Lab, prompt: Prompt): Promise<Hosts> {
  const { connectHosts } = await import('../ssh/connections.js');
  return connectHosts(lab, { prompt, env: process.env });
}

/**
 * The two wires of a lab, SSH and the Kubernetes API; a host is connected when first used. The signal ends the connecting
 * only: a tunnel to the API server must outlive an interrupt, or nothing could be cleaned up.
 * @param by connections of somebody else, which stay open when the session is closed, or who asks what SSH and sudo want to
 * know @default connections of its own, and the person at the terminal
 * @throws PilabError, with everything closed again
 */
export async function openSession(
  lab: Lab,
  signal?: AbortSignal,
  by: { readonly shared: Hosts } | { readonly prompt: Prompt } = { prompt: terminalPrompt() },
): Promise<Wires> {
  const shared = 'shared' in by ? by.shared : undefined;
  const [hosts, { operatorHost }, { connectCluster, fetchKubeconfig }] = await Promise.all([
    'shared' in by ? by.shared : openHosts(lab, by.prompt),
    import('../ssh/operator.js'),
    import('../cluster/connect.js'),
  ]);
  const closeHosts = (): void => {
    if (shared === undefined) hosts.close();
  };
  try {
    const { kubeconfig, remoteKubeconfig, context, via } = lab.cluster;
    const controlPlane = lab.hosts.find((host) => host.role === 'control-plane');
    if (controlPlane === undefined) {
      throw new PilabError({ code: 'LAB_INVALID', message: `${lab.file}: no host has the role control-plane` });
    }
    const text =
      kubeconfig === undefined
        ? await fetchKubeconfig(hosts.host(controlPlane.name), remoteKubeconfig, signal)
        : await readFile(kubeconfig, 'utf8');
    signal?.throwIfAborted();
    const server = via === 'tunnel' ? await hosts.openTunnel(controlPlane.name, '127.0.0.1', 6443) : undefined;
    const cluster = await connectCluster({
      kubeconfig: text,
      ...(context === undefined ? {} : { context }),
      ...(server === undefined ? {} : { server }),
      source: kubeconfig ?? `${controlPlane.name}:${remoteKubeconfig}`,
    });
    return {
      cluster,
      host: (name) => hosts.host(name),
      operator: operatorHost(),
      close: () => {
        cluster.close();
        server?.close();
        closeHosts();
      },
    };
  } catch (error) {
    closeHosts();
    throw error;
  }
}
