import { join } from 'node:path';
import { type LabEnvironment, absolutePath, isFile } from './environment.js';
import type { LabHost } from './lab.js';
import type { OpenSshEntry } from './openssh.js';
import type { HostInput, LabInput } from './schema.js';

/** What a host's full description is made from. */
export interface HostSources {
  readonly ssh: NonNullable<LabInput['ssh']>;
  /** Directory of the lab file. */
  readonly directory: string;
  readonly environment: LabEnvironment;
  readonly openSsh: (host: string) => OpenSshEntry;
}

type HostObject = Exclude<HostInput, string>;
/** A plain text names a host that has nothing else. */
export const asObject = (host: HostInput): HostObject => (typeof host === 'string' ? { name: host } : host);

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * Fills in every host: the lab file first, then OpenSSH's config (asked for the host's name, then for its address), then
 * defaults. Where no host has a role the first is the control plane.
 */
export function resolveHosts(inputs: readonly HostInput[], sources: HostSources): LabHost[] {
  const hosts = inputs.map(asObject);
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const rolesGiven = hosts.some((host) => host.role !== undefined);

  const resolveOne = (host: HostObject, role: LabHost['role'], trail: readonly string[]): LabHost => {
    const named = sources.openSsh(host.name);
    const addressed = host.address === undefined ? {} : sources.openSsh(host.address);
    const entry = { ...addressed, ...withoutUndefined(named) };
    const hops = host.jump === undefined ? entry.proxyJump : host.jump === 'none' ? [] : [host.jump];
    return {
      name: host.name,
      // The lab's address may itself be an alias of OpenSSH's.
      address: host.address === undefined ? (named.hostName ?? host.name) : (addressed.hostName ?? host.address),
      port: host.port ?? sources.ssh.port ?? entry.port ?? 22,
      user: host.user ?? sources.ssh.user ?? entry.user ?? sources.environment.user,
      role,
      hostKeyAlias: entry.hostKeyAlias,
      keys: keysOf(entry, sources),
      knownHosts: sources.ssh.knownHosts === undefined ? entry.knownHosts : undefined,
      jump: resolveJump(hops ?? [], [...trail, host.name]),
    };
  };

  /** The last hop is the one the host is reached from; each is reached from the one before it. */
  const resolveJump = (hops: readonly string[], trail: readonly string[]): LabHost | undefined => {
    const hop = hops.at(-1);
    // A ring is reported by the loader; OpenSSH, too, lets a jump host ignore a ProxyJump that names itself.
    if (hop === undefined || trail.includes(hop)) return undefined;
    const before = hops.slice(0, -1);
    const known = byName.get(hop);
    if (known !== undefined) {
      const host = resolveOne(known, known.role ?? 'worker', trail);
      return before.length === 0 ? host : { ...host, jump: resolveJump(before, [...trail, hop]) };
    }
    const { user, address, port } = parseHop(hop);
    const entry = sources.openSsh(address);
    return {
      name: address,
      address: entry.hostName ?? address,
      port: port ?? entry.port ?? 22,
      // Not a host of the lab: OpenSSH's config knows it better than the lab's common settings do.
      user: user ?? entry.user ?? sources.ssh.user ?? sources.environment.user,
      role: 'worker',
      hostKeyAlias: entry.hostKeyAlias,
      keys: keysOf(entry, sources),
      knownHosts: sources.ssh.knownHosts === undefined ? entry.knownHosts : undefined,
      jump: resolveJump(before.length > 0 ? before : (entry.proxyJump ?? []), [...trail, hop, address]),
    };
  };

  return hosts.map((host, index) =>
    resolveOne(host, host.role ?? (!rolesGiven && index === 0 ? 'control-plane' : 'worker'), []),
  );
}

/** `user@host:port`, `ssh://user@host:port` and `[address]:port`, as OpenSSH's -J takes them. */
export function parseHop(hop: string): { user?: string; address: string; port?: number } {
  const match = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^@[\]]+?))(?::(\d{1,5}))?$/.exec(hop);
  return {
    user: match?.[1],
    address: match?.[2] ?? match?.[3] ?? hop,
    port: match?.[4] === undefined ? undefined : Number(match[4]),
  };
}

function keysOf(entry: OpenSshEntry, { ssh, directory, environment }: HostSources): string[] {
  if (ssh.keys !== undefined) return ssh.keys.map((key) => absolutePath(key, directory, environment.home));
  const candidates = entry.identityFiles ?? DEFAULT_KEYS.map((name) => join(environment.home, '.ssh', name));
  return [...new Set(candidates)].filter(isFile);
}

function withoutUndefined(entry: OpenSshEntry): OpenSshEntry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
