import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import SSHConfig, { type Line, glob } from 'ssh-config';
import { PilabError, messageOf } from '../errors.js';
import { type LabEnvironment, absolutePath } from './environment.js';

/** What OpenSSH's config says of one host; a key that it does not mention is undefined. */
export interface OpenSshEntry {
  readonly hostName?: string;
  readonly port?: number;
  readonly user?: string;
  /** Absolute; need not exist. `[]`: IdentityFile none. */
  readonly identityFiles?: readonly string[];
  /** In the order of travel. `[]`: ProxyJump none. */
  readonly proxyJump?: readonly string[];
  readonly hostKeyAlias?: string;
  readonly knownHosts?: readonly string[];
}

const MAX_INCLUDES = 16;

/**
 * Reads OpenSSH's config (ssh_config(5)) and answers for one host after the other; no file is an empty config. `Match
 * exec` never matches: reading a lab runs no commands.
 */
export function readOpenSshConfig(environment: LabEnvironment): (host: string) => OpenSshEntry {
  const config = new SSHConfig();
  config.push(...readLines(environment.sshConfigFile, environment, 0));
  return (host) => {
    const found = config.compute(host, { ignoreCase: true, matchExec: false });
    const all = (key: string): string[] | undefined => {
      const value = found[key];
      return value === undefined ? undefined : [value].flat();
    };
    const first = (key: string): string | undefined => all(key)?.[0];
    const hostName = first('hostname')?.replaceAll(/%[h%]/g, (token) => (token === '%h' ? host : '%'));
    const port = Number(first('port'));
    const user = first('user');
    const paths = (key: string): string[] | undefined =>
      all(key)
        ?.filter((path) => path.toLowerCase() !== 'none')
        .map((path) => expand(path, { host: hostName ?? host, user: user ?? environment.user, environment }));
    const jump = first('proxyjump');
    return {
      hostName,
      port: Number.isInteger(port) && port > 0 ? port : undefined,
      user,
      identityFiles: paths('identityfile'),
      proxyJump: jump?.toLowerCase() === 'none' ? [] : jump?.split(',').map((hop) => hop.trim()),
      hostKeyAlias: first('hostkeyalias'),
      knownHosts: paths('userknownhostsfile'),
    };
  };
}

/** The lines of a config file with its includes put in place. */
function readLines(file: string, environment: LabEnvironment, depth: number): Line[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    // OpenSSH, too, takes a file that is not there as an empty one.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unreadable(file, error);
  }
  try {
    return withIncludes(SSHConfig.parse(text), environment, depth);
  } catch (error) {
    throw error instanceof PilabError ? error : unreadable(file, error);
  }
}

function withIncludes(lines: readonly Line[], environment: LabEnvironment, depth: number): Line[] {
  return lines.flatMap((line): Line[] => {
    if (line.type !== SSHConfig.DIRECTIVE) return [line];
    if ('config' in line) {
      const config = new SSHConfig();
      config.push(...withIncludes(line.config, environment, depth));
      return [{ ...line, config }];
    }
    if (line.param.toLowerCase() !== 'include' || depth >= MAX_INCLUDES) return [line];
    const patterns = typeof line.value === 'string' ? line.value.split(/\s+/) : line.value.map(({ val }) => val);
    return patterns.flatMap((pattern) =>
      matching(absolutePath(pattern, dirname(environment.sshConfigFile), environment.home)).flatMap((file) =>
        readLines(file, environment, depth + 1),
      ),
    );
  });
}

/** Files for an Include; wildcards are understood in the file's name, where practically everyone has them. */
function matching(pattern: string): string[] {
  if (!/[*?]/.test(basename(pattern))) return [pattern];
  try {
    return readdirSync(dirname(pattern))
      .filter((name) => glob(basename(pattern), name))
      .toSorted()
      .map((name) => join(dirname(pattern), name));
  } catch {
    return [];
  }
}

/** ssh_config(5), TOKENS: those that make sense for a file before a connection exists. */
function expand(
  path: string,
  { host, user, environment }: { host: string; user: string; environment: LabEnvironment },
): string {
  const tokens: Readonly<Record<string, string>> = {
    '%%': '%',
    '%d': environment.home,
    '%h': host,
    '%r': user,
    '%u': environment.user,
  };
  const filled = path.replaceAll(/%[%dhru]/g, (token) => tokens[token] ?? token);
  return absolutePath(filled, environment.home, environment.home);
}

function unreadable(file: string, cause: unknown): PilabError {
  return new PilabError({
    code: 'SSH_CONFIG_INVALID',
    message: `${file}: OpenSSH's config cannot be read: ${messageOf(cause)}`,
    hint: `try: ssh -G -F ${file} localhost`,
    cause,
  });
}
