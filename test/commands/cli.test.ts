import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { CLI, TYPESCRIPT, environment, home, listener, pilab } from './pilab.js';

const LAB = 'hosts: [raspi001, raspi002, raspi003]\nssh: { user: pi }\n# Three lines are enough.\n';
const BROKEN_LAB = `hosts:
  - { name: raspi001, adress: 127.0.0.1, port: PORT }
sssh: { user: pi }
`;
const BROKEN_PLAYBOOK = `playbook: broken
title: A broken one
steps:
  - aply: web.yaml
  - probe: B04
    from: pod
    curl: { urll: x }
    expect: { status: 200 }
`;

function labAt(port: number): string {
  return `hosts: [{ name: raspi001, address: 127.0.0.1, port: ${port}, user: pi }]\n`;
}

describe('pilab', { timeout: 30_000 }, () => {
  it.each(['--version', '-V'])('%s says the version of package.json and nothing else', async (option) => {
    expect(await pilab(await home(), [option])).toEqual({ exitCode: 0, stdout: manifest.version, stderr: '' });
  });

  it('without arguments shows its help, and that this was no order', async () => {
    const { exitCode, stdout, stderr } = await pilab(await home(), []);
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toContain('Usage: pilab');
  });

  it.each([['export', 'headless'], ['claims'], ['schema', 'playbook']])(
    '%s is no defect when whoever reads has had enough',
    async (...args) => {
      const child = spawn(process.execPath, [...TYPESCRIPT, CLI, ...args], { env: environment(await home()) });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
      // As `| head` does: gone before the first line comes.
      child.stdout.destroy();
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );

  it.skipIf(!existsSync('/dev/full'))('says when its output finds no room', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [...TYPESCRIPT, CLI, 'claims', 'B05'], {
      env: environment(await home()),
      stdio: ['ignore', full, 'pipe'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    closeSync(full);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(/^pilab: the output cannot be written: .*ENOSPC/) as string,
    });
  });

  it.each([
    [['verfy'], "error: unknown command 'verfy'\n(Did you mean verify?)"],
    [['verify', '--labb', 'x'], "error: unknown option '--labb'\n(Did you mean --lab?)"],
    [['rack', 'upp'], "error: unknown command 'upp'\n(Did you mean up?)"],
    [['verify', '--jobs', '0'], /'0' is invalid\. It must be a number from 1 on/],
    [['verify', '-j', 'many'], /'many' is invalid/],
    [['verify', '--display', 'neon'], /Allowed choices are auto, tui, plain, json, tap/],
    [['schema', 'lba'], /Allowed choices are lab, playbook/],
  ])('%j is bad input, with what was meant', async (args, words) => {
    const { exitCode, stdout, stderr } = await pilab(await home(), args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    if (typeof words === 'string') expect(stderr).toBe(words);
    else expect(stderr).toMatch(words);
  });

  it.each(['lab', 'playbook'])('schema %s prints a JSON Schema', async (format) => {
    const { exitCode, stdout } = await pilab(await home(), ['schema', format]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { [format === 'lab' ? 'hosts' : 'steps']: {} },
    });
  });
});

