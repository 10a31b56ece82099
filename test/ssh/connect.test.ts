import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fingerprint } from '../../src/ssh/known-hosts.js';
import { Bench, failureOf, nobody, person, until } from './lab.js';
import { newKeyPair } from './server.js';

const hasAgent = spawnSync('ssh-add', ['-l']).error === undefined;
const publicBlob = (text: string): Buffer => Buffer.from(text.split(' ')[1] ?? '', 'base64');

describe('host keys', () => {
  it('are asked about when new, then written down and known', async () => {
    const bench = await Bench.make();
    const hostKey = newKeyPair();
    const prompt = person();
    const { server, hosts, lab } = await bench.ready({ hostKeys: [hostKey.private] }, {}, { prompt });
    expect((await hosts.host('raspi001').exec(['echo', 'hello'])).stdout).toBe('hello\n');
    expect(prompt.asked).toEqual([expect.stringContaining(fingerprint(publicBlob(hostKey.public))) as string]);
    const entry = `[127.0.0.1]:${server.port} ${hostKey.public.split(' ').slice(0, 2).join(' ')}\n`;
    expect(await readFile(bench.knownHosts, 'utf8')).toBe(entry);
    expect((await stat(bench.knownHosts)).mode & 0o777).toBe(0o600);
    expect((await stat(join(bench.knownHosts, '..'))).mode & 0o777).toBe(0o700);

    const again = bench.connect(lab, { prompt: nobody });
    expect((await again.host('raspi001').exec(['true'])).exitCode).toBe(0);
  });

  it('are added on a line of their own', async () => {
    const bench = await Bench.make();
    await mkdir(join(bench.knownHosts, '..'));
    await writeFile(bench.knownHosts, '# no newline at the end');
    const { hosts } = await bench.ready();
    await hosts.host('raspi001').exec(['true']);
    expect(await readFile(bench.knownHosts, 'utf8')).toMatch(
      /^# no newline at the end\n\[127\.0\.0\.1\]:\d+ ssh-ed25519 \S+\n$/,
    );
  });

  it.each([
    ['without a terminal', nobody, 'run pilab in a terminal'],
    ['by a person who says no', person([], false), undefined],
  ])('are refused %s', async (_, prompt, hint) => {
    const bench = await Bench.make();
    const { server, hosts } = await bench.ready({}, {}, { prompt });
    const error = await failureOf(hosts.host('raspi001').exec(['true']));
    expect(error).toMatchObject({ code: 'SSH_HOST_KEY_UNKNOWN', exitCode: 2 });
    expect(error.message).toMatch(/^raspi001: .*SHA256:/);
    if (hint !== undefined) expect(error.hint).toContain(hint);
    expect(server.users).toEqual([]);
    await expect(stat(bench.knownHosts)).rejects.toThrow('ENOENT');
  });

  it('that have changed are refused, with both fingerprints and the line', async () => {
    const bench = await Bench.make();
    const [real, recorded] = [newKeyPair(), newKeyPair()];
    const { server, hosts } = await bench.ready({ hostKeys: [real.private] });
    await mkdir(join(bench.knownHosts, '..'));
    await writeFile(bench.knownHosts, `# mine\n[127.0.0.1]:${server.port} ${recorded.public}\n`);
    const error = await failureOf(hosts.host('raspi001').exec(['true']));
    expect(error).toMatchObject({ code: 'SSH_HOST_KEY_CHANGED', exitCode: 2 });
    expect(error.message).toContain(fingerprint(publicBlob(real.public)));
    expect(error.message).toContain(fingerprint(publicBlob(recorded.public)));
    expect(error.message).toContain(`${bench.knownHosts}:2`);
    expect(server.users).toEqual([]);
  });

  it('of the type that is known are asked for, whatever else the server has', async () => {
    const bench = await Bench.make();
    const [first, second] = [newKeyPair(), newKeyPair('ecdsa')];
    const { server, hosts } = await bench.ready({ hostKeys: [first.private, second.private] }, {}, { prompt: nobody });
    await mkdir(join(bench.knownHosts, '..'));
    await writeFile(bench.knownHosts, `[127.0.0.1]:${server.port} ${second.public}\n`);
    expect((await hosts.host('raspi001').exec(['true'])).exitCode).toBe(0);
  });

  it('do not run into the connect time-out while a person compares', async () => {
    const bench = await Bench.make();
    let answer: (yes: boolean) => void = () => undefined;
    const prompt = { ...person(), confirm: () => new Promise<boolean>((resolve) => (answer = resolve)) };
    const { hosts } = await bench.ready({}, { ssh: { connectTimeoutMs: 300 } }, { prompt });
    const running = hosts.host('raspi001').exec(['echo', 'patient']);
    await new Promise((resolve) => setTimeout(resolve, 600));
    answer(true);
    expect((await running).stdout).toBe('patient\n');
  });
});

