import type { Finding } from '../event/event.js';
import { parseAddress } from '../model/cidr.js';
import { endpointsOf } from '../model/endpoints.js';
import type { LiveObject } from '../model/object.js';
import type { CommandExpectation } from '../playbook/schema.js';
import { parseIptablesRules } from '../probe/iptables-rules.js';
import { parseNftRules } from '../probe/nft-rules.js';
import type { ProxyRules, RulesReader, RuleTarget, ServiceRule } from '../probe/service-rules.js';
import type { Text } from '../text.js';
import { few, finding, judged, undecided, type Judged } from './judged.js';
import { nextRules } from './next.js';

/** The `rules` of a run expectation. */
export type RulesExpectation = NonNullable<CommandExpectation['rules']>;

/** Live objects that rules are set against. */
export interface RulesView {
  /** `namespace/name`, as the rules name it. */
  readonly name: string;
  /** Undefined when it does not exist (any more). */
  readonly service: LiveObject | undefined;
  readonly slices: readonly LiveObject[];
  /** As kube-proxy says it. */
  readonly proxyMode: string;
}

/** One reader a proxy mode. There is none for ipvs: no kernel to try it on (observed.md part 3). */
const READERS: Readonly<Record<string, RulesReader | undefined>> = {
  iptables: parseIptablesRules,
  nftables: parseNftRules,
};

/** Probabilities are printed with eleven digits. */
const SAME_CHANCE = 1e-6;

const WHY = {
  noRules: {
    en: 'This node has no rules of kube-proxy at all: it does not run there, runs in another mode, or somebody flushed them.',
    ja: 'このノードに kube-proxy のルールがまったくありません。動いていないか、別のモードか、ルールが消されています。',
  },
  notCaught: {
    en: 'No rule of this node catches that destination: its kube-proxy has not caught up, or does not run.',
    ja: 'このノードにこの宛先を捕まえるルールがありません。kube-proxy が未反映か、動いていません。',
  },
  targets: {
    en: 'The rules of this node send elsewhere than the EndpointSlices say: its kube-proxy is stale, or somebody changed the rules.',
    ja: 'このノードのルールの送り先が EndpointSlice と違います。kube-proxy の反映が止まっているか、ルールが変更されています。',
  },
  chances: {
    en: 'The endpoints do not have equal chances in these rules: kube-proxy never writes that, somebody changed them.',
    ja: 'このルールではエンドポイントの確率が均等ではありません。kube-proxy はこう書かないので、ルールが変更されています。',
  },
  remains: {
    en: 'This node still catches the Service although it should not: its kube-proxy has not caught up, or does not run.',
    ja: 'このノードに、無いはずの Service のルールが残っています。kube-proxy が未反映か、動いていません。',
  },
  differs: {
    en: 'kube-proxy writes the same rules on every node; the odd one is behind, or its rules were changed by hand.',
    ja: 'kube-proxy はどのノードにも同じルールを書きます。異なるノードは反映が遅れているか、手で変更されています。',
  },
  rejects: {
    en: 'The rule that answers for a Service without endpoints is missing: kube-proxy on this node has not caught up or does not run, or it still knows an endpoint.',
    ja: 'エンドポイントの無い Service を拒否するルールがありません。このノードの kube-proxy が未反映か停止中、またはまだエンドポイントを保持しています。',
  },
} satisfies Record<string, Text>;

