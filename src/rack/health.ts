import { readFile } from 'node:fs/promises';
import type { AddonState } from '../addons/installed.js';
import { addonHealth } from './addons.js';
import { processes } from './cgroups.js';
import { command, succeeds } from './command.js';
import { DNS_SERVER } from './lan-services.js';
import { keeper } from './launch.js';
import { inNamespace, presentNamespaces } from './network.js';
import { initPid } from './nodes.js';
import { NAMESPACES, NODES, PLAN, WEBS } from './plan.js';
import { onHost } from './ssh.js';
import { RACK_NETNS, rackPaths } from './state.js';

/** One node as it is now. */
export interface NodeHealth {
  readonly name: string;
  readonly address: string;
  readonly booted: boolean;
  readonly ssh: boolean;
  readonly ready: boolean;
  /** Of its kubelet; empty when it is not in the cluster. */
  readonly version: string;
}

/** A service on the LAN beside the nodes. */
export interface ServiceHealth {
  readonly name: string;
  readonly address: string;
  readonly answers: boolean;
}

/** The whole rack as it is now. */
export interface RackHealth {
  /** Every process that the rack started still runs, in every namespace it made. */
  readonly processes: boolean;
  readonly nodes: readonly NodeHealth[];
  readonly services: readonly ServiceHealth[];
  readonly addons: readonly AddonState[];
}

/** Whether everything is as `rack up` leaves it. */
export function isHealthy(health: RackHealth): boolean {
  return complaints(health).length === 0;
}

/** What is not as `rack up` leaves it, in words; nothing for a healthy rack. */
export function complaints(health: RackHealth): string[] {
  const nodes = health.nodes.flatMap((node) => {
    if (!node.booted) return [`${node.name} does not run`];
    return [...(node.ssh ? [] : [`${node.name}: no SSH`]), ...(node.ready ? [] : [`${node.name}: not Ready`])];
  });
  const services = health.services.filter((service) => !service.answers).map((service) => `${service.name}: no answer`);
  const addons = health.addons
    .filter((addon) => !addon.ready)
    .map(({ name, version }) => `${name}: ${version === undefined ? 'not installed' : 'not ready'}`);
  const processes = health.processes ? [] : ['processes or namespaces of the rack are gone'];
  return [...processes, ...nodes, ...services, ...addons];
}

/** Whether nothing is wrong but add-ons: installing them again may be all that it needs. */
export function lacksOnlyAddons(health: RackHealth): boolean {
  return !isHealthy(health) && isHealthy({ ...health, addons: [] });
}

/** Looks at everything, from the operator's place. */
export async function health(): Promise<RackHealth> {
  const [kubelets, addons] = await Promise.all([readyNodes(), addonHealth()]);
  const [nodes, services, alive] = await Promise.all([
    Promise.all(NODES.map(async (node) => nodeHealth(node.name, node.address, kubelets))),
    Promise.all([dnsHealth(), ...WEBS.map(async (web) => webHealth(web.name, web.address))]),
    allProcesses(),
  ]);
  return { processes: alive, nodes, services, addons };
}

async function allProcesses(): Promise<boolean> {
  if (presentNamespaces().length < NAMESPACES.length) return false;
  for (const machine of [DNS_SERVER, ...WEBS.map((web) => web.name), ...NODES.map((node) => node.name)]) {
    if ((await keeper(machine, processes(machine))) === undefined) return false;
  }
  return NODES.every((node) => initPid(node.name) !== undefined);
}

async function nodeHealth(name: string, address: string, kubelets: Map<string, Kubelet>): Promise<NodeHealth> {
  const booted = initPid(name) !== undefined;
  const ssh =
    booted &&
    (await onHost(address, ['true'], { timeout: 8_000 }).then(
      () => true,
      () => false,
    ));
  const kubelet = kubelets.get(name);
  return { name, address, booted, ssh, ready: kubelet?.ready ?? false, version: kubelet?.version ?? '' };
}

interface Kubelet {
  readonly ready: boolean;
  readonly version: string;
}

interface NodeList {
  items: {
    metadata: { name: string };
    status: { nodeInfo: { kubeletVersion: string }; conditions: { type: string; status: string }[] };
  }[];
}

async function readyNodes(): Promise<Map<string, Kubelet>> {
  const { kubectl, kubeconfig } = rackPaths();
  try {
    // Not even the namespace: then there is nothing to ask, and `ip netns exec` would only complain.
    await readFile(kubeconfig);
    const argv = [kubectl, '--kubeconfig', kubeconfig, '--request-timeout=5s', 'get', 'nodes', '-o', 'json'];
    const list = JSON.parse(await command(inNamespace(RACK_NETNS, argv), { timeout: 10_000 })) as NodeList;
    return new Map(
      list.items.map(({ metadata, status }) => [
        metadata.name,
        {
          ready: status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
          version: status.nodeInfo.kubeletVersion,
        },
      ]),
    );
  } catch {
    return new Map();
  }
}

async function dnsHealth(): Promise<ServiceHealth> {
  const name = WEBS[0]?.name ?? '';
  const ask = [
    'curl',
    '--silent',
    '--fail',
    '--max-time',
    '3',
    '--output',
    '/dev/null',
    `http://${name}.${PLAN.zone}/`,
  ];
  return { name: 'dns', address: PLAN.operator, answers: await succeeds(inNamespace(RACK_NETNS, ask)) };
}

async function webHealth(name: string, address: string): Promise<ServiceHealth> {
  const host = ['--header', `Host: ${name}.${PLAN.zone}`];
  const curl = [
    'curl',
    '--silent',
    '--fail',
    '--max-time',
    '3',
    '--output',
    '/dev/null',
    ...host,
    `http://${address}/`,
  ];
  return { name, address, answers: await succeeds(inNamespace(RACK_NETNS, curl)) };
}
