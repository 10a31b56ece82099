import type { Outcome } from '../probe/observation.js';
import type { Gate, GateSpec } from '../probe/gate.js';
import type { Text } from '../text.js';
import { entryNode, type ClientContext } from './client-address.js';
import type { CheckPlace } from './judged.js';
import { nextAfter } from './next.js';

/** Why a Service does not serve (or still does) at a place, by what stands there and by how the last try ended. */
export function whyUnsettled({ state }: Gate, goal: GateSpec['goal'], door: CheckPlace['door']): Text {
  if (door !== undefined) return WHY[door];
  if (goal === 'empty') return WHY.stale;
  return state === 'empty' ? WHY.refused : WHY.partly;
}

/** Where to look then. */
export function nextUnsettled(
  gate: Gate,
  { url, nodes = [], ...place }: CheckPlace & Pick<ClientContext, 'nodes'> & { readonly url: string },
): Text[] {
  const entry = entryNode(url, nodes)?.name;
  const at = entry === undefined ? place : { ...place, node: entry, entry };
  return nextAfter(outcomeOf(gate), { ...at, partly: gate.state === 'partly' });
}

function outcomeOf({ state, last }: Gate): Outcome | undefined {
  if (state === 'empty') return 'refused';
  // A pod of which nothing is heard while others answer is as silent as a whole Service.
  if (state === 'partly' && /^(never |curl exit )/.test(last)) return 'timeout';
  if (state === 'partly' || state === 'serving') return undefined;
  if (last === 'no route') return 'no-route';
  return last === 'curl exit 6' ? 'no-name' : 'timeout';
}

const WHY = {
  ingress: {
    en: 'The endpoints are there, but the ingress controller does not serve them at this address: it has not read the rules, its class is another one, or the rules do not match this host and path.',
    ja: 'エンドポイントは揃っていますが、Ingress コントローラがこのアドレスで応答しません。規則が読まれていない、クラスが違う、またはホストとパスが規則に合いません。',
  },
  loadBalancer: {
    en: 'The endpoints are there, but the load balancer’s address does not lead to them from here: nobody answers for the address, its source ranges leave this place out, or the node that answers has stale rules.',
    ja: 'エンドポイントは揃っていますが、ロードバランサのアドレスからは届きません。アドレスに応答するノードがない、送信元の範囲から外れている、または応答するノードのルールが古いままです。',
  },
  refused: {
    en: 'The endpoints are there, and the connection is refused: in the pods nobody listens on targetPort, or not yet (without a readinessProbe a pod counts as ready before its server listens), or the rules of this node’s kube-proxy are old.',
    ja: 'エンドポイントは揃っていますが、接続が拒否されます。Pod の中で targetPort を待ち受けるものが無いか、まだ起動中です（readinessProbe が無いと、サーバの準備前でも Ready になります）。または、このノードの kube-proxy のルールが古いままです。',
  },
  partly: {
    en: 'The endpoints are there, but from this place the Service does not serve them all: the rules of this node’s kube-proxy are missing or stale, or the way to a pod is cut.',
    ja: 'エンドポイントは揃っていますが、この場所からは全部に届きません。このノードの kube-proxy のルールが無いか古い、または Pod への経路が切れています。',
  },
  stale: {
    en: 'No endpoint is ready, and still the address does not refuse: the rules of this node’s kube-proxy are stale.',
    ja: 'Ready なエンドポイントが無いのに、接続拒否になりません。このノードの kube-proxy のルールが古いままです。',
  },
} satisfies Record<string, Text>;
