import { fileURLToPath } from 'node:url';
import { execa, type ResultPromise } from 'execa';
import { describe, expect, it } from 'vitest';
import { TYPESCRIPT } from './pilab.js';

const PROGRAM = fileURLToPath(new URL('interrupted.ts', import.meta.url));

function start(left: readonly string[]): ResultPromise<{ reject: false }> {
  return execa(process.execPath, [...TYPESCRIPT, PROGRAM, ...left], { reject: false });
}

/** Resolves when the stream has said it. */
function said(stream: NodeJS.ReadableStream | null, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    stream?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(words)) resolve();
    });
    stream?.once('close', () => reject(new Error(`never said "${words}": ${seen}`)));
  });
}

describe('interrupting', { timeout: 30_000 }, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s: the first stops, the second leaves with 130', async (name) => {
    const child = start(['namespace/pilab-web-3f9a']);
    await said(child.stdout, 'ready');
    const stopped = said(child.stderr, 'stopped: interrupted');
    child.kill(name);
    await stopped;
    child.kill(name);
    const { exitCode, stderr } = await child;
    expect(exitCode).toBe(130);
    expect(stderr.split('\n').filter((line) => line !== '')).toEqual([
      'Stopping; cleaning up. Once more: leave at once.',
      'stopped: interrupted',
      'Left at once. Still on the cluster: namespace/pilab-web-3f9a',
      '  remove it with: pilab clean',
    ]);
  });

  it('by a hang-up, however often it comes, stops and cleans up', async () => {
    const child = start([]);
    await said(child.stdout, 'ready');
    const stopped = said(child.stderr, 'stopped: interrupted');
    child.kill('SIGHUP');
    await stopped;
    child.kill('SIGHUP');
    // Still there to be told the second time by somebody who means it.
    const still = said(child.stdout, '.');
    await still;
    child.kill('SIGTERM');
    const { stderr } = await child;
    expect(stderr.match(/Stopping; cleaning up/g)).toHaveLength(1);
    expect(stderr).toMatch(/Left at once; nothing of this run is on the cluster\.$/);
  });

  it('says that nothing is left when nothing is', async () => {
    const child = start([]);
    await said(child.stdout, 'ready');
    const stopped = said(child.stderr, 'stopped');
    child.kill('SIGINT');
    await stopped;
    child.kill('SIGINT');
    expect((await child).stderr).toMatch(/Left at once; nothing of this run is on the cluster\.$/);
  });

  it('happens also when whoever reads the output has gone', async () => {
    const child = start([]);
    await said(child.stdout, 'ready');
    const stopped = said(child.stderr, 'stopped: the output was closed');
    child.stdout.destroy();
    await stopped;
    child.kill('SIGINT');
    // The closed output was the first time.
    expect((await child).exitCode).toBe(130);
  });
});
