import { mergeTargets, type ProxyRules, type RuleTarget, type ServiceRule } from './service-rules.js';

/** One `-A` line of `iptables-save`, as far as kube-proxy's rules go. */
interface Line {
  readonly table: string;
  readonly chain: string;
  /** Option → its value; `! -s` is kept as `!-s`. Options without a value are there with an empty text. */
  readonly options: ReadonlyMap<string, string>;
  /** Names after `-m`. */
  readonly matches: ReadonlySet<string>;
}

/** Chains through which kube-proxy passes a packet on: cluster-wide or local choice, external traffic, source ranges, endpoint. */
const PASSES_ON = /^KUBE-(SVC|SVL|EXT|FW|SEP)-/;

/** Where packets to a Service are caught; the REJECT and DROP rules of Services without endpoints stand in table filter. */
const CATCHERS = new Set(['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES', 'KUBE-NODEPORTS']);

/**
 * Reads the rules of kube-proxy in iptables mode from `iptables-save` (one table or all); claims C03 to C05 and B12, shapes
 * as captured from Kubernetes 1.34. Which Service a rule belongs to stands in its comment: `ns/name:port name cluster IP`.
 * Never throws; lines that it does not know are passed over.
 */
export function parseIptablesRules(text: string): ProxyRules {
  const lines = linesOf(text);
  const chains = new Map<string, Line[]>();
  for (const line of lines.filter(({ table }) => table === 'nat')) {
    const known = chains.get(line.chain);
    if (known === undefined) chains.set(line.chain, [line]);
    else known.push(line);
  }
  const rules = lines.filter(({ chain }) => CATCHERS.has(chain)).flatMap((line) => ruleOf(line, chains));
  return { found: /^(:|-A )KUBE-SERVICES /m.test(text), rules };
}

function linesOf(text: string): Line[] {
  let table = '';
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1).trim();
    if (!line.startsWith('-A ')) return [];
    // Quoted texts are comments, whose quotes and backslashes iptables-save escapes.
    const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const options = new Map<string, string>();
    const matches = new Set<string>();
    for (let at = 2; at < words.length; at++) {
      const negated = words[at] === '!';
      const option = words[negated ? ++at : at] ?? '';
      if (!option.startsWith('-')) continue;
      const value = words[at + 1] ?? '';
      const valued = value !== '' && value !== '!' && !/^--?[a-z]/.test(value);
      if (valued) at++;
      if (option === '-m') matches.add(value);
      else options.set(`${negated ? '!' : ''}${option}`, valued ? value : '');
    }
    return [{ table, chain: words[1] ?? '', options, matches }];
  });
}

function ruleOf({ table, options, matches }: Line, chains: ReadonlyMap<string, Line[]>): ServiceRule[] {
  const [, service, portName = ''] = /^([^/\s]+\/[^:\s]+)(?::(\S+))?/.exec(options.get('--comment') ?? '') ?? [];
  const [protocol, jump, to] = [options.get('-p'), options.get('-j') ?? '', options.get('-d')];
  const port = Number(options.get('--dport'));
  // Node ports have a second rule only to count what comes over 127.0.0.0/8.
  if (service === undefined || protocol === undefined || !(port > 0) || matches.has('nfacct')) return [];
  const at = { service, portName, protocol, port, ...(to === undefined ? {} : { address: to.replace('/32', '') }) };
  if (table === 'nat' && PASSES_ON.test(jump)) {
    return [{ ...at, does: 'balance', targets: mergeTargets(targetsOf(jump, chains, 1)) }];
  }
  const does = { REJECT: 'reject', DROP: 'drop' }[jump] as 'reject' | 'drop' | undefined;
  return does === undefined ? [] : [{ ...at, does, targets: [] }];
}

/** Follows a chain in order: each rule takes its probability of what the rules before it have left. */
function targetsOf(chain: string, chains: ReadonlyMap<string, Line[]>, share: number, depth = 0): RuleTarget[] {
  const found: RuleTarget[] = [];
  let left = share;
  for (const { options, matches } of chains.get(chain) ?? []) {
    const jump = options.get('-j') ?? '';
    const destination = options.get('--to-destination');
    if (jump === 'DNAT' && destination !== undefined) return [...found, { destination, chance: left }];
    if (!PASSES_ON.test(jump) || depth > 4 || isForSome(chain, options, matches)) continue;
    const taken = left * Number(options.get('--probability') ?? 1);
    found.push(...targetsOf(jump, chains, taken, depth + 1));
    left -= taken;
    if (left <= 0) break;
  }
  return found;
}

/** A shortcut for some clients only: remembered ones (affinity), pods and the node itself (externalTrafficPolicy Local). */
function isForSome(chain: string, options: Line['options'], matches: Line['matches']): boolean {
  if (matches.has('recent')) return true;
  // In a firewall chain the source is the very condition under which the Service answers (loadBalancerSourceRanges).
  return !chain.startsWith('KUBE-FW-') && (options.has('-s') || options.has('!-s') || matches.has('addrtype'));
}
