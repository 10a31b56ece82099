import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { encodeEvent } from '../../src/event/record.js';
import { sampleRun } from '../event/sample.js';
import { Bench } from '../ssh/lab.js';
import { terminalPane, type TerminalPane } from '../tui/terminal-pane.js';
import { CLI, environment, home, listener, pilab, TYPESCRIPT } from './pilab.js';

/** Throws where nothing catches it, as a defect of ours would; pilab itself knows nothing of it. */
const DEFECT = `data:text/javascript,process.on('SIGUSR2',()=>{throw%20new%20Error('boom')})`;

/** A terminal at home in a folder with these files. */
async function terminal(
  root: string,
  { columns = 80, rows = 24, env = {} }: { columns?: number; rows?: number; env?: Record<string, string> } = {},
): Promise<TerminalPane> {
  return terminalPane({ columns, rows, cwd: root, env: { ...environment(root), ...env } });
}

function program(...args: readonly string[]): string {
  return [process.execPath, ...TYPESCRIPT, CLI, ...args].map((word) => `'${word}'`).join(' ');
}

/** A lab whose only host cuts every connection. */
async function labWithoutCluster(name = 'lab'): Promise<string> {
  const { port } = await listener();
  return home({
    'lab.yaml': `lab: ${name}\nhosts: [{ name: raspi001, address: 127.0.0.1, port: ${port}, user: pi }]\n`,
  });
}

/** The exit code of what ran last, as the shell knows it. */
async function exitCode(pane: TerminalPane): Promise<string | undefined> {
  // What is typed before would still go to the program.
  await pane.until(/shell>\s*$/);
  await pane.type('echo "code=$?"');
  return /^code=(\d+)/m.exec(await pane.until(/^code=\d+/m))?.[1];
}

