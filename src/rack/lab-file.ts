import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { command } from './command.js';
import { NODES, PLAN, WEBS } from './plan.js';
import { rackPaths } from './state.js';

/** The lab file that describes the rack, as any lab file describes a cluster. */
export function labFile(): string {
  return stringify({
    lab: 'rack',
    hosts: NODES.map(({ name, address, role }) => ({ name, address, role })),
    ssh: { user: 'pi', keys: ['id_ed25519'], knownHosts: 'known_hosts' },
    sudo: 'passwordless',
    cluster: { kubeconfig: 'kubeconfig' },
    loadBalancer: { pool: [PLAN.pool] },
    ingress: { classes: ['nginx', 'traefik'] },
    outside: WEBS.map(({ name, address }) => ({ name: `${name}.${PLAN.zone}`, address, port: 80 })),
  });
}

/** Makes the lab's folder with a fresh key pair, and gives the public key. */
export async function makeKey(): Promise<string> {
  const { dir, key } = rackPaths();
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  await rm(key, { force: true });
  await rm(`${key}.pub`, { force: true });
  await command(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'pilab rack', '-f', key]);
  return `${await command(['ssh-keygen', '-y', '-f', key])}\n`;
}

/** Writes a private file whole: a reader never sees half of it. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Removes the lab's folder: what it says is no longer so. */
export async function removeLab(): Promise<void> {
  await rm(rackPaths().dir, { recursive: true, force: true });
}
