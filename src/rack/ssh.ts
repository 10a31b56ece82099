import { command } from './command.js';
import { inNamespace } from './network.js';
import { RACK_NETNS, rackPaths } from './state.js';

/** "Run this argument vector on that host": all that making a cluster needs to know about a machine. */
export type OnHost = (
  address: string,
  argv: readonly string[],
  options?: { input?: string; timeout?: number },
) => Promise<string>;

/** Quotes a word for the remote shell: ssh joins its arguments with spaces, and the other side splits them again. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The ssh command from the operator's place, with the rack's own key and host keys, and nobody's personal settings. */
export function sshCommand(address: string, argv: readonly string[]): string[] {
  const { key, knownHosts } = rackPaths();
  const options = {
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    BatchMode: 'yes',
    ConnectTimeout: '5',
    LogLevel: 'ERROR',
  };
  return inNamespace(RACK_NETNS, [
    ...['ssh', '-F', '/dev/null', '-i', key],
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...[`pi@${address}`, '--', ...argv.map(quote)],
  ]);
}

/** {@link OnHost} by the ssh command. */
export const onHost: OnHost = async (address, argv, options) => command(sshCommand(address, argv), options);
