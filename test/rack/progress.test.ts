import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { splitWords } from '../../src/commands/rack.js';
import { Progress, span } from '../../src/rack/progress.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

async function shown(isTTY: boolean): Promise<string[]> {
  const written: string[] = [];
  const progress = new Progress({ isTTY, columns: 80, write: (text) => written.push(text) });
  const slow = async (say: (what: string) => void): Promise<void> => {
    say('compiling');
    await new Promise((resolve) => setTimeout(resolve, 40_000));
  };
  const done = progress.run([
    { title: 'kubelet', run: slow },
    { title: 'boot', run: async () => Promise.resolve() },
  ]);
  await vi.advanceTimersByTimeAsync(41_000);
  await done;
  return written;
}

describe('the progress display', () => {
  it('writes plain lines without a terminal: long tasks as they run, all as they end', async () => {
    expect(await shown(false)).toEqual([
      '… 1/2 kubelet: compiling, 5 s so far; next: boot\n',
      '… 1/2 kubelet: compiling, 35 s so far; next: boot\n',
      '✔ 1/2 kubelet (40 s)\n',
      '✔ 2/2 boot (0 s)\n',
    ]);
  });

  it('redraws one line on a terminal', async () => {
    const written = await shown(true);
    expect(written).toContain('\r\u001B[K… 1/2 kubelet: compiling, 12 s; next: boot');
    expect(written.filter((text) => text.endsWith('\n'))).toHaveLength(2);
  });

  it('marks the task that failed and runs no other', async () => {
    const written: string[] = [];
    const progress = new Progress({ isTTY: false, columns: 80, write: (text) => written.push(text) });
    const failing = { title: 'boot', run: async () => Promise.reject(new Error('no')) };
    await expect(progress.run([failing, failing])).rejects.toThrow('no');
    expect(written).toEqual(['✘ 1/2 boot (0 s)\n']);
  });

  it('tells spans as people do', () => {
    expect([span(900), span(59_400), span(125_000)]).toEqual(['1 s', '59 s', '2 min 5 s']);
  });
});

describe('the words of rack sh', () => {
  const words = (...line: string[]): ReturnType<typeof splitWords> =>
    splitWords(
      line.filter((word, index) => word !== '--' || index !== line.indexOf('--')),
      ['node', 'pilab', 'rack', 'sh', ...line],
    );

  it('takes what stands before -- for a node and the rest for a command', () => {
    expect(words('--', 'kubectl', 'get', 'nodes')).toEqual({ node: undefined, argv: ['kubectl', 'get', 'nodes'] });
    expect(words('raspi002', '--', 'ls', '-l')).toEqual({ node: 'raspi002', argv: ['ls', '-l'] });
    expect(words('raspi002')).toEqual({ node: 'raspi002', argv: [] });
    expect(words()).toEqual({ node: undefined, argv: [] });
  });

  it('leaves dashes inside the command alone', () => {
    expect(words('--', 'kubectl', 'exec', 'p', '--', 'ls')).toEqual({
      node: undefined,
      argv: ['kubectl', 'exec', 'p', '--', 'ls'],
    });
  });
});