/** The rules of a node about one Service beside what the live objects ask for (claims C03 to C05, C07, F07, K12, L07). */
export function rulesFindings(expect: RulesExpectation, stdout: string, view: RulesView): Finding[] {
  const read = readRules(stdout, view.proxyMode);
  if (read === undefined) return [noReader('rules', view)];
  const own = rulesOf(read, view.name);
  if (expect.are === 'none') {
    const expected = `nothing about ${view.name}`;
    // An empty text would say "nothing" about everything.
    if (!read.found) return [undecided('rules', expected, 'no rules of the service proxy at all', WHY.noRules)];
    return [finding('rules', expected, few(own.map(ruleWords)), own.length === 0, WHY.remains)];
  }
  const { service, slices } = view;
  const wanted = service === undefined ? [] : wantedRules(service, slices);
  if (service === undefined || wanted.length === 0) {
    return [undecided('rules', `rules for ${view.name}`, `${view.name} has no cluster IP with a port now`)];
  }
  if (!read.found) {
    return [finding('rules', `rules for ${view.name}`, 'no rules of the service proxy at all', false, WHY.noRules)];
  }
  return wanted.flatMap((port) => {
    if (port.destinations.length === 0) {
      return [undecided('rules', `rules for ${view.name}`, `port ${port.port} has no ready endpoint now`)];
    }
    const external = [
      ...(expect.addresses ?? []).map((address) => ({ address, port: port.port })),
      ...(expect.nodePorts === true && port.nodePort !== undefined ? [{ port: port.nodePort }] : []),
    ];
    return [
      ...balanceFindings({ address: port.clusterIP, port: port.port }, port, own),
      ...external.flatMap((at) => (port.local ? [caughtFinding(at, port, own)] : balanceFindings(at, port, own))),
    ];
  });
}

