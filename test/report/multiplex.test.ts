import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/event/event.js';
import { multiplex } from '../../src/report/multiplex.js';
import { sampleRun } from '../event/sample.js';

const events = sampleRun().slice(0, 4);

describe('many reporters as one', () => {
  it('gives every reporter every event in order, then the end', async () => {
    const heard: string[] = [];
    const named = (name: string): { onEvent: (event: RunEvent) => void; onEnd: () => Promise<void> } => ({
      onEvent: ({ seq }) => void heard.push(`${name}${seq}`),
      onEnd: async () => {
        await Promise.resolve();
        heard.push(`${name} end`);
      },
    });
    const all = multiplex({ a: named('a'), b: named('b'), mute: { onEvent: () => undefined } }, () => {
      throw new Error('nobody failed');
    });
    for (const event of events) all.onEvent(event);
    await all.onEnd();
    expect(heard).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'a4', 'b4', 'a end', 'b end']);
  });

  it('drops a reporter that throws, tells it once, and spares the others', async () => {
    const failures: [string, unknown][] = [];
    const heard: number[] = [];
    let calls = 0;
    let ended = false;
    const all = multiplex(
      {
        broken: {
          onEvent: () => {
            calls += 1;
            throw new Error('disk full');
          },
          onEnd: () => void (ended = true),
        },
        good: { onEvent: ({ seq }) => void heard.push(seq) },
      },
      (name, error) => failures.push([name, error]),
    );
    for (const event of events) all.onEvent(event);
    await all.onEnd();
    expect([calls, ended]).toEqual([1, false]);
    expect(failures).toEqual([['broken', new Error('disk full')]]);
    expect(heard).toEqual([1, 2, 3, 4]);
  });

  it('hears of a reporter whose end is rejected, and still ends the next one', async () => {
    const failures: string[] = [];
    let ended = false;
    const all = multiplex(
      {
        broken: { onEvent: () => undefined, onEnd: () => Promise.reject(new Error('no space')) },
        good: { onEvent: () => undefined, onEnd: () => void (ended = true) },
      },
      (name) => failures.push(name),
    );
    await all.onEnd();
    expect([failures, ended]).toEqual([['broken'], true]);
  });
});
