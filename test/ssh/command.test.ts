import { describe, expect, it } from 'vitest';
import { Bench, failureOf, until } from './lab.js';

describe('a command', () => {
  it('gives back both streams, the exit status and how long it took', async () => {
    const { hosts } = await (await Bench.make()).ready();
    const result = await hosts.host('raspi001').exec(['sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(result).toMatchObject({ stdout: 'out\n', stderr: 'err\n', exitCode: 7, signal: undefined });
    expect(result.durationMs).toBeGreaterThan(0);
  });

  it('that ends in the moment in which it begins still has its status', async () => {
    const { hosts } = await (await Bench.make()).ready({ instant: true });
    const results = await Promise.all(Array.from({ length: 30 }, () => hosts.host('raspi001').exec(['true'])));
    expect(new Set(results.map(({ exitCode }) => exitCode))).toEqual(new Set([3]));
  });

  it('gets its arguments as they are', async () => {
    const { hosts } = await (await Bench.make()).ready();
    const words = ["it's", '$(id)', 'a\nb', '日本', '*', ''];
    const { stdout } = await hosts.host('raspi001').exec(['printf', '%s|', ...words]);
    expect(stdout).toBe(words.map((word) => `${word}|`).join(''));
  });

  it('gets standard input, and an empty one when there is none', async () => {
    const { hosts } = await (await Bench.make()).ready();
    const host = hosts.host('raspi001');
    const text = 'line\n'.repeat(200_000);
    const { stdout } = await host.exec(['cat'], { stdin: text });
    expect(stdout === text).toBe(true);
    expect((await host.exec(['cat'])).stdout).toBe('');
    expect((await host.exec(['wc', '-c'], { stdin: '' })).stdout.trim()).toBe('0');
    // A program that does not read its input is no failure.
    expect((await host.exec(['true'], { stdin: text })).exitCode).toBe(0);
  });

  it('brings large output through whole, in pieces that cut no letter', async () => {
    const { hosts } = await (await Bench.make()).ready();
    let pieces = '';
    let count = 0;
    const { stdout, stderr } = await hosts
      .host('raspi001')
      .exec(['sh', '-c', 'yes 日本語 | head -c 1000000; yes err | head -c 300000 >&2'], {
        onStdout: (chunk) => {
          pieces += chunk;
          count++;
        },
      });
    expect(Buffer.byteLength(stdout)).toBe(1_000_000);
    expect(stdout === '日本語\n'.repeat(100_000)).toBe(true);
    expect(pieces === stdout).toBe(true);
    expect(count).toBeGreaterThan(1);
    expect(stderr).toHaveLength(300_000);
  });

  it('that dies by a signal has its name and no status', async () => {
    const { hosts } = await (await Bench.make()).ready();
    // The login shell itself: a shell that survives its command turns the signal into a status of 128 + n.
    const result = await hosts.host('raspi001').exec(['sh', '-c', 'kill -TERM $PPID']);
    expect(result).toMatchObject({ exitCode: null, signal: 'TERM' });
  });

  it('whose listener throws fails with that error and costs nothing else', async () => {
    const { server, hosts } = await (await Bench.make()).ready();
    const host = hosts.host('raspi001');
    const failing = host.exec(['echo', 'x'], {
      onStdout: () => {
        throw new Error('reporter broke');
      },
    });
    await expect(failing).rejects.toThrow('reporter broke');
    expect((await host.exec(['true'])).exitCode).toBe(0);
    expect(server.logins).toBe(1);
  });
});

describe('many commands', () => {
  it('share one connection, eight at a time', async () => {
    const { server, hosts } = await (await Bench.make()).ready();
    const host = hosts.host('raspi001');
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, index) => host.exec(['sh', '-c', `sleep 0.05; echo ${index}`])),
    );
    expect(results.map(({ stdout }) => stdout.trim())).toEqual(Array.from({ length: 40 }, (_, index) => String(index)));
    expect(server.logins).toBe(1);
    expect(server.mostRunning).toBe(8);
  });
});

