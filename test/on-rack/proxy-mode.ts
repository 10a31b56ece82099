import { loadPlaybooks } from '../../src/playbook/library.js';
import { kubectl, onNode } from './rack.js';

const NODES = ['raspi001', 'raspi002', 'raspi003'];

/** The shipped playbooks whose expectations differ with the proxy mode. */
export async function modeDependent(): Promise<string[]> {
  const playbooks = await loadPlaybooks([]);
  return playbooks
    .filter(
      ({ steps, needs }) => needs.proxyMode !== undefined || steps.some(({ when }) => when?.proxyMode !== undefined),
    )
    .map(({ name }) => name);
}

/**
 * Sets the mode in kube-proxy's configuration, starts it anew on every node, and waits until each says that mode. It removes
 * the other mode's rules itself (observed.md part 3).
 */
export async function switchProxyMode(mode: 'iptables' | 'nftables'): Promise<void> {
  const path = 'jsonpath={.data.config\\.conf}';
  const config = await kubectl('-n', 'kube-system', 'get', 'configmap', 'kube-proxy', '-o', path);
  const patch = JSON.stringify({ data: { 'config.conf': `${config.replace(/^mode: .*$/m, `mode: ${mode}`)}\n` } });
  await kubectl('-n', 'kube-system', 'patch', 'configmap', 'kube-proxy', '-p', patch);
  await kubectl('-n', 'kube-system', 'delete', 'pods', '-l', 'k8s-app=kube-proxy', '--wait=true');
  await kubectl('-n', 'kube-system', 'rollout', 'status', 'daemonset/kube-proxy', '--timeout=60s');
  await Promise.all(NODES.map((node) => saysMode(node, mode)));
}

async function saysMode(node: string, mode: string): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const said = await onNode(node, 'curl', '-s', '-m', '2', 'http://localhost:10249/proxyMode').catch(() => '');
    if (said === mode) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`kube-proxy on ${node} did not come back in mode ${mode}`);
}
