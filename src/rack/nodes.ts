import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { artefactPath } from './cache.js';
import { processes } from './cgroups.js';
import { command } from './command.js';
import { containerdState } from './containerd-state.js';
import { launch } from './launch.js';
import type { RackNode } from './plan.js';
import { hostsFile, PLAN } from './plan.js';
import { NODE_BASE, nodeLayer, rootOf } from './rootfs.js';
import { rackPaths } from './state.js';

/** What a node writes to: its overlay's upper folder, containerd's state, the mount point. */
function nodeFolders(node: RackNode): Record<'home' | 'upper' | 'work' | 'root' | 'containerd', string> {
  const home = join(rackPaths().nodes, node.name);
  return {
    home,
    upper: join(home, 'upper'),
    work: join(home, 'work'),
    root: join(home, 'root'),
    containerd: join(home, 'containerd'),
  };
}

/** Mount points of all nodes that have one. */
export function nodeMounts(): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return mounts.filter((mount) => mount.startsWith(`${rackPaths().nodes}/`));
}

/**
 * containerd's state for one node. Everything in it is written once and never changed, except its databases: so hard
 * links into the cache and real copies of those. A second's work instead of gigabytes.
 */
async function linkContainerdState(to: string): Promise<void> {
  await command(['cp', '--archive', '--link', join(artefactPath(containerdState()), 'state'), to]);
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    const inContent = entry.parentPath.includes('/snapshots/') || entry.parentPath.includes('/blobs/');
    if (!entry.isFile() || inContent) continue;
    const path = join(entry.parentPath, entry.name);
    await copyFile(path, `${path}.own`);
    await command(['mv', `${path}.own`, path]);
  }
}

/** Files that differ from node to node, written before it boots. */
async function writeOwnFiles(node: RackNode, upper: string, publicKey: string): Promise<string> {
  const put = async (path: string, text: string, mode = 0o644): Promise<void> => {
    await mkdir(dirname(join(upper, path)), { recursive: true });
    await writeFile(join(upper, path), text, { mode });
  };
  await put('etc/hostname', `${node.name}\n`);
  await put('etc/hosts', hostsFile(node.name));
  await put('etc/resolv.conf', `nameserver ${PLAN.operator}\n`);
  await put('etc/machine-id', `${crypto.randomUUID().replaceAll('-', '')}\n`);
  await put('etc/default/kubelet', `KUBELET_EXTRA_ARGS=--node-ip=${node.address}\n`);
  const hostKey = join(upper, 'etc/ssh/ssh_host_ed25519_key');
  await mkdir(dirname(hostKey), { recursive: true });
  await command(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', node.name, '-f', hostKey]);
  // Uid 1000: the first user that the rootfs made.
  const ssh = join(upper, 'home/pi/.ssh');
  await mkdir(ssh, { recursive: true, mode: 0o700 });
  await put('home/pi/.ssh/authorized_keys', publicKey, 0o600);
  await command(['chown', '-R', '1000:1000', join(upper, 'home/pi')]);
  const [type, key] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ');
  return `${node.address},${node.name} ${type ?? ''} ${key ?? ''}`.trim();
}

/** Lays a node's file system; gives its line for known_hosts. */
export async function prepareNode(node: RackNode, publicKey: string): Promise<string> {
  const folders = nodeFolders(node);
  await rm(folders.home, { recursive: true, force: true });
  for (const folder of [folders.upper, folders.work, folders.root]) await mkdir(folder, { recursive: true });
  await linkContainerdState(folders.containerd);
  const knownHost = await writeOwnFiles(node, folders.upper, publicKey);
  const lower = [rootOf(nodeLayer()), rootOf(NODE_BASE)].join(':');
  const options = `lowerdir=${lower},upperdir=${folders.upper},workdir=${folders.work}`;
  await command(['mount', '-t', 'overlay', 'overlay', '-o', options, folders.root]);
  return knownHost;
}

/** The container's command: systemd as its init, in the node's network, with the powers that kubelet and runc need. */
export function nspawnCommand(node: RackNode, root: string, containerd: string): string[] {
  return [
    ...['systemd-nspawn', '--quiet', '--register=no', '--keep-unit', '--kill-signal=SIGRTMIN+3', '--console=passive'],
    ...[
      `--network-namespace-path=/run/netns/${node.netns}`,
      `--machine=${node.netns}`,
      `--hostname=${node.name}`,
      `--directory=${root}`,
    ],
    // Its resolv.conf, clock and journal are the node's own; without the keyring calls runc fails on every sandbox.
    ...['--resolv-conf=off', '--timezone=off', '--link-journal=no', '--capability=all'],
    '--system-call-filter=@keyring bpf @debug @clock',
    ...[`--bind=${containerd}:/var/lib/containerd`, '--bind=/dev/kmsg', '--boot'],
  ];
}

/** Boots a node; returns at once. */
export async function bootNode(node: RackNode): Promise<void> {
  const { root, containerd } = nodeFolders(node);
  await launch(node.name, nspawnCommand(node, root, containerd), {
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '0',
    SYSTEMD_NSPAWN_API_VFS_WRITABLE: '1',
    SYSTEMD_NSPAWN_USE_CGNS: '1',
  });
}

/**
 * The pid of a machine's init as seen from here: in the machine's cgroup, one pid namespace deep, number 1 there.
 * Containers inside a node are deeper.
 */
export function initPid(machine: string, pids: readonly number[] = processes(machine)): number | undefined {
  return pids.find((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const numbers = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
      return numbers.length === 2 && numbers[1] === '1';
    } catch {
      return false;
    }
  });
}
