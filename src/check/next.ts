import type { Outcome } from '../probe/observation.js';
import type { Text } from '../text.js';
import type { CheckPlace } from './judged.js';

/** A pointer with the command that a person types for it. */
export function pointer(en: string, ja: string, command: string): Text {
  return { en: `${en}: ${command}`, ja: `${ja}: ${command}` };
}

/** The endpoints of the Service, and the pods they should come from. */
export function nextEndpoints({ namespace = 'NAMESPACE', service }: CheckPlace): Text[] {
  if (service === undefined) return [nextPods(namespace)];
  return [
    pointer(
      'Which endpoints does the Service have, and are they ready?',
      'Service のエンドポイントと、Ready かどうかを確認する',
      `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${service} -o yaml`,
    ),
    pointer(
      'Does its selector match the labels of the pods?',
      'セレクタと Pod のラベルが一致しているか確認する',
      `kubectl -n ${namespace} get service ${service} -o wide; kubectl -n ${namespace} get pods --show-labels -o wide`,
    ),
  ];
}

function nextPods(namespace: string): Text {
  return pointer(
    'Are the pods ready, and where?',
    'Pod が Ready か、どのノードにあるか確認する',
    `kubectl -n ${namespace} get pods -o wide`,
  );
}

/** The rules of the service proxy on the node where the probe ran. */
export function nextRules({ node = 'NODE', service, namespace = '', proxyMode = 'unknown' }: CheckPlace): Text[] {
  const word = service === undefined ? 'KUBE-S' : `${namespace === '' ? '' : `${namespace}/`}${service}`;
  const list =
    proxyMode === 'nftables'
      ? 'sudo nft list table ip kube-proxy'
      : proxyMode === 'ipvs'
        ? 'sudo ipvsadm -Ln'
        : `sudo iptables-save | grep '${word}'`;
  return [
    pointer(
      `Are the rules on ${node}?`,
      `${node} にルールがあるか確認する`,
      `ssh ${node} ${proxyMode === 'nftables' || proxyMode === 'ipvs' ? list : `"${list}"`}`,
    ),
    pointer(
      'Does kube-proxy run there?',
      'kube-proxy がそのノードで動いているか確認する',
      'kubectl -n kube-system get pods -l k8s-app=kube-proxy -o wide',
    ),
  ];
}

/** The pod network between nodes. */
export function nextPodNetwork({ node = 'NODE' }: CheckPlace): Text[] {
  return [
    pointer(
      `Does ${node} have a route to every other node's pods?`,
      `${node} に他のノードの Pod への経路があるか確認する`,
      `ssh ${node} ip route`,
    ),
    pointer(
      'Does every node forward packets (net.ipv4.ip_forward = 1), and do both ends of the tunnel fit the LAN (MTU)?',
      '各ノードがパケットを転送するか（net.ipv4.ip_forward = 1）、トンネルの MTU が LAN に収まるか確認する',
      `ssh ${node} "cat /proc/sys/net/ipv4/ip_forward; sudo iptables -S FORWARD; ip -d link show flannel.1"`,
    ),
    pointer(
      `Does ${node} have two ways into the LAN, and drop what comes in by the other one (rp_filter = 1, a count above 0)?`,
      `${node} が LAN に2つの経路を持ち、逆の経路から来たパケットを捨てていないか確認する（rp_filter = 1、カウントが0より大きい）`,
      `ssh ${node} "ip route; grep . /proc/sys/net/ipv4/conf/*/rp_filter; nstat -az TcpExtIPReversePathFilter"`,
    ),
    pointer(
      'Does the pod network run on every node?',
      'Pod ネットワークが全ノードで動いているか確認する',
      'kubectl -n kube-flannel get pods -o wide',
    ),
  ];
}

/** The cluster DNS. */
export function nextDns({ namespace = 'NAMESPACE' }: CheckPlace): Text[] {
  return [
    pointer(
      'Does CoreDNS run?',
      'CoreDNS が動いているか確認する',
      'kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide; kubectl -n kube-system get endpointslices -l kubernetes.io/service-name=kube-dns',
    ),
    pointer('What does it say?', 'CoreDNS のログを見る', 'kubectl -n kube-system logs -l k8s-app=kube-dns --tail=50'),
    pointer(
      'Does the Service exist, and with which address?',
      'Service の有無とアドレスを確認する',
      `kubectl -n ${namespace} get services -o wide`,
    ),
  ];
}

/** A place, and the node whose own address was asked there. */
type EntryPlace = CheckPlace & { readonly entry?: string | undefined };