describe('the terminal UI in a terminal', { timeout: 60_000 }, () => {
  it('opens on a lab that cannot be reached, takes keys, fits every size, and gives the terminal back', async () => {
    const pane = await terminal(await labWithoutCluster());
    const before = await pane.modes();
    expect(before).toMatchObject({ alternate: '0', cursor: '1' });
    await pane.type(program());
    await pane.until('The lab cannot be reached');
    const screen = await pane.until(/Playbooks \(\d+\)/);
    expect(screen).toContain('raspi001');
    expect(await pane.modes()).toMatchObject({ alternate: '1', cursor: '0' });
    await pane.press('2', '/');
    await pane.type('headless');
    await pane.until('/headless (1)');
    await pane.press('?');
    await pane.until('run the selected playbook');
    await pane.press('q');
    await pane.resize(39, 9);
    await pane.until('too small');
    await pane.resize(200, 50);
    const wide = await pane.until('headless');
    expect(wide.split('\n')[0]).toMatch(/^ pilab/);
    expect(wide.match(/^ pilab {2}/gm)).toHaveLength(1);
    await pane.resize(80, 24);
    await pane.press('q');
    expect(await exitCode(pane)).toBe('0');
    expect(await pane.modes()).toEqual(before);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('gives the terminal back on %s', async (signal) => {
    const pane = await terminal(await labWithoutCluster());
    const before = await pane.modes();
    await pane.type(program());
    await pane.until('cannot be reached');
    process.kill((await pane.child()) ?? 0, signal);
    expect(await exitCode(pane)).toBe('0');
    expect(await pane.modes()).toEqual(before);
  });

  it('gives the terminal back when it dies of a defect, and then says what it was', async () => {
    const pane = await terminal(await labWithoutCluster());
    const before = await pane.modes();
    await pane.type(`NODE_OPTIONS="--import=${DEFECT}" ${program()}`);
    await pane.until('cannot be reached');
    process.kill((await pane.child()) ?? 0, 'SIGUSR2');
    expect(await pane.until('pilab has a defect')).toContain('boom');
    expect(await exitCode(pane)).toBe('3');
    expect(await pane.modes()).toEqual(before);
  });

  it('steps aside on Ctrl-Z and comes back on fg, as wide as the terminal is then', async () => {
    const pane = await terminal(await labWithoutCluster());
    const before = await pane.modes();
    await pane.type(program());
    await pane.until('cannot be reached');
    await pane.press('C-z');
    await pane.until(/Stopped|Suspended/);
    expect(await pane.modes()).toEqual(before);
    await pane.resize(100, 30);
    await pane.type('fg');
    await pane.until(/Playbooks \(\d+\)/);
    expect(await pane.modes()).toMatchObject({ alternate: '1', cursor: '0' });
    await pane.press('?');
    await pane.until('run the selected playbook');
    await pane.press('q', 'q');
    expect(await exitCode(pane)).toBe('0');
    const { stty: ignored, ...after } = await pane.modes();
    expect({ ...after, stty: before.stty }).toEqual(before);
    expect(ignored).toMatch(/ icanon .* echo /s);
  });

  it('ends when the terminal hangs up', async () => {
    const pane = await terminal(await labWithoutCluster());
    await pane.type(program());
    await pane.until('cannot be reached');
    const pid = (await pane.child()) ?? 0;
    await pane.close();
    expect(await isGone(pid)).toBe(true);
  });

  it('says on the screen that there is no lab file, and what to do', async () => {
    const pane = await terminal(await home());
    await pane.type(program());
    const screen = await pane.until('cannot be reached');
    expect(screen).toContain('lab.yaml');
    expect(screen).toContain('write one, for example');
    await pane.press('q');
    expect(await exitCode(pane)).toBe('0');
  });

  it('asks what SSH asks on the screen, and shows the host once it is answered', async () => {
    const bench = await Bench.make();
    const key = await bench.key('id', 'open sesame');
    const { port } = await bench.server({ authorized: [key.public] });
    const lab = `hosts: [{ name: raspi001, address: 127.0.0.1, port: ${port}, user: pi }]\nssh: { keys: [${key.file}] }\n`;
    const pane = await terminal(await home({ 'lab.yaml': lab }));
    await pane.type(program());
    await pane.until('SHA256:');
    await pane.type('yes');
    await pane.until('assphrase');
    await pane.type('open sesame');
    expect(await pane.screen()).not.toContain('sesame');
    await pane.press('1');
    await pane.until(/memory\s+\d/);
    await pane.press('q');
    expect(await exitCode(pane)).toBe('0');
  });

  it('replays the record of an earlier run, and puts a command into the clipboard', async () => {
    const root = await labWithoutCluster('rack');
    await mkdir(join(root, 'state', 'pilab', 'runs'), { recursive: true });
    const events = sampleRun();
    await writeFile(
      join(root, 'state', 'pilab', 'runs', '20260101-000000-abcd.ndjson'),
      events.map(encodeEvent).join(''),
    );
    const pane = await terminal(root);
    await pane.type(program());
    await pane.until(/Playbooks \(\d+\)/);
    await pane.press('o');
    await pane.until('2026');
    await pane.press('Enter', '+', '+', '+', '+', '+');
    await pane.until(/replay .* ✗ failed {2}10\/10/);
    await pane.press('3', 'c');
    const copied = /copied: (.*\S)/.exec(await pane.until('copied: '))?.[1];
    expect(await pane.clipboard()).toContain(copied?.replace(/…$/, ''));
    await pane.press('q');
    expect(await exitCode(pane)).toBe('0');
  });

  it('uses no colour with NO_COLOR, and ASCII signs in a locale without more', async () => {
    const pane = await terminal(await labWithoutCluster(), { env: { NO_COLOR: '1', LANG: 'C' } });
    await pane.type(program());
    await pane.until('cannot be reached');
    const screen = await pane.screen({ colours: true });
    // eslint-disable-next-line no-control-regex -- the sequences that set colours are what must not be there
    expect(screen).not.toMatch(/\u001b\[[\d;]*3[0-7]/);
    // eslint-disable-next-line no-control-regex -- everything outside ASCII
    expect(screen).not.toMatch(/[^\u0000-\u007f]/);
    await pane.press('q');
    await exitCode(pane);
  });

  it('speaks Japanese, and its columns stand', async () => {
    const pane = await terminal(await labWithoutCluster());
    await pane.type(program('--lang', 'ja'));
    const screen = await pane.until('プレイブック (');
    const widths = screen
      .split('\n')
      .filter((line) => line.includes('│'))
      .map((line) => columnOf(line, '│'));
    expect(widths.length).toBeGreaterThan(10);
    expect(new Set(widths).size).toBe(1);
    await pane.press('q');
    await exitCode(pane);
  });

  it('is linear text for a screen reader, in the ordinary flow of the terminal', async () => {
    const pane = await terminal(await labWithoutCluster(), { env: { INK_SCREEN_READER: 'true' } });
    const before = await pane.modes();
    await pane.type(program());
    const screen = await pane.until('cannot be reached');
    expect(screen).not.toMatch(/[│─█]/);
    expect((await pane.modes()).alternate).toBe('0');
    await pane.press('q');
    // The last text stays, and the shell goes on below it.
    expect(await pane.until(/^shell>$/m)).toMatch(/q quit$/m);
    expect(await pane.modes()).toEqual(before);
  });

  it('is no answer for a pipe or a dumb terminal: there the help is', async () => {
    const pane = await terminal(await labWithoutCluster());
    await pane.type(`${program()} 2>&1 | head -2`);
    await pane.until('Usage: pilab');
    await pane.type(`clear; TERM=dumb ${program()} 2>&1`);
    await pane.until('the terminal UI');
    expect((await pane.modes()).alternate).toBe('0');
    expect((await pilab(await home(), [])).stdout).not.toContain('\u001b');
  });
});

/** Column, in cells, of the first such character. */
function columnOf(line: string, character: string): number {
  return stringWidth(line.slice(0, line.indexOf(character)));
}

async function isGone(pid: number): Promise<boolean> {
  for (let look = 0; look < 200; look += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(50);
  }
  return false;
}
