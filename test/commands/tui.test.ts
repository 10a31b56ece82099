import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bareOptions } from '../../src/commands/tui/bare.js';
import { replay } from '../../src/commands/tui/replay.js';
import { encodeEvent } from '../../src/event/record.js';
import { sampleRun } from '../event/sample.js';
import { home } from './pilab.js';

describe('pilab without a verb', () => {
  it.each([
    [[], { lab: 'lab.yaml' }],
    [['--lab', 'rack'], { lab: 'rack' }],
    [['--lab=x.yaml', '--lang', 'ja'], { lab: 'x.yaml', lang: 'ja' }],
    [['verify'], undefined],
    [['--help'], undefined],
    [['--lang', 'fr'], undefined],
    [['--lab', 'rack', 'verify'], undefined],
  ])('takes %j', (argv, options) => {
    expect(bareOptions(argv)).toEqual(options);
  });
});

describe('a replay', () => {
  it('tells all events of a record in their order, also of one that was cut off, and stops when it is left', async () => {
    const events = sampleRun();
    const file = join(await home(), 'run.ndjson');
    await writeFile(file, `${events.map(encodeEvent).join('')}{"v":1,"se`);
    const fast = (): { speed: number; paused: boolean } => ({ speed: 0, paused: false });
    const told: number[] = [];
    await replay(file, fast, ({ seq }) => void told.push(seq), new AbortController().signal);
    expect(told).toEqual(events.map(({ seq }) => seq));
    const left = new AbortController();
    const some: number[] = [];
    await replay(
      file,
      fast,
      ({ seq }) => {
        some.push(seq);
        if (seq === 3) left.abort();
      },
      left.signal,
    );
    expect(some).toEqual([1, 2, 3]);
  });
});
