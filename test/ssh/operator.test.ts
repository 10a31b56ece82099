import { describe, expect, it } from 'vitest';
import { operatorHost } from '../../src/ssh/operator.js';
import { failureOf } from './lab.js';

describe("the operator's own machine", () => {
  const operator = operatorHost();

  it('runs commands without a shell in between', async () => {
    const result = await operator.exec(['printf', '%s|', '$(id)', "it's", 'a\nb']);
    expect(result).toMatchObject({ stdout: "$(id)|it's|a\nb|", stderr: '', exitCode: 0, signal: undefined });
  });

  it('gives back status, both streams and signals', async () => {
    expect(await operator.exec(['sh', '-c', 'echo out; echo err >&2; exit 7'])).toMatchObject({
      stdout: 'out\n',
      stderr: 'err\n',
      exitCode: 7,
    });
    expect(await operator.exec(['sh', '-c', 'kill -TERM $$'])).toMatchObject({ exitCode: null, signal: 'TERM' });
  });

  it('passes input in and output out as it comes', async () => {
    let seen = '';
    const { stdout } = await operator.exec(['cat'], {
      stdin: '日本\n'.repeat(50_000),
      onStdout: (chunk) => (seen += chunk),
    });
    expect(seen === stdout).toBe(true);
    expect(stdout === '日本\n'.repeat(50_000)).toBe(true);
    expect((await operator.exec(['cat'])).stdout).toBe('');
  });

  it('gives up at the limit even when something else holds the output open', async () => {
    const error = await failureOf(operator.exec(['sh', '-c', 'sleep 60 & wait'], { timeoutMs: 200 }));
    expect(error).toMatchObject({
      code: 'SSH_TIMEOUT',
      exitCode: 3,
      message: 'operator: sh did not finish within 0.2 s',
    });
  });

  it('can be interrupted', async () => {
    const stop = new AbortController();
    const running = failureOf(
      operator.exec(['sh', '-c', 'echo; sleep 60'], { signal: stop.signal, onStdout: () => stop.abort() }),
    );
    expect(await running).toMatchObject({ code: 'SSH_ABORTED', exitCode: 130 });
  });

  it('says which program is missing', async () => {
    const error = await failureOf(operator.exec(['no-such-program']));
    expect(error).toMatchObject({ code: 'SSH_CHANNEL', hint: 'is no-such-program installed?' });
    expect(error.message).toContain('operator: no-such-program could not be started');
  });
});
