import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordOutput, type Recording } from '../../src/commands/cast-file.js';
import { sampleRun } from '../event/sample.js';
import { home } from './pilab.js';

/** A terminal that keeps what it shows. */
class Screen extends EventEmitter {
  readonly isTTY = true;
  columns = 80;
  rows = 24;
  readonly shown: string[] = [];
  write = (text: string | Uint8Array): boolean => this.shown.push(String(text)) > 0;
}

async function recorded(): Promise<{ file: string; screen: Screen; recording: Recording; clock: { ms: number } }> {
  const file = join(await home(), 'a.cast');
  const screen = new Screen();
  const clock = { ms: 1000 };
  const recording = recordOutput(file, {
    output: screen as unknown as NodeJS.WriteStream,
    env: { TERM: 'xterm-256color' },
    title: 'pilab verify',
    lang: 'ja',
    now: () => clock.ms,
  });
  return { file, screen, recording, clock };
}

/** Parses a recording as a player does: every line, whole. */
function play(file: string): { header: unknown; events: [number, string, string][] } {
  const text = readFileSync(file, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const [header, ...events] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  return { header, events: events as [number, string, string][] };
}

describe('a recording of the display', () => {
  it('keeps what was written, when, and passes it on', async () => {
    const { file, screen, recording, clock } = await recorded();
    clock.ms += 1000.4;
    screen.write('one\n');
    clock.ms += 0.4;
    screen.write(Buffer.from('二'));
    clock.ms += 0.4;
    screen.write('three');
    screen.columns = 100;
    screen.emit('resize');
    recording.end(1);
    screen.write('after');
    expect(screen.shown).toEqual(['one\n', '二', 'three', 'after']);
    expect(play(file)).toEqual({
      header: {
        version: 3,
        term: { cols: 80, rows: 24, type: 'xterm-256color' },
        timestamp: expect.closeTo(Date.now() / 1000, -2) as number,
        title: 'pilab verify',
      },
      // Rounding does not add up: 1001.2 ms in all.
      events: [
        [1, 'o', 'one\r\n'],
        [0.001, 'o', '二'],
        [0, 'o', 'three'],
        [0, 'r', '100x24'],
        [0, 'x', '1'],
      ],
    });
    expect(screen.listenerCount('resize')).toBe(0);
  });

  it('has a marker where each step begins, with its title', async () => {
    const { file, recording } = await recorded();
    const events = sampleRun();
    for (const event of events) recording.reporter.onEvent(event);
    const markers = play(file).events.filter(([, code]) => code === 'm');
    const steps = events.flatMap((event) => (event.type === 'step-started' ? [event.step] : []));
    expect(markers.map(([, , label]) => label.split(' ')[0])).toEqual(steps);
    expect(markers[0]?.[2]).toMatch(/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u);
  });

  it('plays at any moment of the run', async () => {
    const { file, screen, recording } = await recorded();
    play(file);
    for (const [index, event] of sampleRun().entries()) {
      recording.reporter.onEvent(event);
      screen.write(`line ${index}\n`);
      play(file);
    }
  });

  it('is refused where nothing can be written', () => {
    const output = new Screen() as unknown as NodeJS.WriteStream;
    expect(() => recordOutput('/no/such/folder/a.cast', { output, env: {}, title: '', lang: 'en' })).toThrow(
      expect.objectContaining({ code: 'CAST_UNWRITABLE' }) as Error,
    );
  });
});
