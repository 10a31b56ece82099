/** One destination that the service proxy of a node catches for a Service, and what happens to its packets there. */
export interface ServiceRule {
  /** `namespace/name`. */
  readonly service: string;
  /** Name of the Service's port; empty when it has none. */
  readonly portName: string;
  /** `tcp`, `udp`, `sctp`. */
  readonly protocol: string;
  /** Cluster IP, external IP or load balancer address; undefined for a node port, caught on the node's own addresses. */
  readonly address?: string;
  readonly port: number;
  /** `reject` answers "refused", `drop` is silence: nobody (or nobody on this node) is there to send to. */
  readonly does: 'balance' | 'reject' | 'drop';
  /** Where new connections go, as outside clients without a remembered affinity see it; empty unless `balance`. */
  readonly targets: readonly RuleTarget[];
}

/** One endpoint that a rule sends to. */
export interface RuleTarget {
  /** `10.244.1.5:80`, what the packet's destination is rewritten to. */
  readonly destination: string;
  /** Share of the new connections, 0 to 1. */
  readonly chance: number;
}

/** What a reader made of a node's rules. */
export interface ProxyRules {
  /** False: the text holds nothing of the service proxy at all (another mode, flushed rules, a wrong command). */
  readonly found: boolean;
  readonly rules: readonly ServiceRule[];
}

/** The reader for a proxy mode, as kube-proxy says it (claim C02). */
export type RulesReader = (text: string) => ProxyRules;

/** Adds up the chances of targets that are reached in several ways. */
export function mergeTargets(targets: readonly RuleTarget[]): RuleTarget[] {
  const chances = new Map<string, number>();
  for (const { destination, chance } of targets) chances.set(destination, (chances.get(destination) ?? 0) + chance);
  return [...chances]
    .map(([destination, chance]) => ({ destination, chance }))
    .sort((a, b) => a.destination.localeCompare(b.destination));
}
