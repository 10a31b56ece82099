import { dirname, isAbsolute } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Host } from '../ports/host.js';
import { type PilabError, messageOf } from '../errors.js';
import { clusterError } from './errors.js';

/** What is needed to reach an API server. */
export interface ClusterAccess {
  /** A kubeconfig's text. */
  readonly kubeconfig: string;
  /** @default the kubeconfig's current context */
  readonly context?: string;
  /** The API server is reached at this port of 127.0.0.1 (an SSH tunnel); its certificate is still checked for its own name. */
  readonly server?: { readonly port: number };
  /** Where the kubeconfig came from, for messages; an absolute path is also what its relative paths start from. */
  readonly source: string;
}

/**
 * Fills a KubeConfig, and finds out now whether its credentials can be used.
 * @throws PilabError `KUBECONFIG_INVALID`
 */
export async function fillConfig(config: KubeConfig, access: ClusterAccess): Promise<KubeConfig> {
  const { kubeconfig, context, server, source } = access;
  parse(config, kubeconfig, source);
  if (isAbsolute(source)) config.makePathsAbsolute(dirname(source));
  choose(config, context, source);
  if (server !== undefined) redirect(config, server.port);
  try {
    const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
    await config.applyToHTTPSOptions(options);
    createSecureContext(options);
  } catch (error) {
    throw invalid(source, `its credentials cannot be used: ${messageOf(error)}`, error);
  }
  return config;
}

function parse(config: KubeConfig, text: string, source: string): void {
  try {
    config.loadFromString(text);
  } catch (error) {
    // The YAML parser's message quotes the file, which holds keys: neither the message nor the error is passed on.
    const { reason, mark } = error as { readonly reason?: unknown; readonly mark?: { readonly line: number } };
    const detail = typeof reason === 'string' ? `: ${reason}` : '';
    throw invalid(source + (mark === undefined ? '' : `:${mark.line + 1}`), `not a kubeconfig${detail}`);
  }
}

function choose(config: KubeConfig, context: string | undefined, source: string): void {
  const names = config.getContexts().map(({ name }) => name);
  const known = names.length === 0 ? 'it has no contexts' : `it has: ${names.join(', ')}`;
  if (context !== undefined) config.setCurrentContext(context);
  const current = config.getCurrentContext();
  const chosen = config.getContextObject(current);
  if (chosen === null) {
    throw invalid(source, current ? `no context "${current}"; ${known}` : `no context is chosen; ${known}`);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw invalid(source, `context "${current}" names the cluster "${chosen.cluster}", which is missing`);
  if (config.getCurrentUser() === null) {
    throw invalid(source, `context "${current}" names the user "${chosen.user}", who is missing`);
  }
  if (!URL.canParse(cluster.server) || !/^https?:/.test(cluster.server)) {
    throw invalid(source, `"${cluster.server}" is no address of a server, such as https://192.168.66.11:6443`);
  }
}

function redirect(config: KubeConfig, port: number): void {
  const cluster = config.getCurrentCluster();
  if (cluster === null) return;
  const url = new URL(cluster.server);
  const tlsServerName = cluster.tlsServerName ?? url.hostname.replace(/^\[|\]$/g, '');
  const server = `${url.protocol}//127.0.0.1:${port}${url.pathname}`;
  config.clusters = config
    .getClusters()
    .map((each) => (each.name === cluster.name ? { ...cluster, server, tlsServerName } : each));
}

function invalid(place: string, reason: string, cause?: unknown): PilabError {
  const hint = 'try it with: kubectl --kubeconfig FILE get nodes';
  return clusterError('KUBECONFIG_INVALID', `${place}: ${reason}`, { hint, cause });
}

/**
 * The kubeconfig of a control plane, read there as root.
 * @throws PilabError `KUBECONFIG_MISSING`; the host's own errors
 */
export async function fetchKubeconfig(host: Host, path: string, signal?: AbortSignal): Promise<string> {
  const result = await host.exec(['cat', path], { sudo: true, ...(signal === undefined ? {} : { signal }) });
  if (result.exitCode === 0 && result.stdout.trim() !== '') return result.stdout;
  const reason =
    result.exitCode === 0 ? 'it is empty' : result.stderr.trim() || `cat ended with ${result.exitCode ?? 'no status'}`;
  throw clusterError('KUBECONFIG_MISSING', `${host.name}: cannot read ${path}: ${reason}`, {
    hint: 'kubeadm init writes it on the control plane; another place is named by cluster.remoteKubeconfig in the lab file',
  });
}
