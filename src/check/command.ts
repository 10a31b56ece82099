import type { Finding } from '../event/event.js';
import { networkAddress } from '../model/cidr.js';
import type { NodeNetwork } from '../model/node.js';
import type { LiveObject } from '../model/object.js';
import type { CommandExpectation } from '../playbook/schema.js';
import type { Observation } from '../probe/observation.js';
import { parseResolvConf } from '../probe/resolv-conf.js';
import { parseRoutes, type Route } from '../probe/routes.js';
import type { Text } from '../text.js';
import { few, finding, judged, notMeasured, undecided, wrongKind, type CheckPlace, type Judged } from './judged.js';
import { nextEndpoints, nextPodNetwork, nextRules, pointer } from './next.js';
import { rejectsFinding, rulesFindings, type RulesView } from './rules.js';
import { variablesFindings } from './variables.js';

/** Live facts that a command's output is set against. */
export interface CommandContext extends Omit<CheckPlace, 'service'> {
  /** The nodes of the cluster, for `routes`; `node` says which of them is the place's own. */
  readonly nodes?: readonly NodeNetwork[] | undefined;
  /** The Service that `rejects` or `rules` names. */
  readonly rules?: Omit<RulesView, 'proxyMode'> | undefined;
  /** The Services that `variables` names, by name. */
  readonly services?: ReadonlyMap<string, LiveObject | undefined> | undefined;
}

const WHY = {
  exit: {
    en: 'The command ended with another status; its standard error says why.',
    ja: 'コマンドの終了ステータスが違います。標準エラー出力を確認してください。',
  },
  output: {
    en: 'The output is not what it should be here; the evidence has all of it.',
    ja: '出力が想定と違います。証拠に全文があります。',
  },
  resolvConf: {
    en: 'The pod does not ask the cluster DNS the usual way: look at its dnsPolicy and at the kubelet’s clusterDNS and clusterDomain.',
    ja: 'Pod が通常の方法でクラスター DNS に問い合わせていません。dnsPolicy と kubelet の clusterDNS / clusterDomain を確認してください。',
  },
  routes: {
    en: 'This node has no way to the pods of another node: its flannel has not learnt of that node, or the node’s podCIDR and flannel’s own record differ.',
    ja: 'このノードから他ノードの Pod への経路がありません。flannel がそのノードを認識していないか、ノードの podCIDR と flannel の記録が食い違っています。',
  },
} satisfies Record<string, Text>;

/**
 * Sets what a command left beside what it should have left.
 * @param expect References filled in.
 */
export function judgeCommand(
  expect: CommandExpectation,
  observation: Observation,
  context: CommandContext = {},
): Judged {
  if (observation.kind === 'unmeasured') return notMeasured(observation);
  if (observation.kind !== 'command') return wrongKind('command', observation.kind);
  const { exitCode, stdout, stderr } = observation;
  const wantedExit = expect.exit ?? 0;
  const said = stderr === '' ? '' : `: ${stderr.slice(0, 200)}`;
  const findings: Finding[] = [
    finding(
      'exit',
      String(wantedExit),
      `${exitCode}${exitCode === wantedExit ? '' : said}`,
      exitCode === wantedExit,
      WHY.exit,
    ),
  ];
  if (expect.resolvConf !== undefined) findings.push(...resolvConfFindings(expect.resolvConf, stdout));
  if (expect.routes !== undefined) findings.push(...routeFindings(stdout, context));
  const view = rulesView(expect, context);
  if (expect.rejects !== undefined) findings.push(rejectsFinding(stdout, view));
  if (expect.rules !== undefined) findings.push(...rulesFindings(expect.rules, stdout, view));
  if (expect.variables !== undefined) {
    findings.push(...variablesFindings(expect.variables, stdout, context.services ?? new Map()));
  }
  // What is understood comes before what is only compared as text.
  findings.push(
    ...(expect.contains ?? []).map((text) => outputFinding('contains', text, stdout, stdout.includes(text))),
    ...(expect.matches ?? []).map((text) => outputFinding('matches', text, stdout, new RegExp(text, 'm').test(stdout))),
    ...(expect.lacks ?? []).map((text) => outputFinding('lacks', text, stdout, !stdout.includes(text))),
  );
  return judged(findings, () => next(expect, context));
}

/** Without live objects nothing can be said about rules; the name is kept for the sentence. */
function rulesView(expect: CommandExpectation, { rules, proxyMode = 'unknown' }: CommandContext): RulesView {
  const name = (expect.rejects ?? expect.rules)?.service ?? '';
  return { ...(rules ?? { name, service: undefined, slices: [] }), proxyMode };
}

function next(expect: CommandExpectation, context: CommandContext): Text[] {
  if (expect.routes !== undefined) return nextPodNetwork({ node: context.node });
  if (expect.rejects !== undefined) return nextRules({ ...context, service: expect.rejects.service });
  if (expect.rules !== undefined) {
    const at = { ...context, service: expect.rules.service };
    return [...nextRules(at), ...nextEndpoints(at).slice(0, 1)];
  }
  if (expect.variables !== undefined) return nextVariables(expect.variables, context);
  if (expect.resolvConf !== undefined) {
    return nextResolvConf(context);
  }
  return nextLost(context);
}