/** A node that was asked at its own address may close the port itself. */
function nextFirewall(entry: string | undefined): Text[] {
  if (entry === undefined) return [];
  const command = `ssh ${entry} "sudo iptables -S INPUT; sudo nft list ruleset | grep -wE 'drop|reject'"`;
  return [
    pointer(`Does a firewall on ${entry} stop it?`, `${entry} のファイアウォールが止めていないか確認する`, command),
  ];
}

/** What stands before the Service: an ingress controller, or whoever hands out the address and answers for it (ARP). */
export function nextDoor({ door, namespace = 'NAMESPACE' }: CheckPlace): Text[] {
  switch (door) {
    case 'ingress':
      return [
        pointer(
          'Does a controller serve the class of the Ingress, and do rules and Secret say what was meant?',
          'Ingress のクラスを担当するコントローラがあるか、規則と Secret が正しいか確認する',
          `kubectl get ingressclasses; kubectl -n ${namespace} describe ingress; kubectl -n ${namespace} get secrets`,
        ),
        pointer(
          'Does the controller run, and what does it log?',
          'コントローラが動いているか、ログに何が出ているか確認する',
          'kubectl get pods -A -o wide; kubectl -n CONTROLLER-NAMESPACE logs deployment/CONTROLLER',
        ),
      ];
    case 'loadBalancer':
      return [
        pointer(
          'Which address was given, who answers for it, and which sources are let in?',
          'どのアドレスが割り当てられ、どのノードが応答し、どの送信元が許可されているか確認する',
          `kubectl -n ${namespace} describe services; kubectl -n metallb-system get pods -o wide`,
        ),
        pointer(
          'Does anybody on the LAN answer for the address?',
          'LAN でそのアドレスに応答する機器があるか確認する',
          'ip neighbour; kubectl -n metallb-system logs -l component=speaker --tail=20 --prefix',
        ),
      ];
    case undefined:
      return [];
  }
}

/** Where to look after requests that ended the wrong way. */
export function nextAfter(seen: Outcome | undefined, place: EntryPlace): Text[] {
  return [...nextDoor(place), ...nextInside(seen, place)];
}

function nextInside(seen: Outcome | undefined, place: EntryPlace): Text[] {
  switch (seen) {
    case 'refused':
      return [...nextEndpoints(place), ...nextFirewall(place.entry), ...nextRules(place)];
    case 'timeout':
    case 'no-route':
      return nextSilent(place);
    case 'no-name':
      return nextDns(place);
    case 'ok':
    case undefined:
      return [...nextEndpoints(place), ...nextRules(place)];
    default:
      return nextEndpoints(place);
  }
}

/** Nothing came back. Where some requests were answered, it is the way to, or back from, certain pods that is cut. */
function nextSilent(place: EntryPlace): Text[] {
  const { entry, partly = false } = place;
  return [
    ...(partly && entry !== undefined ? [nextMasquerade(entry)] : []),
    ...nextRules(place),
    ...nextFirewall(entry),
    ...(partly || entry === undefined ? [] : [nextMasquerade(entry)]),
    ...(partly ? [] : nextPorts(place)),
    ...nextPodNetwork(place),
    NEXT_NODES,
  ];
}

function nextPorts({ namespace = 'NAMESPACE', service }: CheckPlace): Text[] {
  if (service === undefined) return [];
  return [
    pointer(
      'Which ports does the Service have?',
      'Service のポートを確認する',
      `kubectl -n ${namespace} get service ${service} -o wide`,
    ),
  ];
}

function nextMasquerade(entry: string): Text {
  return pointer(
    `Does ${entry} masquerade what comes in from outside? Without that, pods on other nodes answer past it`,
    `${entry} が外からの通信をマスカレードしているか確認する（していないと、別のノードの Pod の応答がこのノードを通りません）`,
    `ssh ${entry} sudo iptables -t nat -S POSTROUTING`,
  );
}

/** Who keeps a client where it is. */
export function nextAffinity({ namespace = 'NAMESPACE', service = 'SERVICE' }: CheckPlace): Text {
  return pointer(
    'Which affinity does the Service have, and how many endpoints?',
    'Service のアフィニティ設定とエンドポイントの数を確認する',
    `kubectl -n ${namespace} describe service ${service}`,
  );
}

/** Nodes that are down, cordoned or full. */
export const NEXT_NODES: Text = pointer(
  'Are all nodes up, and do they take pods?',
  'すべてのノードが動いていて、Pod を受け入れるか確認する',
  'kubectl get nodes -o wide',
);
