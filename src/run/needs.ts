import type { ClusterFacts } from '../event/event.js';
import type { Playbook, Step } from '../playbook/schema.js';
import type { Text } from '../text.js';

/** Why this lab cannot run the playbook, or undefined. A missing need is skipped with its reason, never passed. */
export function unmetNeed(needs: Playbook['needs'], facts: ClusterFacts): Text | undefined {
  const ready = facts.nodes.filter((node) => node.ready);
  const workers = ready.filter((node) => node.role === 'worker').length;
  if (needs.nodes !== undefined && ready.length < needs.nodes) {
    return {
      en: `needs ${needs.nodes} ready nodes, the cluster has ${ready.length}`,
      ja: `Ready のノードが ${needs.nodes} 台必要ですが、${ready.length} 台しかありません`,
    };
  }
  if (needs.workers !== undefined && workers < needs.workers) {
    return {
      en: `needs ${needs.workers} ready workers, the cluster has ${workers}`,
      ja: `Ready のワーカーが ${needs.workers} 台必要ですが、${workers} 台しかありません`,
    };
  }
  if (needs.cni !== undefined && facts.cni !== needs.cni) {
    return {
      en: `needs the pod network ${needs.cni}; this cluster has ${facts.cni}`,
      ja: `Pod ネットワーク ${needs.cni} が必要です（このクラスタは ${facts.cni}）`,
    };
  }
  return needs.proxyMode === undefined ? undefined : otherMode(needs.proxyMode, facts);
}

/** Why this step does not apply to the cluster, or undefined. */
export function unmetWhen(step: Step, facts: ClusterFacts): Text | undefined {
  return step.when?.proxyMode === undefined ? undefined : otherMode(step.when.proxyMode, facts);
}

function otherMode(modes: readonly string[], facts: ClusterFacts): Text | undefined {
  if (modes.includes(facts.proxyMode)) return undefined;
  const wanted = modes.join(', ');
  return {
    en: `holds in proxy mode ${wanted}; this cluster runs ${facts.proxyMode}`,
    ja: `プロキシモード ${wanted} での内容です（このクラスタは ${facts.proxyMode}）`,
  };
}
