import type { ClusterFacts } from '../event/event.js';
import type { Lab } from '../lab/lab.js';
import { usedIngressClasses } from '../model/ingress.js';
import { inVersionRange } from '../model/version.js';
import type { Playbook, Step } from '../playbook/schema.js';
import type { Text } from '../text.js';

/** What of the lab file a need can be about. */
type LabPart = Pick<Lab, 'ingress' | 'outside'>;
type Needs = Playbook['needs'];
type When = NonNullable<Step['when']>;

/** Why this lab cannot run the playbook, or undefined. A missing need is skipped with its reason, never passed. */
export function unmetNeed(needs: Needs, facts: ClusterFacts, lab: LabPart): Text | undefined {
  const ready = facts.nodes.filter((node) => node.ready);
  // Exercises that need several workers put pods on them.
  const workers = ready.filter((node) => node.role === 'worker' && node.cordoned !== true).length;
  const cordoned = facts.nodes.flatMap(({ name, cordoned }) => (cordoned === true ? [name] : []));
  const aside = cordoned.length === 0 ? '' : ` (cordoned: ${cordoned.join(', ')})`;
  if (needs.nodes !== undefined && ready.length < needs.nodes) {
    return {
      en: `needs ${needs.nodes} ready nodes, the cluster has ${ready.length}`,
      ja: `Ready のノードが ${needs.nodes} 台必要ですが、${ready.length} 台しかありません`,
    };
  }
  if (needs.workers !== undefined && workers < needs.workers) {
    return {
      en: `needs ${needs.workers} ready workers, the cluster has ${workers}${aside}`,
      ja: `Ready のワーカーが ${needs.workers} 台必要ですが、${workers} 台しかありません${aside}`,
    };
  }
  if (needs.cni !== undefined && facts.cni !== needs.cni) return otherCni(needs.cni, facts);
  return (
    (needs.loadBalancer === true ? noLoadBalancer(facts) : undefined) ??
    tooFewClasses(needs.ingressClasses ?? 0, facts, lab) ??
    tooFewOutside(needs.outside ?? 0, lab) ??
    (needs.server === undefined ? undefined : otherVersion('Kubernetes', facts.serverVersion, needs.server)) ??
    (needs.proxyMode === undefined ? undefined : otherMode(needs.proxyMode, facts))
  );
}

/** Why this step does not apply to the cluster, or undefined. What could not be found out does not count as met. */
export function unmetWhen({ when = {} }: Step, facts: ClusterFacts, lab: LabPart): Text | undefined {
  const { proxyMode, cni, server, coreDNS, metalLB, ingressController, loadBalancer }: When = when;
  return (
    (proxyMode === undefined ? undefined : otherMode(proxyMode, facts)) ??
    (cni === undefined || cni === facts.cni ? undefined : otherCni(cni, facts)) ??
    (server === undefined ? undefined : otherVersion('Kubernetes', facts.serverVersion, server)) ??
    (coreDNS === undefined ? undefined : otherVersion('CoreDNS', facts.coreDNS, coreDNS)) ??
    (metalLB === undefined ? undefined : otherVersion('MetalLB', facts.metalLB, metalLB)) ??
    (ingressController === undefined ? undefined : otherController(ingressController, facts, lab)) ??
    (loadBalancer === undefined ? undefined : otherLoadBalancer(loadBalancer, facts))
  );
}

function otherMode(modes: readonly string[], facts: ClusterFacts): Text | undefined {
  if (modes.includes(facts.proxyMode)) return undefined;
  const wanted = modes.join(', ');
  return {
    en: `holds in proxy mode ${wanted}; this cluster runs ${facts.proxyMode}`,
    ja: `プロキシモード ${wanted} での内容です（このクラスタは ${facts.proxyMode}）`,
  };
}

function otherCni(cni: string, facts: ClusterFacts): Text {
  return {
    en: `needs the pod network ${cni}; this cluster has ${facts.cni}`,
    ja: `Pod ネットワーク ${cni} が必要です（このクラスタは ${facts.cni}）`,
  };
}

function otherVersion(what: string, version: string | undefined, range: string): Text | undefined {
  if (version !== undefined && inVersionRange(version, range)) return undefined;
  return {
    en: `holds for ${what} ${range}; here it is ${version ?? 'absent or unknown'}`,
    ja: `${what} ${range} での内容です（このクラスタは ${version ?? '無し、または不明'}）`,
  };
}

function noLoadBalancer({ loadBalancer }: ClusterFacts): Text | undefined {
  if (loadBalancer === 'metallb' || loadBalancer === 'unknown') return undefined;
  return {
    en: 'needs something that gives addresses to Services of type LoadBalancer, such as MetalLB; none was found',
    ja: 'LoadBalancer の Service にアドレスを与える実装（MetalLB など）が必要ですが、見つかりません',
  };
}

function otherLoadBalancer(wanted: readonly string[], { loadBalancer = 'unknown' }: ClusterFacts): Text | undefined {
  if (wanted.includes(loadBalancer)) return undefined;
  return {
    en: `holds with load balancer ${wanted.join(', ')}; here it is ${loadBalancer}`,
    ja: `ロードバランサ ${wanted.join(', ')} での内容です（このクラスタは ${loadBalancer}）`,
  };
}

function tooFewClasses(wanted: number, { ingressClasses = [] }: ClusterFacts, { ingress }: LabPart): Text | undefined {
  const count = usedIngressClasses(ingressClasses, ingress?.classes).length;
  if (count >= wanted) return undefined;
  return {
    en: `needs ${wanted} ingress classes with a controller, there are ${count}: kubectl get ingressclasses`,
    ja: `コントローラのある IngressClass が ${wanted} つ必要ですが、${count} つしかありません: kubectl get ingressclasses`,
  };
}

function otherController(
  wanted: readonly string[],
  { ingressClasses = [] }: ClusterFacts,
  { ingress }: LabPart,
): Text | undefined {
  const controller = usedIngressClasses(ingressClasses, ingress?.classes)[0]?.controller;
  if (controller !== undefined && wanted.includes(controller)) return undefined;
  return {
    en: `holds with ingress controller ${wanted.join(', ')}; here it is ${controller ?? 'absent'}`,
    ja: `Ingress コントローラ ${wanted.join(', ')} での内容です（このクラスタは ${controller ?? '無し'}）`,
  };
}

function tooFewOutside(wanted: number, { outside }: LabPart): Text | undefined {
  if (outside.length >= wanted) return undefined;
  return {
    en: `needs ${wanted} web servers outside the cluster, the lab file names ${outside.length} (outside:)`,
    ja: `クラスタ外の Web サーバが ${wanted} 台必要ですが、ラボファイルには ${outside.length} 台しかありません（outside:）`,
  };
}
