import { describe, expect, it } from 'vitest';
import { home, pilab } from './pilab.js';

const LAB = 'hosts: [{ name: raspi001, address: 192.0.2.11, user: pi }]\n';

describe('pilab export', { timeout: 30_000 }, () => {
  it('prints a script, in the language of the person', async () => {
    const root = await home();
    const [en, ja] = await Promise.all([
      pilab(root, ['export', 'pod-network']),
      pilab(root, ['export', 'pod-network', '--lang', 'ja']),
    ]);
    expect([en.exitCode, en.stderr, ja.exitCode]).toEqual([0, '', 0]);
    expect(en.stdout).toMatch(/^#!\/bin\/sh\n# The pod network/);
    expect(en.stdout).toMatch(/^# expect: outcome: refused$/m);
    expect(ja.stdout).toMatch(/^# 期待: outcome: refused$/m);
  });

  it('knows the hosts of a lab file', async () => {
    const { stdout } = await pilab(await home({ 'lab.yaml': LAB }), ['export', 'pod-network', '--lab', 'lab.yaml']);
    expect(stdout).toContain('HOSTS=raspi001\n');
    expect(stdout).toMatch(/^ {2}raspi001\) command ssh -n .*-l pi -- 192\.0\.2\.11 "\$@" ;;$/m);
  });

  it.each([
    [['clusterp'], /did you mean "clusterip"\?/],
    [['clusterip', '--lab', 'none.yaml'], /none\.yaml: the lab file cannot be read/],
  ])('%j is bad input', async (args, words) => {
    const { exitCode, stdout, stderr } = await pilab(await home(), ['export', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });
});