describe('pilab addons', { timeout: 30_000 }, () => {
  it.each([[['addons']], [['addons', 'list', '--lang', 'en']]])('%j lists them without a lab', async (args) => {
    const { exitCode, stdout } = await pilab(await home(), args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^metallb 0\.15\.2\n {2}MetalLB: .*\n {2}lab\.yaml: loadBalancer\.pool\n/);
    expect(stdout).toMatch(/^traefik 3\.7\.13$/m);
  });

  it.each([
    [['install', 'metalb'], 'pilab: there is no add-on "metalb"'],
    [['remove', 'trafik', '--yes'], 'pilab: there is no add-on "trafik"'],
    [['install', 'traefik', '--source', 'metalb=x'], 'pilab: there is no add-on "metalb"'],
    [['install', 'traefik', '--source', 'metallb'], 'pilab: --source metallb: not understood'],
  ])('%j is bad input, found before the lab is touched', async (args, words) => {
    const { exitCode, stderr } = await pilab(await home(), ['addons', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr.split('\n')[0]).toBe(words);
  });
});

describe('pilab verify', { timeout: 30_000 }, () => {
  it.each([
    ['clusterp', 'there is no playbook "clusterp"; did you mean "clusterip"?', /^ {2}shipped playbooks: .*clusterip/m],
    ['./none.yaml', './none.yaml: there is no such playbook file', /^ {2}shipped playbooks: /m],
  ])('%s: names what was meant', async (name, words, hint) => {
    const { exitCode, stderr } = await pilab(await home({ 'lab.yaml': LAB }), ['verify', name]);
    expect(exitCode).toBe(2);
    expect(stderr.split('\n')[0]).toBe(`pilab: ${words}`);
    expect(stderr).toMatch(hint);
    expect(stderr).toMatch(/\[PLAYBOOK_NOT_FOUND\]$/);
  });

  it('without a lab file says how to write one', async () => {
    const { exitCode, stderr } = await pilab(await home(), ['verify', 'clusterip']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^pilab: lab\.yaml: the lab file cannot be read: ENOENT/);
    expect(stderr).toContain('write one, for example "hosts: [raspi001, raspi002]"');
  });

  it('tells all mistakes of lab and playbook at once, a line each, and calls nobody', async () => {
    const { port, calls } = await listener();
    const root = await home({ 'lab.yaml': BROKEN_LAB.replace('PORT', String(port)), 'broken.yaml': BROKEN_PLAYBOOK });
    const { exitCode, stdout, stderr } = await pilab(root, ['verify', './broken.yaml']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      'pilab: lab.yaml:2:23: unknown key "adress"; did you mean "address"?',
      'lab.yaml:3:1: unknown key "sssh"; did you mean "ssh"?',
      'broken.yaml:4:5: unknown step kind "aply"; did you mean "apply"?',
      'broken.yaml:7:13: unknown key "urll"; did you mean "url"?',
      '  correct lab.yaml; "pilab schema lab" prints a schema that editors understand',
      '  an editor finds such mistakes while you type: pilab schema playbook > playbook.schema.json',
      '  [LAB_INVALID]',
    ]);
    expect(calls()).toBe(0);
    expect(await readdir(root)).toEqual(['broken.yaml', 'lab.yaml']);
  });

  it('refuses a host that the lab lacks before anything is touched', async () => {
    const playbook = `playbook: own
title: My own
steps:
  - probe: B06
    from: host@raspi009
    run: [uptime]
    expect: { exit: 0 }
`;
    const root = await home({ 'lab.yaml': LAB, 'own.yaml': playbook });
    const { exitCode, stderr } = await pilab(root, ['verify', 'own.yaml']);
    expect(exitCode).toBe(2);
    expect(stderr.split('\n')[0]).toBe('pilab: own.yaml:4:5: from: host@raspi009: the lab has no host "raspi009"');
    expect(stderr).toContain('names these hosts: raspi001, raspi002, raspi003');
  });

  it.each([
    ['en', [], {}, 'What would be run; nothing has been touched', 'From outside the cluster the address is dead'],
    [
      'ja',
      ['--lang', 'ja'],
      {},
      '実行する内容（まだ何も変更していません）',
      'クラスタの外からは、そのアドレスに届かない',
    ],
    ['the locale', [], { LC_ALL: 'ja_JP.UTF-8' }, '実行する内容（まだ何も変更していません）', '手順'],
  ])('--dry-run prints the plan in %s and touches nothing', async (_language, options, env, first, holds) => {
    const root = await home({ 'lab.yaml': LAB });
    const { exitCode, stdout, stderr } = await pilab(root, ['verify', '--dry-run', 'clusterip', ...options], env);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toBe(first);
    expect(stdout).toContain(holds);
    expect(stdout).toContain('$ kubectl apply -f sample-deployment.yaml -f sample-clusterip.yaml');
    expect(await readdir(root)).toEqual(['lab.yaml']);
  });

  it.each([
    [[], /^started in this order, 2 at once: clusterip-variants, pod-network$/m],
    [['--jobs', '1'], /^2 playbooks, /m],
  ])('--dry-run %j tells locks and the order of the start', async (options, holds) => {
    const root = await home({ 'lab.yaml': LAB });
    const { stdout } = await pilab(root, ['verify', '--dry-run', 'pod-network', 'clusterip-variants', ...options]);
    expect(stdout).toMatch(holds);
    expect(stdout.includes('in this order')).toBe(options.length === 0);
    expect(stdout.match(/^not beside others that use: .*$/gm)).toEqual(['not beside others that use: clusterIP']);
  });

  it('does not start a run whose record cannot be kept', async () => {
    const { port, calls } = await listener();
    const root = await home({ 'lab.yaml': labAt(port) });
    const { exitCode, stderr } = await pilab(root, ['verify', 'clusterip', '--record', 'lab.yaml/run.ndjson']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^pilab: cannot write the record lab\.yaml\/run\.ndjson: /);
    expect(stderr).toContain('choose another place with --record FILE\n  [RECORD_UNWRITABLE]');
    expect(calls()).toBe(0);
    expect(await readFile(join(root, 'lab.yaml'), 'utf8')).toBe(labAt(port));
  });

  it('keeps the record in the user’s state folder, for the user alone', async () => {
    const { port } = await listener();
    const root = await home({ 'lab.yaml': labAt(port) });
    await pilab(root, ['verify', 'clusterip']);
    const folder = join(root, 'state', 'pilab', 'runs');
    const [name = '', ...others] = await readdir(folder);
    expect(others).toEqual([]);
    expect(name).toMatch(/^\d{8}-\d{6}-[0-9a-f]{4}\.ndjson$/);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });

  it('ends with 3, the host and what to look at, when the lab cannot be reached', async () => {
    // Nobody listens on port 9.
    const root = await home({ 'lab.yaml': labAt(9) });
    const { exitCode, stdout } = await pilab(root, ['verify', 'clusterip', '--junit', join(root, 'run.xml')]);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('The run ended early: SSH_UNREACHABLE');
    expect(stdout).toMatch(/raspi001: pi@127\.0\.0\.1:9 cannot be reached: .*\n.*is the host up/);
    // Whoever runs it from cron has a report of that night too.
    expect(await readFile(join(root, 'run.xml'), 'utf8')).toContain('SSH_UNREACHABLE');
  });
});
