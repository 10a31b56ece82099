import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PilabError } from '../errors.js';
import { command } from './command.js';

/** A program that the rack runs on this machine, and the Debian package that brings it. */
interface Tool {
  readonly program: string;
  readonly package: string;
  /** Only to build the cache. @default false */
  readonly cold?: boolean;
}

const TOOLS: readonly Tool[] = [
  { program: 'ip', package: 'iproute2' },
  { program: 'systemd-nspawn', package: 'systemd-container' },
  { program: 'ssh', package: 'openssh-client' },
  { program: 'ssh-keygen', package: 'openssh-client' },
  { program: 'nsenter', package: 'util-linux' },
  { program: 'mount', package: 'mount' },
  { program: 'setpriv', package: 'util-linux', cold: true },
  { program: 'curl', package: 'curl' },
  { program: 'mmdebstrap', package: 'mmdebstrap', cold: true },
  { program: 'gcc', package: 'gcc', cold: true },
  // Headers and archive of the C library come apart from the compiler.
  { program: '../include/stdio.h', package: 'libc6-dev', cold: true },
  { program: 'tar', package: 'tar', cold: true },
];

/** Where `program` lies on the PATH; Debian leaves the sbin folders out of a plain user's. */
export function findProgram(program: string, path: string = process.env['PATH'] ?? ''): string | undefined {
  const folders = [...path.split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

/** The Debian packages that are missing for a run. */
export function missingPackages(cold: boolean, find: (program: string) => string | undefined = findProgram): string[] {
  const missing = TOOLS.filter((tool) => (cold || tool.cold !== true) && find(tool.program) === undefined);
  const packages = missing.map((tool) => tool.package);
  return [...new Set(packages)];
}

/** Installs what is missing, and nothing else. */
export async function installPackages({ cold, say }: { cold: boolean; say: (what: string) => void }): Promise<void> {
  const packages = missingPackages(cold);
  if (packages.length === 0) return;
  if (findProgram('apt-get') === undefined) {
    const message = `programs are missing that these Debian packages bring: ${packages.join(', ')}; this machine has no apt`;
    throw new PilabError({ code: 'RACK_PACKAGES', message, hint: 'install them by hand, then run it again' });
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  say('updating the package lists');
  await command(['apt-get', 'update', '--quiet=2'], { env });
  say(packages.join(', '));
  await command(['apt-get', 'install', '--yes', '--quiet=2', '--no-install-recommends', ...packages], { env });
}