describe('logging in', () => {
  it('with a wrong key says what was tried and what to do', async () => {
    const bench = await Bench.make();
    const [right, wrong] = [await bench.key('right'), await bench.key('wrong')];
    const server = await bench.server({ authorized: [right.public] });
    const missing = join(bench.directory, 'missing');
    const hosts = bench.connect(bench.lab([bench.host(server, { keys: [missing, wrong.file] })]));
    const error = await failureOf(hosts.host('raspi001').exec(['true']));
    expect(error).toMatchObject({ code: 'SSH_AUTH', exitCode: 2 });
    expect(error.message).toMatch(/^raspi001: pi@127\.0\.0\.1:\d+ did not let us in; tried: /);
    expect(error.message).toContain(wrong.file);
    expect(error.message).toContain(`${missing} (unusable: `);
    expect(error.hint).toContain('ssh-copy-id');
  });

  it('goes on when the agent does not answer', async () => {
    const bench = await Bench.make();
    const { hosts } = await bench.ready({}, { ssh: { agent: join(bench.directory, 'no-agent') } });
    expect((await hosts.host('raspi001').exec(['true'])).exitCode).toBe(0);
    const server = await bench.server();
    const other = bench.connect(bench.lab([bench.host(server)], { ssh: { agent: join(bench.directory, 'no-agent') } }));
    expect(await failureOf(other.host('raspi001').exec(['true']))).toMatchObject({ code: 'SSH_AUTH' });
  });

  it.skipIf(!hasAgent)('takes a key from the agent rather than ask for its passphrase', async () => {
    const bench = await Bench.make();
    const locked = await bench.key('locked', 'open sesame');
    const socket = join(bench.directory, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    onTestFinished(() => void agent.kill());
    await until(() => existsSync(socket));
    // ssh-add takes the passphrase from a program when it has no terminal.
    const answer = join(bench.directory, 'answer');
    await writeFile(answer, '#!/bin/sh\necho open sesame\n', { mode: 0o755 });
    const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: answer, SSH_ASKPASS_REQUIRE: 'force' };
    execFileSync('ssh-add', ['-q', locked.file], { env, stdio: 'ignore' });

    const server = await bench.server({ authorized: [locked.public] });
    const prompt = person();
    const lab = bench.lab([bench.host(server, { keys: [locked.file] })], { ssh: { agent: socket } });
    expect((await bench.connect(lab, { prompt }).host('raspi001').exec(['true'])).exitCode).toBe(0);
    expect(prompt.asked.filter((question) => question.startsWith('Passphrase'))).toEqual([]);
  });

  it('asks for a passphrase once for all hosts, again when it was wrong', async () => {
    const bench = await Bench.make();
    const key = await bench.key('locked', 'open sesame');
    const server = await bench.server({ authorized: [key.public] });
    const names = ['raspi001', 'raspi002', 'raspi003'];
    const lab = bench.lab(
      names.map((name, index) => bench.host(server, { name, user: `pi${index}`, keys: [key.file] })),
    );
    const prompt = person(['wrong', 'open sesame']);
    const hosts = bench.connect(lab, { prompt });
    await Promise.all(names.map((name) => hosts.host(name).exec(['true'])));
    expect(prompt.asked.filter((question) => question.startsWith('Passphrase'))).toEqual(
      Array(2).fill(`Passphrase of ${key.file}: `),
    );
    expect(server.logins).toBe(3);
  });

  it('does not ask for a passphrase without a terminal', async () => {
    const bench = await Bench.make();
    const key = await bench.key('locked', 'open sesame');
    const { lab, server } = await bench.ready();
    await bench.connect(lab).host('raspi001').exec(['true']);
    const locked = bench.connect(bench.lab([bench.host(server, { keys: [key.file] })]), { prompt: nobody });
    const error = await failureOf(locked.host('raspi001').exec(['true']));
    expect(error).toMatchObject({ code: 'SSH_AUTH' });
    expect(error.message).toContain('(encrypted, no passphrase)');
  });

  it.each(['password', 'keyboard-interactive'] as const)('asks for a password (%s) until it fits', async (method) => {
    const bench = await Bench.make();
    const server = await bench.server({ password: { text: 'raspberry', method } });
    const prompt = person(['wrong', 'raspberry']);
    const hosts = bench.connect(bench.lab([bench.host(server)], { ssh: { passwordPrompt: true } }), { prompt });
    expect((await hosts.host('raspi001').exec(['true'])).exitCode).toBe(0);
    expect(prompt.asked.slice(1)).toHaveLength(2);

    const hopeless = bench.connect(bench.lab([bench.host(server)], { ssh: { passwordPrompt: true } }), {
      prompt: person(['hunter1', 'hunter2', 'hunter3']),
    });
    const error = await failureOf(hopeless.host('raspi001').exec(['true']));
    expect(error).toMatchObject({ code: 'SSH_AUTH' });
    expect(`${error.message}${error.hint ?? ''}`).not.toMatch(/hunter/);
  });
});

