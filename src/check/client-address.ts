import { podNetworkAddresses, type NodeNetwork } from '../model/node.js';
import type { Request } from '../probe/observation.js';

/** Live facts that say who a client may be. */
export interface ClientContext {
  /** The probe's own address in the pod network; undefined for hosts and the operator: then the one that curl sent from. */
  readonly probeIp?: string | undefined;
  /** The node where the probe ran. */
  readonly node?: string | undefined;
  /** The nodes of the cluster. */
  readonly nodes?: readonly NodeNetwork[] | undefined;
}

/** Words of `client` and `forwardedFor`; anything else is an address. */
const WORDS = ['probe', 'node', 'entry', 'anyNode'];

/** What a word for a client stands for, in a finding; undefined for an address. */
export function clientWord(client: string): string | undefined {
  if (!WORDS.includes(client)) return undefined;
  return client === 'anyNode' ? 'any node' : `the ${client}`;
}

/** The addresses that a request's client may have by this word; none when they are not known. */
export function clientAddresses(client: string, request: Request, context: ClientContext): string[] {
  const { probeIp, node, nodes = [] } = context;
  switch (client) {
    case 'probe':
      return [probeIp ?? request.local ?? ''].filter(Boolean);
    case 'node':
      return nodes.filter(({ name }) => name === node).flatMap(podNetworkAddresses);
    case 'entry': {
      const entry = entryNode(request.url, nodes);
      return entry === undefined ? [] : podNetworkAddresses(entry);
    }
    case 'anyNode':
      return nodes.flatMap(podNetworkAddresses);
    default:
      return [client];
  }
}

/** The node whose LAN address a URL has: where a packet from outside enters the cluster. */
export function entryNode<N extends NodeNetwork>(url: string, nodes: readonly N[]): N | undefined {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return nodes.find(({ address }) => address !== '' && address === host);
}
