import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sudo } from '../../src/lab/lab.js';
import type { Prompt } from '../../src/ssh/prompt.js';
import { Bench, failureOf, nobody, person } from './lab.js';
import type { Hosts } from '../../src/ssh/connections.js';
import type { TestServer } from './server.js';

/**
 * sudo's own manners, as far as they matter: -n never asks, -S reads the password from standard input byte by byte after
 * it wrote its question to standard error, three tries. `needs` is empty for NOPASSWD.
 */
const sudoScript = (needs: string): string => `#!/bin/sh
ask= question='[sudo] password: '
while [ $# -gt 0 ]; do
  case "$1" in
    -n) ask=never ;; -S) ask=stdin ;; -p) question=$2; shift ;; --) shift; break ;;
  esac
  shift
done
if [ -n '${needs}' ]; then
  if [ "$ask" = never ]; then echo 'sudo: a password is required' >&2; exit 1; fi
  for try in 1 2 3; do
    printf %s "$question" >&2
    read -r answer || { echo 'sudo: no password was provided' >&2; exit 1; }
    [ "$answer" = '${needs}' ] && exec env AS_ROOT=yes "$@"
    echo 'Sorry, try again.' >&2
  done
  echo 'sudo: 3 incorrect password attempts' >&2; exit 1
fi
echo 'sudo: unable to resolve host raspi001' >&2
exec env AS_ROOT=yes "$@"
`;

const WHO = ['sh', '-c', 'echo root=$AS_ROOT; cat; echo err >&2; exit 3'];

async function withSudo(
  needs: string,
  sudo: Sudo,
  { prompt = person(), env = {} }: { prompt?: Prompt; env?: NodeJS.ProcessEnv } = {},
): Promise<{ hosts: Hosts; server: TestServer; bench: Bench }> {
  const bench = await Bench.make();
  const path = join(bench.directory, 'bin');
  await mkdir(path);
  await writeFile(join(path, 'sudo'), sudoScript(needs));
  await chmod(join(path, 'sudo'), 0o755);
  // The host key is known before, so that a prompt without terminal gets as far as sudo.
  const { lab, server, hosts } = await bench.ready({ path }, { sudo });
  await hosts.host('raspi001').exec(['true']);
  return { hosts: bench.connect(lab, { prompt, env }), server, bench };
}

describe('sudo: passwordless', () => {
  it('runs as root and passes input, output and status through', async () => {
    const { hosts } = await withSudo('', { kind: 'passwordless' });
    const result = await hosts.host('raspi001').exec(WHO, { sudo: true, stdin: 'text\n' });
    expect(result).toMatchObject({ stdout: 'root=yes\ntext\n', exitCode: 3 });
    expect((await hosts.host('raspi001').exec(['sh', '-c', 'echo root=$AS_ROOT'])).stdout).toBe('root=\n');
  });

  it('takes a silent failure of the command for what it is, in spite of warnings of sudo', async () => {
    const { hosts } = await withSudo('', { kind: 'passwordless' });
    expect((await hosts.host('raspi001').exec(['false'], { sudo: true })).exitCode).toBe(1);
  });

  it('says what to do when sudo wants a password', async () => {
    const { hosts } = await withSudo('secret', { kind: 'passwordless' });
    const error = await failureOf(hosts.host('raspi001').exec(['id'], { sudo: true }));
    expect(error).toMatchObject({ code: 'SSH_SUDO', exitCode: 2 });
    expect(error.message).toBe('raspi001: no root without a password (sudo: a password is required)');
    expect(error.hint).toContain('sudo: prompt');
  });
});

