import type { Finding } from '../event/event.js';
import { contains, overlap, parseCidr } from '../model/cidr.js';
import type { NodeNetwork } from '../model/node.js';
import type { ReadyPod } from '../model/pods.js';
import { few, finding, judged, undecided, type Judged } from './judged.js';
import { pointer } from './next.js';

const WHY = {
  segments: {
    en: 'Two nodes share pod addresses, or one has none: the controller manager’s --allocate-node-cidrs and cluster CIDR, or a node joined by hand, is the place to look.',
    ja: 'ノードの Pod セグメントが重複しているか、割り当てがありません。コントローラマネージャーの --allocate-node-cidrs とクラスター CIDR を確認してください。',
  },
  pods: {
    en: 'A pod’s address lies outside its node’s segment, so other nodes route it elsewhere: the CNI plugin on that node uses another range (an old /run/flannel/subnet.env or CNI state).',
    ja: 'Pod のアドレスがノードのセグメント外にあり、他ノードからは別の場所へ送られます。そのノードの CNI が古い範囲（/run/flannel/subnet.env など）を使っています。',
  },
  same: {
    en: 'A new pod has an address that an old one had. Addresses may be reused in time, but so soon it points to pods that were not replaced.',
    ja: '新しい Pod が以前と同じアドレスを持っています。いずれ再利用されますが、これほど早い場合は Pod が置き換わっていない可能性があります。',
  },
};

/** Claim A06: every node has a segment of its own, and each of these pods lies in its node's. */
export function judgePodNetwork(nodes: readonly NodeNetwork[], pods: readonly ReadyPod[]): Judged {
  const clashes = nodes.flatMap((a, index) =>
    nodes.slice(index + 1).flatMap((b) => (overlap(a.podCIDR, b.podCIDR) ? [`${a.name} and ${b.name} overlap`] : [])),
  );
  const without = nodes.filter((node) => parseCidr(node.podCIDR) === undefined).map((node) => `${node.name} has none`);
  const trouble = [...clashes, ...without];
  const list = nodes.map((node) => `${node.name} ${node.podCIDR}`);
  const findings: Finding[] = [
    nodes.length < 2
      ? undecided('segments', 'a segment of its own for every node', `${nodes.length} node(s): nothing to compare`)
      : finding(
          'segments',
          'a segment of its own for every node',
          few([...trouble, ...list], 8),
          trouble.length === 0,
          WHY.segments,
        ),
  ];
  const expected = 'every pod inside its node’s segment';
  if (pods.length === 0) findings.push(undecided('pods', expected, 'no ready pod matches'));
  else {
    const segment = (pod: ReadyPod): string => nodes.find((node) => node.name === pod.node)?.podCIDR ?? '';
    const outside = pods.filter((pod) => !contains(segment(pod), pod.ip));
    const shown = (outside.length > 0 ? outside : pods).map((pod) => `${pod.name} ${pod.ip} on ${pod.node}`);
    const observed = outside.length > 0 ? `outside: ${few(shown)}` : few(shown);
    findings.push(finding('pods', expected, observed, outside.length === 0, WHY.pods));
  }
  return judged(findings, () => [
    pointer(
      'Which segment does each node have?',
      '各ノードのセグメントを確認する',
      'kubectl get nodes -o custom-columns=NAME:.metadata.name,PODS:.spec.podCIDR',
    ),
    pointer('Which does flannel use there?', 'flannel が使う範囲を確認する', 'ssh NODE cat /run/flannel/subnet.env'),
  ]);
}

/** Claim A08: pods that were made anew share no address with those before. */
export function judgeNewAddresses(pods: readonly ReadyPod[], before: readonly string[]): Judged {
  const now = pods.map((pod) => pod.ip);
  const expected = `none of ${few(before)}`;
  const kept = now.filter((address) => before.includes(address));
  const observed = kept.length > 0 ? `${few(now)} (again: ${few(kept)})` : few(now);
  const nothing = now.length === 0 ? 'no ready pod matches' : 'no address was saved before';
  return judged(
    [
      now.length === 0 || before.length === 0
        ? undecided('addresses', expected, nothing)
        : finding('addresses', expected, observed, kept.length === 0, WHY.same),
    ],
    () => [pointer('How old are the pods?', 'Pod がいつ作られたか確認する', 'kubectl get pods -A -o wide')],
  );
}
