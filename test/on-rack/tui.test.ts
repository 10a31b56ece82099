import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { terminalPane, type TerminalModes, type TerminalPane } from '../tui/terminal-pane.js';
import { RACK_NETNS, rackPaths } from '../../src/rack/state.js';
import { kubectl, onNode, pilab } from './rack.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** A run of a short playbook, its clean-up included, on a machine that has other work too. */
const RUN_MS = 60_000;

/** One step needs root. */
const ASKS = `
playbook: asks
title: { en: A question, ja: 質問 }
steps:
  - { title: { en: Root, ja: root }, probe: A01, from: host@raspi001, run: [id, -un], sudo: true, expect: { contains: [root] } }
  - { title: { en: A while, ja: しばらく }, probe: A01, from: host@raspi002, run: [sleep, '1'], expect: {} }
`;

/** Another playbook, which ends while the question is there. */
const BESIDE = `
playbook: beside
title: { en: Beside, ja: 横で }
steps:
  - { title: { en: A while, ja: しばらく }, probe: A01, from: host@raspi002, run: [sleep, '2'], expect: {} }
`;

/** The rack's lab, whose hosts want a password for sudo. */
async function labThatAsks(folder: string): Promise<void> {
  const { labFile, key, knownHosts, kubeconfig } = rackPaths();
  for (const file of [key, knownHosts, kubeconfig]) await symlink(file, join(folder, basename(file)));
  const lab = await readFile(labFile, 'utf8');
  await writeFile(join(folder, 'lab.yaml'), lab.replace('sudo: passwordless', 'sudo: prompt'));
}

/** A terminal in an empty folder, which pilab also keeps its state in. */
async function shell(size = { columns: 80, rows: 24 }): Promise<{ pane: TerminalPane; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'pilab-tui-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const env = { HOME: process.env['HOME'] ?? '', XDG_STATE_HOME: folder };
  return { pane: await terminalPane({ ...size, cwd: folder, env }), folder };
}

/** The real program on the rack, in a terminal in which its hosts have answered. */
async function opened(size = { columns: 80, rows: 24 }): Promise<{ pane: TerminalPane; before: TerminalModes }> {
  const { pane } = await shell(size);
  const before = await pane.modes();
  await pane.type(`'${process.execPath}' '${CLI}' --lab rack`);
  await pane.until(/Hosts \(3\)/);
  await pane.until(/✓ raspi001 .*✓ raspi002 .*✓ raspi003 /s, 30_000);
  expect(await pane.modes()).toMatchObject({ alternate: '1', cursor: '0' });
  return { pane, before };
}