describe('sudo with a password', () => {
  const fromEnv = { kind: 'env', variable: 'PI_PASSWORD' } as const;
  const env = { PI_PASSWORD: "s3'cret$" };

  it('gives it to sudo, the rest of the input to the command, and shows neither question', async () => {
    const { hosts, server } = await withSudo('s3cret', fromEnv, { env: { PI_PASSWORD: 's3cret' } });
    const result = await hosts.host('raspi001').exec(WHO, { sudo: true, stdin: 'one\ntwo\n' });
    expect(result).toMatchObject({ stdout: 'root=yes\none\ntwo\n', stderr: 'err\n', exitCode: 3 });
    expect(server.commands.join('\n')).not.toContain('s3cret');
  });

  it('does not leak it into the input of the command where sudo needs none', async () => {
    const { hosts, bench } = await withSudo('', fromEnv, { env });
    const file = join(bench.directory, 'written');
    const result = await hosts.host('raspi001').exec(['tee', file], { sudo: true, stdin: 'content\n' });
    expect(result).toMatchObject({ stdout: 'content\n', stderr: '', exitCode: 0 });
    expect(await readFile(file, 'utf8')).toBe('content\n');
  });

  it('reports a wrong one without showing it, and keeps the input from being tried', async () => {
    const { hosts } = await withSudo('right', fromEnv, { env });
    const error = await failureOf(hosts.host('raspi001').exec(['cat'], { sudo: true, stdin: 'right\n' }));
    expect(error).toMatchObject({ code: 'SSH_SUDO', message: 'raspi001: sudo did not accept the password of pi' });
    expect(JSON.stringify(error)).not.toContain(env.PI_PASSWORD);
  });

  it('that is not in the environment is asked for by name', async () => {
    const { hosts } = await withSudo('right', fromEnv);
    const error = await failureOf(hosts.host('raspi001').exec(['id'], { sudo: true }));
    expect(error).toMatchObject({ code: 'SSH_SUDO' });
    expect(error.message).toContain('$PI_PASSWORD');
  });

  it('is asked for once, and again after a wrong one', async () => {
    const prompt = person(['wrong', 'right']);
    const { hosts } = await withSudo('right', { kind: 'prompt' }, { prompt });
    const host = hosts.host('raspi001');
    await failureOf(host.exec(['id'], { sudo: true }));
    const results = await Promise.all([1, 2, 3].map(() => host.exec(WHO, { sudo: true })));
    expect(results.map(({ stdout }) => stdout)).toEqual(Array(3).fill('root=yes\n'));
    expect(prompt.asked).toHaveLength(2);
  });

  it('needs a terminal to be asked for', async () => {
    const { hosts } = await withSudo('right', { kind: 'prompt' }, { prompt: nobody });
    const error = await failureOf(hosts.host('raspi001').exec(['id'], { sudo: true }));
    expect(error).toMatchObject({ code: 'SSH_SUDO' });
    expect(error.hint).toContain('env: NAME');
  });

  it('reports a sudo that ends before the command starts', async () => {
    const { hosts, bench } = await withSudo('right', fromEnv, { env });
    await writeFile(
      join(bench.directory, 'bin', 'sudo'),
      '#!/bin/sh\necho "pi is not in the sudoers file." >&2; exit 1\n',
    );
    const error = await failureOf(hosts.host('raspi001').exec(['id'], { sudo: true }));
    expect(error).toMatchObject({ code: 'SSH_SUDO' });
    expect(error.message).toContain('pi is not in the sudoers file.');
  });
});

describe('sudo: none', () => {
  it('refuses commands that need root, before anything is sent', async () => {
    const { hosts, server } = await withSudo('', { kind: 'none' });
    const error = await failureOf(hosts.host('raspi001').exec(['iptables-save'], { sudo: true }));
    expect(error).toMatchObject({ code: 'SSH_SUDO' });
    expect(error.message).toContain('iptables-save needs root');
    expect(server.commands).toHaveLength(1);
  });

  it('is enough for root', async () => {
    const bench = await Bench.make();
    const key = await bench.key();
    const server = await bench.server({ authorized: [key.public] });
    const lab = bench.lab([bench.host(server, { user: 'root', keys: [key.file] })], { sudo: { kind: 'none' } });
    expect((await bench.connect(lab).host('raspi001').exec(['echo', 'ok'], { sudo: true })).stdout).toBe('ok\n');
    expect(server.commands).toEqual(['echo ok </dev/null']);
  });
});
