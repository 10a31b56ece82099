import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { PilabError } from '../../src/errors.js';
import { Rejection } from '../../src/ports/cluster.js';
import { FakeApi, TOKEN, answer, failureOf } from './fake-api.js';

const WEB = { namespace: 'lab', pod: 'web' };

function send(socket: WebSocket, channel: number, content: string | Buffer = ''): void {
  socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(content as string)]));
}
function exit(socket: WebSocket, code: number): void {
  const causes = [{ reason: 'ExitCode', message: String(code) }];
  const failure = { status: 'Failure', reason: 'NonZeroExitCode', message: 'command terminated', details: { causes } };
  send(socket, 3, JSON.stringify(code === 0 ? { status: 'Success', metadata: {} } : failure));
}

describe('a command in a pod', () => {
  it('gives its output and exit code, and is asked for as it was written', async () => {
    const api = await FakeApi.start();
    api.exec = (socket) => {
      // Servers open their channels with empty messages.
      for (const channel of [1, 2, 3]) send(socket, channel);
      send(socket, 1, 'out');
      send(socket, 2, 'err');
      exit(socket, 7);
      socket.close();
    };
    const cluster = await api.connect();
    const result = await cluster.exec({ ...WEB, container: 'nginx' }, ['sh', '-c', 'echo "a b"; exit 7']);
    expect(result).toMatchObject({ stdout: 'out', stderr: 'err', exitCode: 7 });
    const [seen] = api.calls('UPGRADE /api/v1/namespaces/lab/pods/web/exec');
    expect(seen?.query.getAll('command')).toEqual(['sh', '-c', 'echo "a b"; exit 7']);
    expect(Object.fromEntries(seen!.query)).toMatchObject({
      container: 'nginx',
      stdout: 'true',
      stderr: 'true',
      stdin: 'false',
    });
    expect(seen?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('keeps output that comes after the status', async () => {
    const api = await FakeApi.start();
    api.exec = (socket) => {
      send(socket, 1, 'early ');
      exit(socket, 0);
      setTimeout(() => {
        send(socket, 1, 'late');
        send(socket, 2, 'late too');
        socket.close();
      }, 100);
    };
    expect(await (await api.connect()).exec(WEB, ['true'])).toMatchObject({
      stdout: 'early late',
      stderr: 'late too',
      exitCode: 0,
    });
  });

  it('hands on its output while it runs, characters whole', async () => {
    const api = await FakeApi.start();
    const [first, second] = [Buffer.from('ピ').subarray(0, 2), Buffer.from('ピ').subarray(2)];
    let goOn: () => void = () => undefined;
    api.exec = (socket) => {
      send(socket, 1, 'one\n');
      send(socket, 1, first);
      goOn = (): void => {
        send(socket, 1, second);
        exit(socket, 0);
        socket.close();
      };
    };
    const chunks: string[] = [];
    const running = (await api.connect()).exec(WEB, ['true'], { onStdout: (chunk) => chunks.push(chunk) });
    await expect.poll(() => chunks).toEqual(['one\n']);
    goOn();
    expect((await running).stdout).toBe('one\nピ');
    expect(chunks).toEqual(['one\n', 'ピ']);
  });

  it('gets standard input with its end', async () => {
    const api = await FakeApi.start();
    api.exec = (socket) =>
      socket.on('message', (data: Buffer) => {
        if (data[0] === 0) send(socket, 1, data.subarray(1));
        if (data[0] !== 255 || data[1] !== 0) return;
        send(socket, 1, 'EOF');
        exit(socket, 0);
        socket.close();
      });
    const cluster = await api.connect();
    expect((await cluster.exec(WEB, ['cat'], { stdin: 'héllo\n' })).stdout).toBe('héllo\nEOF');
    expect((await cluster.exec(WEB, ['cat'], { stdin: '' })).stdout).toBe('EOF');
    expect(api.seen.at(-1)?.query.get('stdin')).toBe('true');
  });

  it('gets standard input from an older server too, which cannot end it', async () => {
    const api = await FakeApi.start();
    api.protocol = 'v4.channel.k8s.io';
    const channels: (number | undefined)[] = [];
    api.exec = (socket) =>
      socket.on('message', (data: Buffer) => {
        channels.push(data[0]);
        send(socket, 1, data.subarray(1));
        setTimeout(() => {
          exit(socket, 0);
          socket.close();
        }, 50);
      });
    expect(await (await api.connect()).exec(WEB, ['head', '-n1'], { stdin: 'x\n' })).toMatchObject({
      stdout: 'x\n',
      exitCode: 0,
    });
    expect(channels).toEqual([0]);
  });

  it.each<[string, (socket: WebSocket) => void]>([
    ['is missing', () => undefined],
    ['is empty', (socket) => send(socket, 3)],
    ['is no JSON', (socket) => send(socket, 3, '{"status":"Succ')],
  ])('whose status %s has no exit code', async (_name, say) => {
    const api = await FakeApi.start();
    api.exec = (socket) => {
      send(socket, 1, 'half');
      say(socket);
      socket.close();
    };
    expect(await (await api.connect()).exec(WEB, ['true'])).toMatchObject({ stdout: 'half', exitCode: null });
  });

  it('shares the connection that other calls have left', async () => {
    const api = (await FakeApi.start()).on('GET /version', answer({ gitVersion: 'v1.34.4' }));
    api.exec = (socket) => {
      exit(socket, 0);
      socket.close();
    };
    const cluster = await api.connect();
    await cluster.version();
    await cluster.exec(WEB, ['true']);
    expect(api.connections).toBe(1);
  });

  it('waits for a server that is just coming back', async () => {
    const api = await FakeApi.start();
    api.exec = (socket) => {
      exit(socket, 0);
      socket.close();
    };
    const cluster = await api.connect();
    await api.stop();
    const running = cluster.exec(WEB, ['true']);
    setTimeout(() => void api.listen(), 300);
    expect((await running).exitCode).toBe(0);
  });
});

describe('a command that cannot be run', () => {
  it('is a rejection in the server’s words', async () => {
    const api = await FakeApi.start();
    const message = 'container nginx is not valid for pod web';
    api.refusal = { status: 400, body: JSON.stringify({ kind: 'Status', reason: 'BadRequest', message }) };
    const error = await failureOf<Rejection>((await api.connect()).exec(WEB, ['true']));
    expect(error).toBeInstanceOf(Rejection);
    expect(error).toMatchObject({ status: 400, reason: 'BadRequest', message });
  });

  it('says why when the kubelet could not start it', async () => {
    const api = await FakeApi.start();
    api.exec = (socket) => {
      const message = 'exec: "nonexist": executable file not found in $PATH';
      send(
        socket,
        3,
        JSON.stringify({ status: 'Failure', reason: 'InternalError', message, details: { causes: [{ message }] } }),
      );
      socket.close();
    };
    const error = await failureOf<PilabError>((await api.connect()).exec(WEB, ['nonexist']));
    expect(error).toMatchObject({ code: 'CLUSTER_EXEC_FAILED', exitCode: 3 });
    expect(error.message).toBe('cannot run a command in lab/web: exec: "nonexist": executable file not found in $PATH');
  });

  it('names a server that is down', async () => {
    const api = await FakeApi.start();
    const cluster = await api.connect();
    await api.stop();
    const error = await failureOf<PilabError>(cluster.exec(WEB, ['true']));
    expect(error.code).toBe('CLUSTER_UNREACHABLE');
    expect(error.message).toContain(`https://127.0.0.1:${api.port}`);
  });
});

describe('a command that does not end', () => {
  it('is lost when its connection breaks', async () => {
    const api = await FakeApi.start();
    api.exec = (socket) => {
      send(socket, 1, 'half');
      setTimeout(() => socket.terminate(), 50);
    };
    const error = await failureOf<PilabError>((await api.connect()).exec(WEB, ['true']));
    expect(error).toMatchObject({ code: 'CLUSTER_EXEC_LOST', exitCode: 3 });
    expect(error.message).toContain('lab/web');
  });

  it('is given up after its time, connected or not', async () => {
    const api = await FakeApi.start();
    let closed = 0;
    api.exec = (socket) => socket.on('close', () => closed++);
    const cluster = await api.connect();
    const error = await failureOf<PilabError>(cluster.exec(WEB, ['sleep', '9'], { timeoutMs: 1000 }));
    expect(error).toMatchObject({ code: 'CLUSTER_EXEC_TIMEOUT', exitCode: 3 });
    expect(error.message).toBe('the command in lab/web did not end within 1 s');
    await expect.poll(() => closed).toBe(1);
  });

  it('ends by a signal, before and while it runs, and by close', async () => {
    const api = await FakeApi.start();
    let [opened, closed] = [0, 0];
    api.exec = (socket) => {
      opened++;
      socket.on('close', () => closed++);
    };
    const cluster = await api.connect();
    const stop = new AbortController();
    const aborted = failureOf<PilabError>(cluster.exec(WEB, ['sleep', '9'], { signal: stop.signal }));
    const lastly = failureOf<PilabError>(cluster.exec(WEB, ['sleep', '9']));
    await expect.poll(() => opened).toBe(2);
    stop.abort();
    expect((await aborted).code).toBe('CLUSTER_ABORTED');
    expect((await failureOf<PilabError>(cluster.exec(WEB, ['id'], { signal: stop.signal }))).code).toBe(
      'CLUSTER_ABORTED',
    );
    expect(opened).toBe(2);
    await expect.poll(() => closed).toBe(1);
    cluster.close();
    expect((await lastly).code).toBe('CLUSTER_CLOSED');
    await expect.poll(() => api.open).toBe(0);
  });

  it('ends with what its listener throws', async () => {
    const api = await FakeApi.start();
    api.exec = (socket) => send(socket, 1, 'x');
    const given = new Error('a full disk');
    const running = (await api.connect()).exec(WEB, ['yes'], {
      onStdout: () => {
        throw given;
      },
    });
    expect(await failureOf(running)).toBe(given);
    await expect.poll(() => api.open).toBe(0);
  });
});
