import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PilabError } from '../errors.js';
import { installAddons } from './addons.js';
import { PROGRAMS, programPath } from './binaries.js';
import type { Artefact } from './cache.js';
import { isCached, make } from './cache.js';
import { makeCluster, waitForNetwork, waitForServices } from './cluster.js';
import { containerdState } from './containerd-state.js';
import { complaints, health, isHealthy, lacksOnlyAddons } from './health.js';
import { labFile, makeKey, writePrivate } from './lab-file.js';
import { startLanServices } from './lan-services.js';
import { withLock } from './lock.js';
import { makeNetwork } from './network.js';
import { bootNode, prepareNode } from './nodes.js';
import { installPackages } from './packages.js';
import { NODES } from './plan.js';
import { preflight } from './preflight.js';
import { requireOutside, requireRoot } from './place.js';
import type { Progress, Task } from './progress.js';
import { IMAGE_BASE, NODE_BASE, nodeLayer } from './rootfs.js';
import { onHost } from './ssh.js';
import { rackPaths } from './state.js';
import { tearDown, remains } from './tear-down.js';

/** Everything that the cache must hold, in the order in which it can be made. */
export function artefacts(): Artefact[] {
  return [IMAGE_BASE, NODE_BASE, ...PROGRAMS, nodeLayer(), containerdState()];
}

/** Brings the rack up from whatever state it is in; a healthy one is left alone. */
export async function rackUp(progress: Progress): Promise<'made' | 'was up'> {
  // Files of images and nodes get their modes from us, whatever the person's habits are.
  process.umask(0o022);
  requireRoot();
  requireOutside();
  // A healthy rack needs nothing, so nothing can be missing for it.
  if (isHealthy(await health())) return leftAlone();
  const missing = artefacts().filter((artefact) => !isCached(artefact));
  await preflight(missing);
  return withLock(async () => {
    if (await comesToHealth(progress)) return leftAlone();
    // What an interrupted build left; its builders died with it.
    await rm(join(rackPaths().cache, 'unfinished'), { recursive: true, force: true });
    await progress.run([
      ...(remains().length > 0 ? [task('remove what is left of the last rack', async () => tearDown())] : []),
      ...prepareTasks(missing),
      ...bootTasks(),
      ...clusterTasks(),
    ]);
    return 'made';
  });
}

/** Only the lab file is written again: another version of pilab may have made this rack, and described it its own way. */
async function leftAlone(): Promise<'was up'> {
  await writePrivate(rackPaths().labFile, labFile());
  return 'was up';
}

/** A rack whose processes all live but which does not answer yet gets a minute: it may just have been started. */
async function comesToHealth(progress: Progress): Promise<boolean> {
  const first = await health();
  if (isHealthy(first)) return true;
  // Without its lab file it was never finished: somebody interrupted its making.
  if (!first.processes || !existsSync(rackPaths().labFile)) return false;
  // Somebody may have broken it on purpose: say what is wrong before their work is taken down with it.
  progress.line(
    `the rack runs, but: ${complaints(first).join(', ')}; it is made new if that does not pass in a minute`,
  );
  if (lacksOnlyAddons(first)) return completesAddons(progress);
  let healthy = false;
  await progress.run([
    task('wait for the rack to answer', async () => {
      for (const end = Date.now() + 60_000; !healthy && Date.now() < end;) {
        await delay(2_000);
        healthy = isHealthy(await health());
      }
    }),
  ]);
  return healthy;
}

/** Add-ons are put right where the rack stands; only when that does not help is it made new. */
async function completesAddons(progress: Progress): Promise<boolean> {
  try {
    await progress.run([task('add-ons', async () => installAddons(ADDONS_LIMIT_MS))]);
  } catch {
    // The task has shown that it failed; what comes next puts everything right.
    return false;
  }
  return isHealthy(await health());
}

/** MetalLB needs 13 to 20 s: its readiness probe waits ten and asks every ten. */
const ADDONS_LIMIT_MS = 60_000;

function task(title: string, run: Task['run']): Task {
  return { title, run };
}

async function delay(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

function prepareTasks(missing: readonly Artefact[]): Task[] {
  return [
    task('Debian packages', async (say) => installPackages({ cold: missing.length > 0, say })),
    ...missing.map((artefact) => task(`build ${artefact.name}`, async (say) => make(artefact, say))),
    task('kubectl', linkKubectl),
  ];
}

/** A stable path for kubectl, whatever its key is now. */
async function linkKubectl(): Promise<void> {
  const { kubectl } = rackPaths();
  await mkdir(dirname(kubectl), { recursive: true });
  await rm(`${kubectl}.new`, { force: true });
  await symlink(programPath('kubectl'), `${kubectl}.new`);
  await rename(`${kubectl}.new`, kubectl);
}

function bootTasks(): Task[] {
  return [
    task('network', makeNetwork),
    task('file systems', async () => {
      const publicKey = await makeKey();
      const lines = await Promise.all(NODES.map((node) => prepareNode(node, publicKey)));
      await writePrivate(rackPaths().knownHosts, `${lines.join('\n')}\n`);
    }),
    task('boot', async (say) => {
      await startLanServices();
      for (const node of NODES) await bootNode(node);
      say('waiting for SSH');
      await Promise.all(NODES.map((node) => answersSsh(node.name, node.address)));
    }),
  ];
}

async function answersSsh(name: string, address: string): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      // The runtime too: kubeadm wants it, and it starts last.
      await onHost(address, ['systemctl', 'is-active', '--quiet', 'containerd.service'], { timeout: 10_000 });
      return;
    } catch (cause) {
      if (Date.now() < end) {
        await delay(300);
        continue;
      }
      const log = join(rackPaths().run, `${name}.log`);
      const message = `${name} does not answer on SSH a minute after its start`;
      throw new PilabError({ code: 'RACK_BOOT', message, hint: `its console: ${log}`, exitCode: 3, cause });
    }
  }
}

function clusterTasks(): Task[] {
  return [
    task('cluster', async (say) => {
      const manifest = await readFile(programPath('upstream-files', 'kube-flannel.yml'), 'utf8');
      const kubeconfig = await makeCluster(onHost, manifest, say);
      await writePrivate(rackPaths().kubeconfig, kubeconfig);
      await writePrivate(rackPaths().labFile, labFile());
    }),
    task('pod network', async () => waitForNetwork(onHost)),
    // Side by side: MetalLB takes longest, its readiness probe alone waits 10 s.
    task('DNS, proxies and add-ons', async () => Promise.all([waitForServices(onHost), installAddons()])),
  ];
}