/** Every TCP port of the Service's address must be rejected for want of endpoints (claim B12). */
export function rejectsFinding(stdout: string, view: RulesView): Finding {
  const read = readRules(stdout, view.proxyMode);
  if (read === undefined) return noReader('rejects', view);
  const spec = view.service?.['spec'] as ServiceSpec | undefined;
  const address = spec?.clusterIP ?? '';
  const ports = (spec?.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP').map(({ port }) => port);
  if (parseAddress(address) === undefined || ports.length === 0) {
    return undecided('rejects', view.name, `${view.name} has no address with a TCP port now`);
  }
  const seen = read.rules
    .filter((rule) => rule.does === 'reject' && rule.protocol === 'tcp' && rule.address === address)
    .map(({ port }) => port)
    .sort((a, b) => a - b);
  const words = (list: readonly number[]): string => few(list.map((port) => `${address}:${port} rejected`));
  const ok = ports.every((port) => seen.includes(port));
  return finding('rejects', words(ports), seen.length === 0 ? 'no such rule' : words(seen), ok, WHY.rejects);
}

/** One place's rules; no text: it could not be read. */
export interface PlaceRules {
  readonly place: string;
  readonly node: string | undefined;
  readonly stdout: string | undefined;
}

/** All places must have the same rules about a Service (claim C06; not so with a policy `Local`, where each node has its own). */
export function judgeSameRules(name: string, proxyMode: string, places: readonly PlaceRules[]): Judged {
  const what = 'same everywhere';
  const expected = `the same rules at ${places.length} places`;
  const unread = places.filter(({ stdout }) => stdout === undefined || readRules(stdout, proxyMode) === undefined);
  if (unread.length > 0) {
    return judged([undecided(what, expected, `no rules could be read at ${few(unread.map(({ place }) => place))}`)]);
  }
  if (places.length < 2)
    return judged([undecided(what, 'the same rules at several places', 'there is one place only')]);
  const groups = new Map<string, PlaceRules[]>();
  for (const each of places) {
    const digest = rulesOf(readRules(each.stdout ?? '', proxyMode) ?? { found: false, rules: [] }, name)
      .map(ruleWords)
      .sort()
      .join('; ');
    groups.set(digest, [...(groups.get(digest) ?? []), each]);
  }
  const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const observed = sorted.map(([digest, at]) => `${few(at.map(({ place }) => place))}: ${digest || 'no rule'}`);
  const same = sorted.length === 1;
  // The odd ones out are where to look.
  const odd = sorted.slice(1).flatMap(([, at]) => at);
  return judged([finding(what, expected, same ? expected : observed.join(' | '), same, WHY.differs)], () =>
    nextRules({ node: odd[0]?.node, service: name, proxyMode }),
  );
}

/** The lines of a dump that are about a Service: all of it is too long to be evidence. */
export function linesAbout(name: string, text: string): string {
  // In comments, in names of chains, and between the columns of a list; not as the beginning of a longer name.
  const whole = new RegExp(String.raw`["\s-]${name}(?=["\s:/])`);
  const own = text.split('\n').filter((line) => whole.test(line));
  return own.length === 0 ? `no line about ${name}` : own.map((line) => line.trim()).join('\n');
}

function readRules(stdout: string, proxyMode: string): ProxyRules | undefined {
  return READERS[proxyMode]?.(stdout);
}

function noReader(what: string, { name, proxyMode }: RulesView): Finding {
  return undecided(what, `rules for ${name}`, `the rules of proxy mode ${proxyMode} cannot be read`);
}

function rulesOf({ rules }: ProxyRules, name: string): ServiceRule[] {
  return rules.filter(({ service }) => service === name);
}

interface Wanted {
  readonly clusterIP: string;
  readonly port: number;
  readonly protocol: string;
  readonly nodePort: number | undefined;
  /** From outside only pods of the node itself answer, so its rules differ from those of other nodes. */
  readonly local: boolean;
  /** `10.244.1.5:80`, sorted. */
  readonly destinations: readonly string[];
}

function wantedRules(service: LiveObject, slices: readonly LiveObject[]): Wanted[] {
  const spec = service['spec'] as ServiceSpec | undefined;
  const clusterIP = spec?.clusterIP ?? '';
  if (parseAddress(clusterIP) === undefined) return [];
  const endpoints = endpointsOf(slices, service.metadata?.name ?? '');
  return (spec?.ports ?? []).map(({ name = '', port, protocol = 'TCP', nodePort }) => ({
    clusterIP,
    port,
    protocol: protocol.toLowerCase(),
    nodePort,
    local: spec?.externalTrafficPolicy === 'Local',
    destinations: endpoints
      .flatMap((endpoint) =>
        endpoint.ports
          .filter((each) => each.name === name && each.protocol === protocol)
          .map((each) => `${endpoint.address}:${each.port}`),
      )
      .sort((a, b) => a.localeCompare(b)),
  }));
}

/** A destination as rules name it; without an address a node port. */
interface At {
  readonly address?: string;
  readonly port: number;
}

function find(at: At, { protocol }: Wanted, own: readonly ServiceRule[]): ServiceRule | undefined {
  const here = own.filter((rule) => rule.address === at.address && rule.port === at.port && rule.protocol === protocol);
  return here.find(({ does }) => does === 'balance') ?? here[0];
}

/** Caught, sent to exactly the endpoints, with equal chances. */
function balanceFindings(at: At, wanted: Wanted, own: readonly ServiceRule[]): Finding[] {
  const rule = find(at, wanted, own);
  const caught = caughtFinding(at, wanted, own);
  if (rule === undefined) return [caught];
  const seen = rule.targets.map(({ destination }) => destination);
  const ok = seen.join(' ') === wanted.destinations.join(' ');
  const targets = finding(
    'targets',
    few(wanted.destinations),
    rule.does === 'balance' ? few(seen) : rule.does,
    ok,
    WHY.targets,
  );
  if (!ok) return [caught, targets];
  const even = rule.targets.every(({ chance }) => Math.abs(chance - 1 / seen.length) < SAME_CHANCE);
  return [
    caught,
    targets,
    finding(
      'chances',
      `1/${seen.length} each`,
      even ? `1/${seen.length} each` : chanceWords(rule.targets),
      even,
      WHY.chances,
    ),
  ];
}

function caughtFinding(at: At, wanted: Wanted, own: readonly ServiceRule[]): Finding {
  const where = atWords(at, wanted.protocol);
  const rule = find(at, wanted, own);
  return finding('caught', where, rule === undefined ? 'no such rule' : where, rule !== undefined, WHY.notCaught);
}

function atWords({ address, port }: At, protocol: string): string {
  return `${address ?? 'node port'}${address === undefined ? ' ' : ':'}${port}/${protocol}`;
}

function ruleWords({ address, port, protocol, does, targets }: ServiceRule): string {
  const where = atWords({ port, ...(address === undefined ? {} : { address }) }, protocol);
  return `${where} ${does === 'balance' ? `to ${chanceWords(targets)}` : does}`;
}

function chanceWords(targets: readonly RuleTarget[]): string {
  if (targets.length === 0) return 'nobody';
  return targets.map(({ destination, chance }) => `${destination} (${(chance * 100).toFixed(1)} %)`).join(', ');
}

interface ServiceSpec {
  readonly clusterIP?: string;
  readonly externalTrafficPolicy?: string;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol?: string;
    readonly nodePort?: number;
  }[];
}