/** Chooses the playbook of this name and starts it. */
async function start(pane: TerminalPane, playbook: string): Promise<void> {
  await pane.press('2', '/');
  await pane.type(playbook);
  await pane.press('r');
  await pane.until(/─ 3 Run \([1-9]/, 30_000);
}

async function leftWith(pane: TerminalPane): Promise<string | undefined> {
  // What is typed before would still go to the program.
  await pane.until(/shell>\s*$/, RUN_MS);
  await pane.type('echo "code=$?"');
  return /^code=(\d+)/m.exec(await pane.until(/^code=\d+/m))?.[1];
}

function namespacesOn(screen: string): string[] {
  return [...new Set(screen.match(/pilab-[a-z-]+-[0-9a-z]{4}\b/g) ?? [])];
}

describe('the terminal UI on the rack', () => {
  afterEach(async () => {
    await onNode('raspi002', 'rm', '-f', '/run/pilab-pi/throttled');
  });

  it('shows hosts and playbooks, runs one while it is resized, and gives the terminal back', async () => {
    const { pane, before } = await opened();
    await pane.until(/Kubernetes v1\.\d+\.\d+ · (iptables|ipvs|nftables)/);
    await start(pane, 'pod-network');
    await pane.resize(120, 40);
    await pane.until(/▸|\d+\/\d+/);
    await pane.resize(40, 12);
    await pane.until(/^ pilab {2}rack/);
    await pane.resize(80, 24);
    const screen = await pane.until(/✓ passed {2}(\d+)\/\1/, RUN_MS);
    expect(screen).toContain('✓ pod-network');
    // One header: no picture has slipped.
    expect(screen.match(/pilab {2}rack/g)).toHaveLength(1);
    await pane.press('q');
    expect(await leftWith(pane)).toBe('0');
    expect(await pane.modes()).toEqual(before);
  });

  it('draws bars, asks before it stops, names what goes, removes it, and re-opens the record', async () => {
    const { pane } = await opened({ columns: 120, rows: 40 });
    await start(pane, 'clusterip');
    // Bars that grow into the band: some hundreds of the thousand are in, and nothing is judged yet.
    await pane.until(/answers so far: +\d+\/1000\n.*-[0-9a-z]{5} +\d+ +█.*by chance between \[ and \]/s, RUN_MS);
    await pane.press('s');
    const question = await pane.until('Stop the run?');
    const [namespace = ''] = namespacesOn(question);
    expect(namespace).toContain('clusterip');
    expect(await kubectl('get', 'namespace', namespace, '-o', 'name', '--ignore-not-found')).not.toBe('');
    await pane.press('y');
    await pane.until(/^ pilab {2}rack .*! Interrupted/, RUN_MS);
    expect(await kubectl('get', 'namespace', namespace, '-o', 'name', '--ignore-not-found')).toBe('');
    await pane.press('o');
    await pane.until('clusterip');
    await pane.press('Enter', '+', '+', '+', '+', '+');
    await pane.until(/replay .*! Interrupted/, RUN_MS);
    await pane.press('q');
    expect(await leftWith(pane)).toBe('130');
  });

  it('steps aside and comes back in the middle of a run; Ctrl-C then cleans up and ends with 130', async () => {
    const { pane, before } = await opened();
    await start(pane, 'clusterip');
    await pane.until(/✓ {2}2 /, RUN_MS);
    await pane.press('C-z');
    await pane.until(/Stopped/);
    expect(await pane.modes()).toEqual(before);
    await pane.type('fg');
    await pane.until(/^ pilab {2}rack/m);
    await pane.press('C-c');
    expect(await leftWith(pane)).toBe('130');
    const look = await pilab('clean', '--lab', 'rack', '--dry-run');
    expect(look.stdout).not.toContain('clusterip');
  });

  it('cleans up after a terminal that hangs up in the middle of a run', async () => {
    const { pane } = await opened();
    await start(pane, 'clusterip');
    await pane.until(/✓ {2}2 /, RUN_MS);
    await pane.press('s');
    const [namespace = ''] = namespacesOn(await pane.until('Stop the run?'));
    const look = (): Promise<string> => kubectl('get', 'namespace', namespace, '-o', 'name', '--ignore-not-found');
    expect(await look()).not.toBe('');
    await pane.close();
    await expect.poll(look, { timeout: RUN_MS, interval: 500 }).toBe('');
  });

  it('shows under-voltage as soon as a host reports it', async () => {
    const { pane } = await opened();
    await pane.press('1', 'j');
    await pane.until(/no trouble/);
    await onNode('raspi002', 'sh', '-c', 'echo 0x50005 > /run/pilab-pi/throttled');
    const screen = await pane.until(/under-voltage/, 20_000);
    expect(screen).toMatch(/throttled/);
    await pane.press('q');
    expect(await leftWith(pane)).toBe('0');
  });

  it.each([
    'walk --pace 0 ./asks.yaml',
    'walk --pace 0 --display plain ./asks.yaml',
    'verify ./asks.yaml ./beside.yaml',
  ])('pilab %s asks for a password in the middle, where it stays readable, and goes on with it', async (command) => {
    const { pane, folder } = await shell();
    await labThatAsks(folder);
    await writeFile(join(folder, 'asks.yaml'), ASKS);
    await writeFile(join(folder, 'beside.yaml'), BESIDE);
    await pane.type(`ip netns exec ${RACK_NETNS} '${process.execPath}' '${CLI}' ${command}`);
    const question = /^sudo password for the lab: *$/m;
    await pane.until(question, RUN_MS);
    // Long enough for what runs beside it to be told over the question.
    await sleep(2000);
    expect(await pane.screen()).toMatch(question);
    await pane.type('secret');
    expect(await pane.until(/[23] passed/, RUN_MS)).not.toContain('secret');
    expect(await leftWith(pane)).toBe('0');
  });
});
