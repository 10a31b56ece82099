import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { messageOf } from '../errors.js';
import type { LabHost } from '../lab/lab.js';
import { addressOf, sshError } from './errors.js';
import {
  type KnownHost,
  checkHostKey,
  fingerprint,
  keyType,
  knownHostsName,
  knownKeyTypes,
  parseKnownHosts,
} from './known-hosts.js';
import type { Prompt } from './prompt.js';

/** ssh2's own order, without SHA-1 signatures, which OpenSSH refuses since 8.8. */
const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** The known_hosts files of a lab: checks servers' keys, asks about new ones, remembers what was accepted. */
export class HostKeys {
  constructor(private readonly files: readonly string[]) {}

  /**
   * The signature algorithms to ask a host for, those of its known keys first: a server shows only one of its keys, and
   * one of another type would look like a stranger's.
   */
  async algorithms(host: LabHost): Promise<ServerHostKeyAlgorithm[]> {
    const types = knownKeyTypes(await this.entries(host), host.address, host.port, host.hostKeyAlias);
    const isKnown = (name: string): boolean => types.includes(name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name);
    return [...ALGORITHMS.filter(isKnown), ...ALGORITHMS.filter((name) => !isKnown(name))];
  }

  /**
   * Resolves when the key belongs to the host: known, or accepted by the person and then added to the first file.
   * @throws PilabError `SSH_HOST_KEY_UNKNOWN`, `SSH_HOST_KEY_CHANGED` or `SSH_HOST_KEY_REVOKED`
   */
  async verify(host: LabHost, key: Buffer, prompt: Prompt): Promise<void> {
    const check = checkHostKey(await this.entries(host), host.address, host.port, host.hostKeyAlias, key);
    if (check === 'known') return;
    const shown = `${keyType(key)} ${fingerprint(key)}`;
    if (check !== 'unknown') {
      if ('revoked' in check) {
        throw sshError(
          'SSH_HOST_KEY_REVOKED',
          host.name,
          `the host key ${shown} is revoked in ${placeOf(check.revoked)}`,
          {
            hint: 'somebody marked this key as stolen: do not go on until the host has a new one',
          },
        );
      }
      throw changed(host, shown, check.changed);
    }
    const name = knownHostsName(host.address, host.port, host.hostKeyAlias);
    const question = `The host key of ${host.name} (${addressOf(host)}) is not known yet:\n  ${shown}\nDoes the host itself show the same (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub)? Trust it?`;
    if (!prompt.interactive) {
      throw sshError('SSH_HOST_KEY_UNKNOWN', host.name, `the host key ${shown} of ${addressOf(host)} is not known`, {
        hint: `run pilab in a terminal to be asked, or compare and add it: ssh-keyscan -p ${host.port} ${host.address}`,
      });
    }
    if (!(await prompt.confirm(question))) {
      throw sshError('SSH_HOST_KEY_UNKNOWN', host.name, `the host key ${shown} was not accepted`);
    }
    await this.add(host, `${name} ${keyType(key)} ${key.toString('base64')}`);
  }

  private filesOf(host: LabHost): readonly string[] {
    return host.knownHosts ?? this.files;
  }

  /** Read anew each time: another connection, or OpenSSH beside us, may have added a key. */
  private async entries(host: LabHost): Promise<KnownHost[]> {
    const perFile = await Promise.all(
      this.filesOf(host).map(async (file) => parseKnownHosts(file, await this.read(host, file))),
    );
    return perFile.flat();
  }

  private async read(host: LabHost, file: string): Promise<string> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw sshError('SSH_KNOWN_HOSTS', host.name, `${file} cannot be read: ${messageOf(error)}`, { cause: error });
    }
  }

  private async add(host: LabHost, entry: string): Promise<void> {
    const [file] = this.filesOf(host);
    // No file (UserKnownHostsFile none): accepted for this time only.
    if (file === undefined) return;
    try {
      const before = await this.read(host, file);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await appendFile(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${entry}\n`, { mode: 0o600 });
    } catch (error) {
      throw sshError('SSH_KNOWN_HOSTS', host.name, `the accepted key cannot be added to ${file}: ${messageOf(error)}`, {
        hint: 'make the file writable, or name another first under ssh.knownHosts',
        cause: error,
      });
    }
  }
}

function changed(host: LabHost, shown: string, expected: readonly KnownHost[]): Error {
  const known = expected.map((entry) => `${entry.type} ${fingerprint(entry.key)} (${placeOf(entry)})`);
  const name = knownHostsName(host.address, host.port, host.hostKeyAlias);
  return sshError(
    'SSH_HOST_KEY_CHANGED',
    host.name,
    `the host key of ${addressOf(host)} has changed: it shows ${shown}, known is ${known.join(', ')}`,
    {
      hint: `either the host was installed anew or somebody is in between; if you are sure: ssh-keygen -R '${name}' -f ${expected[0]?.file ?? ''}`,
    },
  );
}

function placeOf({ file, line }: KnownHost): string {
  return `${file}:${line}`;
}
