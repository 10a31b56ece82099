import { mergeTargets, type ProxyRules, type RuleTarget, type ServiceRule } from './service-rules.js';

/** Maps whose elements catch packets, and where an element without a chain says its Service. */
const SERVICE_MAPS = ['service-ips', 'no-endpoint-services'];
const NODE_PORT_MAPS = ['service-nodeports', 'no-endpoint-nodeports'];

/** `10.96.0.201 . tcp . 8080 : goto service-…`, with a comment or counters before the colon; node ports have no address. */
const ELEMENT =
  /(?:(\d+\.\d+\.\d+\.\d+) \. )?\b(tcp|udp|sctp) \. (\d+)(?: counter packets \d+ bytes \d+)?(?: comment "([^"]*)")? : (goto (\S+?)|drop)(?=[\s,}]|$)/g;

/** Kind, hash and `namespace/service/protocol/port name` of a chain; an unnamed port leaves a trailing slash. */
const CHAIN = /^[a-z]+-[A-Z0-9]{8}-([^/]+\/[^/]+)\/[^/]+\/(.*)$/;

/**
 * Reads the rules of kube-proxy in nftables mode from `nft list table ip kube-proxy`, or from one of its maps; claims C03
 * to C05 and B12, shapes as captured from Kubernetes 1.34. Never throws; what it does not know is passed over.
 */
export function parseNftRules(text: string): ProxyRules {
  const blocks = blocksOf(text);
  const chains = new Map(blocks.filter(({ kind }) => kind === 'chain').map(({ name, body }) => [name, body]));
  const rules = blocks
    .filter(({ kind, name }) => kind === 'map' && [...SERVICE_MAPS, ...NODE_PORT_MAPS].includes(name))
    .flatMap(({ name, body }) =>
      [...body.matchAll(ELEMENT)].flatMap((element) => ruleOf(element, NODE_PORT_MAPS.includes(name), chains)),
    );
  return { found: /^table ip kube-proxy \{/m.test(text), rules };
}

interface Block {
  readonly kind: string;
  readonly name: string;
  readonly body: string;
}

/** Maps and chains by their indentation of one tab. */
function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^\t(map|chain) (\S+) \{\n([^]*?)^\t\}/gm)].map(([, kind = '', name = '', body = '']) => ({
    kind,
    name,
    body,
  }));
}

function ruleOf(element: RegExpMatchArray, nodePort: boolean, chains: ReadonlyMap<string, string>): ServiceRule[] {
  const [, address, protocol = '', port, comment, verdict = '', chain] = element;
  if (nodePort !== (address === undefined)) return [];
  const target = chain ?? '';
  const [, service, portName = ''] = CHAIN.exec(target) ?? /^([^/\s]+\/[^:\s]+)(?::(\S+))?$/.exec(comment ?? '') ?? [];
  if (service === undefined) return [];
  const at = { service, portName, protocol, port: Number(port), ...(address === undefined ? {} : { address }) };
  if (verdict === 'drop') return [{ ...at, does: 'drop', targets: [] }];
  if (target === 'reject-chain') return [{ ...at, does: 'reject', targets: [] }];
  return [{ ...at, does: 'balance', targets: mergeTargets(targetsOf(target, chains, 1)) }];
}

/** Follows a chain: `numgen` shares evenly among its slots, a bare `goto` takes the rest; shortcuts for some clients are passed over. */
function targetsOf(chain: string, chains: ReadonlyMap<string, string>, share: number, depth = 0): RuleTarget[] {
  const body = chains.get(chain) ?? '';
  const rewritten = /\bdnat to (\S+)/.exec(body)?.[1];
  if (rewritten !== undefined) return [{ destination: rewritten, chance: share }];
  if (depth > 4) return [];
  const [, slots, vmap = ''] = /^\s*numgen random mod (\d+) vmap \{([^}]*)\}/m.exec(body) ?? [];
  if (slots !== undefined) {
    const next = [...vmap.matchAll(/\d+ : goto ([^\s,]+)/g)].map(([, name = '']) => name);
    return next.flatMap((name) => targetsOf(name, chains, share / Number(slots), depth + 1));
  }
  const rest = /^\s*goto (\S+)$/m.exec(body)?.[1];
  return rest === undefined ? [] : targetsOf(rest, chains, share, depth + 1);
}