describe('a command that takes too long', () => {
  it('is given up, named, and ended on the host', async () => {
    const { server, hosts } = await (await Bench.make()).ready();
    const host = hosts.host('raspi001');
    const error = await failureOf(host.exec(['sleep', '60'], { timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'SSH_TIMEOUT', exitCode: 3 });
    expect(error.message).toBe('raspi001: sleep did not finish within 0.2 s');
    await until(() => server.running === 0);
    expect(server.signals).toEqual(['KILL']);
    // The connection is still good.
    expect((await host.exec(['true'])).exitCode).toBe(0);
    expect(server.logins).toBe(1);
  });

  it("has the lab's limit when it has none of its own", async () => {
    const { hosts } = await (await Bench.make()).ready({}, { ssh: { commandTimeoutMs: 100 } });
    expect(await failureOf(hosts.host('raspi001').exec(['sleep', '60']))).toMatchObject({ code: 'SSH_TIMEOUT' });
  });

  it('can be aborted, also while it waits for a free place', async () => {
    const { server, hosts } = await (await Bench.make()).ready();
    const host = hosts.host('raspi001');
    const stop = new AbortController();
    const running = Array.from({ length: 10 }, () => failureOf(host.exec(['sleep', '60'], { signal: stop.signal })));
    await until(() => server.running === 8);
    stop.abort();
    for (const error of await Promise.all(running)) {
      expect(error).toMatchObject({ code: 'SSH_ABORTED', exitCode: 130, message: 'raspi001: sleep was interrupted' });
    }
    await until(() => server.running === 0);
    expect(server.commands).toHaveLength(8);
  });

  it('is not even started when aborted before', async () => {
    const { server, hosts } = await (await Bench.make()).ready();
    const error = await failureOf(hosts.host('raspi001').exec(['true'], { signal: AbortSignal.abort() }));
    expect(error.code).toBe('SSH_ABORTED');
    expect(server.commands).toEqual([]);
  });

  it('does not show its arguments, which may hold a token', async () => {
    const { hosts } = await (await Bench.make()).ready();
    const error = await failureOf(
      hosts.host('raspi001').exec(['sh', '-c', 'sleep 60', 'token-abc'], { timeoutMs: 50 }),
    );
    expect(`${error.message}${error.hint ?? ''}`).not.toContain('token-abc');
  });
});

describe('a lost connection', () => {
  it('fails the commands on it with the name of the host; the next one connects anew', async () => {
    const { server, hosts } = await (await Bench.make()).ready();
    const host = hosts.host('raspi001');
    const running = [1, 2].map(() => failureOf(host.exec(['sleep', '60'])));
    await until(() => server.running === 2);
    server.drop();
    for (const error of await Promise.all(running)) {
      expect(error).toMatchObject({ code: 'SSH_LOST', exitCode: 3 });
      expect(error.message).toMatch(/^raspi001: the connection to pi@127\.0\.0\.1:\d+ was lost/);
    }
    expect((await host.exec(['echo', 'back'])).stdout).toBe('back\n');
    expect(server.logins).toBe(2);
  });

  it('is noticed when the host falls silent', async () => {
    const { server, hosts } = await (await Bench.make()).ready({}, { ssh: { keepAliveMs: 50 } });
    const running = failureOf(hosts.host('raspi001').exec(['sleep', '60']));
    await until(() => server.running === 1);
    server.freeze();
    const error = await running;
    expect(error.code).toBe('SSH_LOST');
    expect(error.message).toContain('Keepalive timeout');
  });

  it('by our own close ends what runs and refuses what comes', async () => {
    const { server, hosts } = await (await Bench.make()).ready();
    const host = hosts.host('raspi001');
    const running = failureOf(host.exec(['sleep', '60']));
    await until(() => server.running === 1);
    hosts.close();
    expect((await running).code).toBe('SSH_ABORTED');
    expect((await failureOf(host.exec(['true']))).code).toBe('SSH_LOST');
  });
});
