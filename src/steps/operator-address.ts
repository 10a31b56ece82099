import type { StepContext } from './context.js';

/**
 * The operator's address as the nodes see it: sshd tells each session where it comes from (sshd(8), SSH_CONNECTION), and
 * unlike the machine's own list of addresses that is right behind NAT too, as on WSL. Undefined: every way to the lab
 * leads through a jump host, whose address it would be.
 */
export async function operatorAddress({ lab, places, signal }: StepContext): Promise<string | undefined> {
  const direct = lab.hosts.find(({ jump }) => jump === undefined);
  if (direct === undefined) return undefined;
  const { stdout } = await places.host(direct.name).exec(['printenv', 'SSH_CONNECTION'], { signal });
  // IPv4 clients of a socket that serves both families.
  const address = (stdout.split(' ')[0] ?? '').replace(/^::ffff:/, '');
  return address === '' ? undefined : address;
}
