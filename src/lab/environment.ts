import { statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

/** What a lab takes from the machine it is loaded on. */
export interface LabEnvironment {
  readonly home: string;
  /** Local user name, the last resort for a login name. */
  readonly user: string;
  /** SSH_AUTH_SOCK. */
  readonly agent: string | undefined;
  /** OpenSSH's own config of this person; need not exist. @default ~/.ssh/config */
  readonly sshConfigFile: string;
  /** Known hosts of the whole machine; need not exist. @default /etc/ssh/ssh_known_hosts */
  readonly systemKnownHostsFile: string;
}

/** The environment of this process, with parts of it replaced. */
export function labEnvironment(replaced: Partial<LabEnvironment> = {}): LabEnvironment {
  const home = replaced.home ?? homedir();
  return {
    home,
    user: replaced.user ?? localUser(),
    agent: 'agent' in replaced ? replaced.agent : process.env['SSH_AUTH_SOCK'] || undefined,
    sshConfigFile: replaced.sshConfigFile ?? join(home, '.ssh', 'config'),
    systemKnownHostsFile: replaced.systemKnownHostsFile ?? '/etc/ssh/ssh_known_hosts',
  };
}

/** An absolute path: `~/` is the home directory, anything relative starts at `directory`. */
export function absolutePath(path: string, directory: string, home: string): string {
  if (path === '~') return home;
  return path.startsWith('~/') ? join(home, path.slice(2)) : resolve(directory, path);
}

/** Whether a file can be seen there; a directory on the way that may not be entered counts as no. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user id may have no name.
    return process.env['USER'] ?? 'root';
  }
}
