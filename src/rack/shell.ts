import { delimiter, dirname } from 'node:path';
import { PilabError } from '../errors.js';
import { requireRack, runAttached, runInside } from './enter.js';
import { initPid } from './nodes.js';
import { NODES } from './plan.js';
import { rackPaths } from './state.js';

/** Runs a command (a shell when there is none) at the operator's place, with kubectl at hand. */
export async function operatorShell(argv: readonly string[]): Promise<number> {
  requireRack();
  const { kubeconfig, kubectl } = rackPaths();
  const path = [dirname(kubectl), process.env['PATH'] ?? ''].join(delimiter);
  const shell = process.env['SHELL'] ?? '/bin/sh';
  return runInside(argv.length > 0 ? argv : [shell], { KUBECONFIG: kubeconfig, PATH: path });
}

/**
 * Runs a command (a shell when there is none) as root on a node, by its init's namespaces: works with a stopped sshd
 * too. In its cgroups it is not: what is started here belongs to the person, and `rack down` does not end it.
 */
export async function nodeShell(name: string, argv: readonly string[]): Promise<number> {
  requireRack();
  const node = NODES.find((each) => each.name === name);
  if (!node) {
    const hint = `nodes: ${NODES.map((each) => each.name).join(', ')}; a command comes after --`;
    throw new PilabError({ code: 'RACK_NO_NODE', message: `the rack has no node "${name}"`, hint });
  }
  const pid = initPid(node.name);
  if (pid === undefined) {
    throw new PilabError({
      code: 'RACK_NODE_DOWN',
      message: `${name} does not run`,
      hint: 'pilab rack up',
      exitCode: 3,
    });
  }
  const enter = [
    'nsenter',
    '--target',
    String(pid),
    '--mount',
    '--uts',
    '--ipc',
    '--net',
    '--pid',
    '--cgroup',
    '--root',
    '--wd',
  ];
  const env = [
    'env',
    '--ignore-environment',
    'HOME=/root',
    `TERM=${process.env['TERM'] ?? 'dumb'}`,
    `PATH=${NODE_PATH}`,
  ];
  return runAttached([...enter, '--', ...env, ...(argv.length > 0 ? argv : ['bash', '--login'])]);
}

const NODE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
