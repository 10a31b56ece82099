import { stringify } from 'yaml';
import { PilabError } from '../errors.js';
import { KUBERNETES_VERSION } from './go-modules.js';
import type { RackNode } from './plan.js';
import { NODES, PLAN } from './plan.js';
import type { OnHost } from './ssh.js';

/** kubelet inside a container. */
const KUBELET = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  cgroupDriver: 'cgroupfs',
  failSwapOn: false,
  // No CAP_SYS_RESOURCE: a better OOM score cannot be had.
  oomScoreAdj: 0,
  // The disk is the machine's, shared with everything else on it: its fill level says nothing about the node.
  evictionHard: {
    'memory.available': '100Mi',
    'nodefs.available': '0%',
    'nodefs.inodesFree': '0%',
    'imagefs.available': '0%',
  },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
};

/** The conntrack limits are the whole machine's and read-only inside a node: leave them alone. */
const KUBE_PROXY = {
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  mode: 'iptables',
  oomScoreAdj: 0,
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
};

/** SystemVerification reads the kernel's configuration and module files, which a container has not. */
function registration(node: RackNode): unknown {
  return {
    name: node.name,
    criSocket: 'unix:///run/containerd/containerd.sock',
    imagePullPolicy: 'IfNotPresent',
    ignorePreflightErrors: ['SystemVerification'],
  };
}

function documents(...parts: unknown[]): string {
  return parts.map((part) => stringify(part)).join('---\n');
}

/** kubeadm's configuration for the control plane. */
export function initConfig(node: RackNode): string {
  return documents(
    {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress: node.address },
      nodeRegistration: registration(node),
    },
    {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      kubernetesVersion: `v${KUBERNETES_VERSION}`,
      networking: { podSubnet: PLAN.podCidr, serviceSubnet: PLAN.serviceCidr },
    },
    KUBELET,
    KUBE_PROXY,
  );
}

/** How a worker finds and trusts the control plane. */
export interface JoinToken {
  readonly token: string;
  readonly caCertHash: string;
}

/** kubeadm's configuration for a worker. */
export function joinConfig(node: RackNode, controlPlane: string, { token, caCertHash }: JoinToken): string {
  return documents({
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'JoinConfiguration',
    discovery: {
      bootstrapToken: { token, apiServerEndpoint: `${controlPlane}:6443`, caCertHashes: [caCertHash] },
    },
    nodeRegistration: registration(node),
  });
}

/** Reads token and hash from the line that `kubeadm token create --print-join-command` prints. */
export function parseJoinCommand(line: string): JoinToken {
  const token = /--token (\S+)/.exec(line)?.[1];
  const caCertHash = /--discovery-token-ca-cert-hash (\S+)/.exec(line)?.[1];
  if (token === undefined || caCertHash === undefined) {
    throw new PilabError({
      code: 'RACK_JOIN',
      message: `kubeadm's join command is not understood: ${line}`,
      exitCode: 3,
    });
  }
  return { token, caCertHash };
}

const KUBECTL = ['sudo', 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];

/** Makes the cluster on booted, bare nodes and gives the admin's kubeconfig. Knows nothing of the rack but its addresses. */
export async function makeCluster(run: OnHost, flannelManifest: string, say: (what: string) => void): Promise<string> {
  const { address } = controlPlane();
  say('kubeadm init');
  await put(run, address, initConfig(controlPlane()));
  await run(address, ['sudo', 'kubeadm', 'init', '--config', '/run/pilab-kubeadm.yaml']);
  // The network first: it starts on each node while the next joins.
  await run(address, [...KUBECTL, 'apply', '-f', '-'], { input: flannelManifest });
  const token = parseJoinCommand(await run(address, ['sudo', 'kubeadm', 'token', 'create', '--print-join-command']));
  say('kubeadm join');
  await Promise.all(
    NODES.slice(1).map(async (node) => {
      await put(run, node.address, joinConfig(node, address, token));
      await run(node.address, ['sudo', 'kubeadm', 'join', '--config', '/run/pilab-kubeadm.yaml']);
    }),
  );
  return run(address, ['sudo', 'cat', '/etc/kubernetes/admin.conf']);
}

function controlPlane(): RackNode {
  const [first] = NODES;
  if (!first) throw new Error('the plan has no node');
  return first;
}

async function put(run: OnHost, address: string, config: string): Promise<void> {
  await run(address, ['sudo', 'install', '-m', '600', '/dev/stdin', '/run/pilab-kubeadm.yaml'], { input: config });
}

function rollout(namespace: string, what: string): string[] {
  return [...KUBECTL, '--namespace', namespace, 'rollout', 'status', what, '--timeout=120s'];
}

/** Waits until every node is Ready and has its pod network; a pod that comes earlier fails, and waits 10 s for its next try. */
export async function waitForNetwork(run: OnHost): Promise<void> {
  const { address } = controlPlane();
  await run(address, [...KUBECTL, 'wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=120s']);
  await run(address, rollout('kube-flannel', 'daemonset/kube-flannel-ds'));
}

/** Waits until the cluster's DNS and proxies run everywhere. */
export async function waitForServices(run: OnHost): Promise<void> {
  const { address } = controlPlane();
  await run(address, rollout('kube-system', 'daemonset/kube-proxy'));
  await run(address, rollout('kube-system', 'deployment/coredns'));
}
