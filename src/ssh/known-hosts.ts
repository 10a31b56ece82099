import { createHash, createHmac } from 'node:crypto';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  readonly marker: 'revoked' | undefined;
  /** Comma-separated patterns, or one hashed name `|1|salt|hash`. */
  readonly hosts: string;
  /** e.g. `ssh-ed25519`. */
  readonly type: string;
  /** The key as it goes over the wire. */
  readonly key: Buffer;
  readonly file: string;
  readonly line: number;
}

/**
 * What known_hosts says of a key. `changed` has the entries that name the host with other keys: OpenSSH, too, takes a
 * key of another type for a change once any key of the host is known.
 */
export type HostKeyCheck =
  'known' | 'unknown' | { readonly changed: readonly KnownHost[] } | { readonly revoked: KnownHost };

/**
 * The entries of a known_hosts file. Lines that are no entry are skipped, as OpenSSH does; so are certificate
 * authorities, because ssh2 knows no certificates.
 */
export function parseKnownHosts(file: string, text: string): KnownHost[] {
  return text.split(/\r?\n/).flatMap((content, index): KnownHost[] => {
    const fields = content.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [hosts, type, base64] = fields;
    if (hosts === undefined || hosts.startsWith('#') || type === undefined || base64 === undefined) return [];
    if (marker !== undefined && marker !== '@revoked') return [];
    const key = Buffer.from(base64, 'base64');
    // The blob names its own type; a line whose halves disagree is damaged.
    if (keyType(key) !== type) return [];
    return [{ marker: marker === undefined ? undefined : 'revoked', hosts, type, key, file, line: index + 1 }];
  });
}

/**
 * Looks a server's key up. `alias` (OpenSSH's HostKeyAlias) stands in for address and port. A key that is known for
 * the address without its port is accepted for any port, as OpenSSH does.
 */
export function checkHostKey(
  entries: readonly KnownHost[],
  host: string,
  port: number,
  alias: string | undefined,
  key: Buffer,
): HostKeyCheck {
  const name = knownHostsName(host, port, alias);
  const matching = entries.filter((entry) => matches(entry, name));
  const bare = alias === undefined && name !== host ? entries.filter((entry) => matches(entry, host)) : [];
  const revoked = [...matching, ...bare].find((entry) => entry.marker === 'revoked' && entry.key.equals(key));
  if (revoked !== undefined) return { revoked };
  const named = matching.filter((entry) => entry.marker === undefined);
  if (named.some((entry) => entry.key.equals(key))) return 'known';
  if (named.length > 0) return { changed: named };
  return bare.some((entry) => entry.marker === undefined && entry.key.equals(key)) ? 'known' : 'unknown';
}

/** Types of the keys that are known for a host, in the order of the files. */
export function knownKeyTypes(
  entries: readonly KnownHost[],
  host: string,
  port: number,
  alias: string | undefined,
): string[] {
  const names = [knownHostsName(host, port, alias), ...(alias === undefined ? [host] : [])];
  const types = names.flatMap((name) =>
    entries.filter((entry) => entry.marker === undefined && matches(entry, name)).map(({ type }) => type),
  );
  return [...new Set(types)];
}

/** The name under which OpenSSH lists a host: `[address]:port` for a port other than 22. */
export function knownHostsName(host: string, port: number, alias?: string): string {
  return (alias ?? (port === 22 ? host : `[${host}]:${port}`)).toLowerCase();
}

/** A key's type, from its wire form (RFC 4253 section 6.6: a length and a name come first). */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

/** A key's fingerprint as OpenSSH prints it: `SHA256:` and unpadded base64. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function matches({ hosts }: KnownHost, name: string): boolean {
  if (hosts.startsWith('|')) {
    const [, version, salt, hash] = hosts.split('|');
    if (version !== '1' || salt === undefined || hash === undefined) return false;
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name.toLowerCase()).digest('base64') === hash;
  }
  const patterns = hosts.split(',');
  const isListed = (pattern: string): boolean => wildcard(pattern).test(name);
  // One negated pattern that matches rules the whole line out.
  if (patterns.some((pattern) => pattern.startsWith('!') && isListed(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && isListed(pattern));
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
}
