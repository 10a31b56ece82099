import { readFileSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PilabError } from '../errors.js';
import { isProgram } from './binaries.js';
import type { Artefact } from './cache.js';
import { hierarchies } from './cgroups.js';
import { command, rackFile } from './command.js';
import { rackPaths } from './state.js';

/** What is known about this machine before anything on it is changed. */
export interface Facts {
  readonly uid: number;
  readonly freeBytes: number;
  /** Magic number of the cache's file system. */
  readonly fileSystem: number;
  /** Kernel features that a look did not find, in words. */
  readonly missingFeatures: readonly string[];
  /** Output of `go env GOVERSION`; undefined without Go. */
  readonly go: string | undefined;
}

const GIB = 1024 ** 3;
/** What three running nodes write. */
const NODES_GIB = 2;
const OVERLAYFS = 0x794c7630;
/** Traefik's go.mod asks for it; everything else would do with 1.25. */
const GO_MINOR = 26;

/** What is about to be made, and where. */
export interface Plan {
  readonly missing: readonly Pick<Artefact, 'name' | 'gib'>[];
  readonly cache: string;
}

/** The first reason why the rack cannot be on such a machine; undefined when it can. */
export function judge(facts: Facts, { missing, cache }: Plan): PilabError | undefined {
  const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
  const need = missing.reduce((sum, artefact) => sum + artefact.gib, NODES_GIB) * GIB;
  if (facts.uid !== 0) {
    const message = 'the rack needs root: it makes network namespaces, mounts and cgroups';
    return new PilabError({ code: 'RACK_NO_ROOT', message, hint: 'run it again with sudo' });
  }
  if (facts.missingFeatures.length > 0) {
    const message = `this kernel lacks what the rack needs: ${facts.missingFeatures.join(', ')}`;
    return new PilabError({
      code: 'RACK_KERNEL',
      message,
      hint: 'nothing was changed; another machine or kernel may have it',
    });
  }
  if (facts.fileSystem === OVERLAYFS) {
    const message = `the cache ${cache} lies on an overlay file system, on which nodes cannot have overlays of their own`;
    return new PilabError({ code: 'RACK_DISK', message, hint: 'set XDG_CACHE_HOME to a folder on a plain disk' });
  }
  if (facts.freeBytes < need) {
    const message = `the rack needs ${gib(need)} of free disk for ${cache}; there are ${gib(facts.freeBytes)}`;
    return new PilabError({
      code: 'RACK_DISK',
      message,
      hint: 'make room, or set XDG_CACHE_HOME to a folder on another disk',
    });
  }
  if (missing.some((artefact) => isProgram(artefact.name)) && !goIsNewEnough(facts.go)) {
    const message = `building the rack needs Go 1.${GO_MINOR} or newer; this machine has ${facts.go ?? 'none'}`;
    return new PilabError({
      code: 'RACK_NO_GO',
      message,
      hint: `install Go 1.${GO_MINOR} or newer and put it on the PATH`,
    });
  }
  return undefined;
}

function goIsNewEnough(version: string | undefined): boolean {
  const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= GO_MINOR);
}

/** Options of a kernel configuration that the nodes need, with the words a person knows them by. */
const KERNEL_OPTIONS: Readonly<Record<string, string>> = {
  CONFIG_OVERLAY_FS: 'overlay file system',
  CONFIG_VXLAN: 'VXLAN',
  CONFIG_VETH: 'veth',
  CONFIG_BRIDGE: 'bridge',
  CONFIG_BRIDGE_NETFILTER: 'br_netfilter',
  CONFIG_NF_CONNTRACK: 'connection tracking',
  CONFIG_NF_TABLES: 'nftables',
  CONFIG_NETFILTER_XT_MATCH_STATISTIC: 'iptables statistic match',
  CONFIG_NETFILTER_XT_MATCH_COMMENT: 'iptables comment match',
  CONFIG_NETFILTER_XT_MATCH_RECENT: 'iptables recent match',
};

/** Features that a kernel configuration (config.gz, unpacked) does not have. */
export function missingOptions(config: string): string[] {
  const has = (option: string): boolean => new RegExp(`^${option}=[ym]$`, 'm').test(config);
  return Object.entries(KERNEL_OPTIONS)
    .filter(([option]) => !has(option))
    .map(([, words]) => words);
}

/** cgroup v1 controllers that the nodes' kubelets and runtimes use. */
const CONTROLLERS = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'pids', 'name=systemd'];

/** Controllers that no mounted v1 hierarchy has. */
export function missingControllers(mounts: string): string[] {
  const present = new Set(hierarchies(mounts).flatMap((hierarchy) => hierarchy.controllers));
  if (present.size === 0) return ['cgroup v1 (only v2 is mounted)'];
  return CONTROLLERS.filter((controller) => !present.has(controller)).map((controller) => `cgroup v1 ${controller}`);
}

/** Throws before anything is changed when the rack cannot be here. */
export async function preflight(missing: readonly Artefact[]): Promise<void> {
  const { cache } = rackPaths();
  const problem = judge(await lookAround(cache), { missing, cache });
  if (problem) throw problem;
}

async function lookAround(cache: string): Promise<Facts> {
  const disk = await statfs(await existing(cache));
  const mounts = readFileSync('/proc/self/mounts', 'utf8');
  return {
    uid: process.getuid?.() ?? -1,
    freeBytes: disk.bavail * disk.bsize,
    fileSystem: disk.type,
    missingFeatures: [...missingControllers(mounts), ...(await kernelFeatures())],
    go: await goVersion(),
  };
}

async function goVersion(): Promise<string | undefined> {
  try {
    return (await command(['go', 'env', 'GOVERSION'])).trim();
  } catch {
    return undefined; // not there, or not usable by this user
  }
}

/** The nearest folder above a path that exists: where its disk is. */
async function existing(path: string): Promise<string> {
  const there = await access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
  return there ? path : existing(dirname(path));
}

/** The kernel's own configuration where it tells it; otherwise the file that distributions keep beside it. */
async function kernelFeatures(): Promise<string[]> {
  const config = await command(['/bin/sh', rackFile('kernel-config.sh')]);
  return config === '' ? [] : missingOptions(config);
}
