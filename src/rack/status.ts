import { existsSync } from 'node:fs';
import { command } from './command.js';
import { COREDNS, ETCD, FLANNEL, KUBERNETES_VERSION } from './go-modules.js';
import type { RackHealth } from './health.js';
import { health, isHealthy } from './health.js';
import { requireOutside, requireRoot } from './place.js';
import { rackPaths } from './state.js';

/** What `rack status` tells. */
export interface RackStatus extends RackHealth {
  readonly healthy: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly cacheBytes: number;
  readonly labFile: string;
}

/** Looks at the rack and its cache. */
export async function rackStatus(): Promise<RackStatus> {
  requireRoot();
  requireOutside();
  const now = await health();
  return {
    ...now,
    healthy: isHealthy(now),
    versions: {
      kubernetes: KUBERNETES_VERSION,
      flannel: FLANNEL.version.slice(1),
      etcd: ETCD.version.slice(1),
      coredns: COREDNS.version.slice(1),
    },
    cacheBytes: await cacheBytes(),
    labFile: rackPaths().labFile,
  };
}

/** Size of the cache, each hard-linked file once; what the running nodes wrote is not cache. */
async function cacheBytes(): Promise<number> {
  const { cache, nodes } = rackPaths();
  if (!existsSync(cache)) return 0;
  const answer = await command([
    'du',
    '--summarize',
    '--one-file-system',
    '--block-size=1',
    `--exclude=${nodes}`,
    cache,
  ]);
  return Number(answer.split('\t')[0]);
}

/** The status as a table for people. */
export function statusTable(status: RackStatus): string {
  const yes = (value: boolean): string => (value ? 'yes' : 'NO');
  const rows = [
    ['NODE', 'ADDRESS', 'BOOTED', 'SSH', 'READY', 'VERSION'],
    ...status.nodes.map((node) => [
      ...[node.name, node.address, yes(node.booted), yes(node.ssh), yes(node.ready)],
      node.version === '' ? '-' : node.version,
    ]),
  ];
  const services = [
    ['LAN SERVICE', 'ADDRESS', 'ANSWERS'],
    ...status.services.map((service) => [service.name, service.address, yes(service.answers)]),
  ];
  const addons = [
    ['ADD-ON', 'VERSION', 'READY'],
    ...status.addons.map((addon) => [addon.name, addon.version ?? '-', yes(addon.ready)]),
  ];
  const versions = Object.entries(status.versions).map(([name, version]) => `${name} ${version}`);
  return [
    columns(rows),
    '',
    columns(services),
    '',
    columns(addons),
    '',
    `versions: ${versions.join(', ')}`,
    `cache: ${(status.cacheBytes / 1024 ** 3).toFixed(1)} GiB`,
    `lab file: ${status.labFile}`,
    status.healthy ? 'the rack is healthy' : 'the rack is not healthy: pilab rack up repairs it',
    '',
  ].join('\n');
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
