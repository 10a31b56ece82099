import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { command } from './command.js';
import { NAMESPACES, networkCommands, PLAN } from './plan.js';
import { RACK_NETNS } from './state.js';

const RESOLVER_DIR = `/etc/netns/${RACK_NETNS}`;

/** The argument vector that runs another one in a namespace of the rack. */
export function inNamespace(netns: string, argv: readonly string[]): string[] {
  return ['ip', 'netns', 'exec', netns, ...argv];
}

/** Namespaces of the rack that exist now. */
export function presentNamespaces(): string[] {
  return NAMESPACES.filter((netns) => existsSync(`/run/netns/${netns}`));
}

/** Makes the LAN. Nothing is added to the machine's own network: everything is inside the namespaces. */
export async function makeNetwork(): Promise<void> {
  for (const argv of networkCommands()) await command(['ip', ...argv]);
  await setSysctls();
  // `ip netns exec` lays this file over /etc/resolv.conf for whatever it runs.
  await mkdir(RESOLVER_DIR, { recursive: true });
  await writeFile(`${RESOLVER_DIR}/resolv.conf`, `nameserver ${PLAN.operator}\n`);
}

/**
 * The operator's place is the LAN's gateway too. It forwards, and knows no way out: a packet to anywhere else is
 * answered "network unreachable" at once instead of vanishing. Bridged frames are no business of its iptables.
 */
async function setSysctls(): Promise<void> {
  const settings = {
    'ipv4/ip_forward': '1',
    'bridge/bridge-nf-call-iptables': '0',
    'bridge/bridge-nf-call-ip6tables': '0',
  };
  for (const [name, value] of Object.entries(settings)) {
    await command(inNamespace(RACK_NETNS, ['tee', `/proc/sys/net/${name}`]), { input: value });
  }
}

/** Removes the namespaces, and with them every link and address in them. */
export async function removeNetwork(): Promise<void> {
  for (const netns of presentNamespaces()) await command(['ip', 'netns', 'delete', netns]);
  await rm(RESOLVER_DIR, { recursive: true, force: true });
}