describe('a host that cannot be reached', () => {
  it('and refuses connections is named', async () => {
    const bench = await Bench.make();
    const server = await bench.server();
    await server.close();
    const hosts = bench.connect(bench.lab([bench.host(server)]));
    const error = await failureOf(hosts.host('raspi001').exec(['true']));
    expect(error).toMatchObject({ code: 'SSH_UNREACHABLE', exitCode: 3 });
    expect(error.message).toMatch(/^raspi001: .*ECONNREFUSED/);
  });

  it('and says nothing runs into the connect time-out', async () => {
    const bench = await Bench.make();
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await until(() => silent.listening);
    const { port } = silent.address() as { port: number };
    const hosts = bench.connect(bench.lab([bench.host({ port })], { ssh: { connectTimeoutMs: 100 } }));
    const error = await failureOf(hosts.host('raspi001').exec(['true']));
    expect(error).toMatchObject({ code: 'SSH_TIMEOUT', exitCode: 3 });
    expect(error.message).toContain('within 0.1 s');
  });

  it('and hangs up before the handshake is named', async () => {
    const bench = await Bench.make();
    const rude = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    onTestFinished(() => void rude.close());
    await until(() => rude.listening);
    const { port } = rude.address() as { port: number };
    const hosts = bench.connect(bench.lab([bench.host({ port })]));
    expect(await failureOf(hosts.host('raspi001').exec(['true']))).toMatchObject({ code: 'SSH_UNREACHABLE' });
  });

  it('can be given up by the person', async () => {
    const bench = await Bench.make();
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await until(() => silent.listening);
    const { port } = silent.address() as { port: number };
    const stop = new AbortController();
    const hosts = bench.connect(bench.lab([bench.host({ port })]), { signal: stop.signal });
    const running = failureOf(hosts.host('raspi001').exec(['true']));
    stop.abort();
    expect(await running).toMatchObject({ code: 'SSH_ABORTED', exitCode: 130 });
  });

  it('because the lab has none of that name gives the names it has', async () => {
    const bench = await Bench.make();
    const hosts = bench.connect(bench.lab([bench.host({ port: 22 })]));
    expect(() => hosts.host('raspi1')).toThrow(
      expect.objectContaining({ code: 'SSH_NO_SUCH_HOST', hint: 'it has: raspi001' }) as Error,
    );
  });
});

describe('a jump host', () => {
  it('is gone through, and shares its connection when it is a host of the lab itself', async () => {
    const bench = await Bench.make();
    const key = await bench.key();
    const [gate, inner] = [
      await bench.server({ authorized: [key.public] }),
      await bench.server({ authorized: [key.public] }),
    ];
    const first = bench.host(gate, { keys: [key.file] });
    const second = bench.host(inner, {
      name: 'raspi002',
      user: 'inner',
      keys: [key.file],
      jump: { ...first, role: 'worker' },
    });
    const hosts = bench.connect(bench.lab([first, second]));
    await hosts.host('raspi001').exec(['true']);
    expect((await hosts.host('raspi002').exec(['echo', 'through'])).stdout).toBe('through\n');
    expect([gate.logins, inner.logins]).toEqual([1, 1]);

    // When the way breaks, what goes through it breaks, and the next command makes both anew.
    const broken = failureOf(hosts.host('raspi002').exec(['sleep', '60']));
    await until(() => inner.running === 1);
    gate.drop();
    const error = await broken;
    expect(error.code).toBe('SSH_LOST');
    expect(error.message).toMatch(/^raspi002: /);
    expect((await hosts.host('raspi002').exec(['echo', 'again'])).stdout).toBe('again\n');
    expect(gate.logins).toBe(2);
  });

  it('that knows no way to the host is named in the error', async () => {
    const bench = await Bench.make();
    const { lab, server } = await bench.ready();
    const gone = await bench.server();
    await gone.close();
    const jump = lab.hosts[0]!;
    const hosts = bench.connect(bench.lab([bench.host(gone, { name: 'raspi002', jump })]));
    const error = await failureOf(hosts.host('raspi002').exec(['true']));
    expect(error.message).toMatch(new RegExp(`raspi001.*127\\.0\\.0\\.1:${gone.port}`));
    expect(server.logins).toBe(1);
  });
});
