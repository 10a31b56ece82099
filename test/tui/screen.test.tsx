import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { onTestFinished, describe, expect, it } from 'vitest';
import { loadMount } from '../../src/tui/load-mount.js';
import { createStore, type Store } from '../../src/tui/store.js';
import type { TuiState } from '../../src/tui/state.js';
import { sampleRun } from '../event/sample.js';
import { lab } from './world.js';

/** A terminal of this size: what is written is kept, what is typed is read. */
function terminal(columns: number, rows: number): { stdin: PassThrough; stdout: PassThrough; written: () => string } {
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  });
  let text = '';
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
  stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stdin, stdout, written: () => text };
}

/** ink on such a terminal. */
async function shownOn(
  parts: Partial<TuiState>,
  linear = false,
): Promise<{ store: Store; stdin: PassThrough; written: () => string }> {
  // As on a CI machine, where ink by itself would draw nothing.
  process.env['CI'] = process.env['CONTINUOUS_INTEGRATION'] = 'true';
  const mount = await loadMount();
  const state = lab(parts);
  const { stdin, stdout, written } = terminal(state.size.columns, state.size.rows);
  const store = createStore(state, () => undefined);
  const mounted = mount(
    store,
    { stdin: stdin as unknown as NodeJS.ReadStream, stdout: stdout as unknown as NodeJS.WriteStream },
    linear,
  );
  onTestFinished(() => mounted.unmount());
  return { store, stdin, written };
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 8000;
  while (!condition() && Date.now() < end) await sleep(10);
  expect(condition()).toBe(true);
}

describe('the screen in ink', { timeout: 20_000 }, () => {
  it.each([
    ['en', 80],
    ['ja', 120],
  ] as const)('shows the frame as it was made: %s, %i columns', async (lang, columns) => {
    const { store, written } = await shownOn({ lang, size: { columns, rows: 30 } });
    store.dispatch({ type: 'run-opened', source: 'live' });
    for (const event of sampleRun()) store.event(event);
    const { shown } = await import('./world.js');
    await until(() => {
      const expected = shown(store.get())
        .split('\n')
        .map((line) => line.trimEnd());
      const lines = stripVTControlCharacters(written())
        .split('\n')
        .map((line) => line.trimEnd());
      return expected.length > 20 && expected.filter((line) => line !== '').every((line) => lines.includes(line));
    });
  });

  it('hears every key, also while a thousand events a second come in', async () => {
    const { store, stdin } = await shownOn({});
    store.dispatch({ type: 'run-opened', source: 'replay' });
    const events = sampleRun().filter(({ type }) => type !== 'run-finished');
    for (let index = 0; index < 1000; index += 1) {
      store.event(events[index % events.length]!);
      if (index % 10 === 0) stdin.write(index % 20 === 0 ? '/' : 'x\r');
      if (index % 50 === 0) await sleep(50);
    }
    // Each `/`, `x`, Enter adds one x to the filter.
    await until(() => store.get().filter.run === 'x'.repeat(50));
  });

  it('is plain lines in screen reader mode', async () => {
    const { written } = await shownOn({}, true);
    await until(() => written().includes('Playbooks: 1/2 clusterip, failed'));
    expect(written()).not.toMatch(/[│─█]/);
  });
});