/** A pod may say itself whom it asks and how; what it leaves open comes from its node's kubelet. */
function nextResolvConf({ node = 'NODE', namespace = 'NAMESPACE' }: CommandContext): Text[] {
  const columns = 'NAME:.metadata.name,POLICY:.spec.dnsPolicy,CONFIG:.spec.dnsConfig';
  return [
    pointer(
      'Does the pod say otherwise itself?',
      'Pod 自身の dnsPolicy と dnsConfig を確認する',
      `kubectl -n ${namespace} get pods -o custom-columns=${columns}`,
    ),
    pointer(
      'What does the kubelet hand to pods?',
      'kubelet の DNS 設定を確認する',
      `ssh ${node} "grep -A2 -i clusterd /var/lib/kubelet/config.yaml"`,
    ),
    pointer(
      'Which address does the DNS Service have?',
      'DNS の Service のアドレスを確認する',
      'kubectl -n kube-system get service kube-dns',
    ),
  ];
}

/** Pings that were lost say the same of the pod network as requests would. */
function nextLost(context: CommandContext): Text[] {
  return context.place?.startsWith('pod@') === true ? nextPodNetwork({ node: context.node }) : [];
}

function nextVariables(
  { of, noneOf }: NonNullable<CommandExpectation['variables']>,
  { namespace = 'NAMESPACE' }: CommandContext,
): Text[] {
  const services = [...(of ?? []), ...(noneOf ?? [])].filter((name) => name !== 'kubernetes').join(' ');
  return [
    pointer(
      'Which is older, the Service or the container?',
      'Service とコンテナのどちらが先か確認する',
      `kubectl -n ${namespace} get services ${services}; kubectl -n ${namespace} get pods`,
    ),
    pointer(
      'Does a pod have enableServiceLinks: false?',
      'enableServiceLinks: false の Pod があるか確認する',
      `kubectl -n ${namespace} get pods -o custom-columns=NAME:.metadata.name,LINKS:.spec.enableServiceLinks`,
    ),
  ];
}

function outputFinding(what: string, text: string, stdout: string, ok: boolean): Finding {
  const glimpse = JSON.stringify(stdout.trim().slice(0, 200));
  const yes = what === 'lacks' ? 'not there' : 'there';
  return finding(what, JSON.stringify(text), ok ? yes : glimpse, ok, WHY.output);
}

function resolvConfFindings(expect: NonNullable<CommandExpectation['resolvConf']>, stdout: string): Finding[] {
  const { nameservers, search, options } = parseResolvConf(stdout);
  const findings: Finding[] = [];
  if (expect.nameserver !== undefined) {
    const ok = expect.nameserver.join(' ') === nameservers.join(' ');
    findings.push(finding('nameserver', few(expect.nameserver), few(nameservers), ok, WHY.resolvConf));
  }
  if (expect.searchStartsWith !== undefined) {
    const ok = expect.searchStartsWith.every((domain, index) => search[index] === domain);
    findings.push(finding('search', `starts with ${few(expect.searchStartsWith)}`, few(search), ok, WHY.resolvConf));
  }
  if (expect.options !== undefined) {
    const ok = expect.options.every((option) => options.includes(option));
    findings.push(finding('options', few(expect.options), few(options), ok, WHY.resolvConf));
  }
  return findings;
}

function routeFindings(stdout: string, { nodes = [], node: own }: CommandContext): Finding[] {
  const others = nodes.filter((node) => node.name !== own);
  const expected = 'a route to every other node’s pods';
  if (others.length === nodes.length)
    return [undecided('routes', expected, `${own ?? 'the place'} is no node of the cluster`)];
  if (others.length === 0) return [undecided('routes', expected, 'there is no other node')];
  const routes = parseRoutes(stdout);
  return others.map((node) => {
    const expected = `${node.podCIDR} (${node.name}) through flannel.1 onlink, or via ${node.address}`;
    const route = routes.find((each) => each.destination === node.podCIDR);
    const ok = route !== undefined && leadsTo(route, node);
    return finding('routes', expected, route === undefined ? 'no route' : routeWords(route), ok, WHY.routes);
  });
}

/** VXLAN: through flannel.1, towards the segment's first address; host-gw: straight to the node (claim A07). */
function leadsTo(route: Route, node: NodeNetwork): boolean {
  const vxlan = route.dev === 'flannel.1' && route.onlink && route.via === networkAddress(node.podCIDR);
  return vxlan || (route.via !== undefined && route.via === node.address);
}

function routeWords({ destination, via, dev, onlink }: Route): string {
  return `${destination}${via === undefined ? '' : ` via ${via}`}${dev === undefined ? '' : ` dev ${dev}`}${onlink ? ' onlink' : ''}`;
}
