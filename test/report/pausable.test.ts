import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/event/event.js';
import { pausable, type Pausable } from '../../src/report/pausable.js';
import { sampleRun } from '../event/sample.js';

const [first, second, third] = sampleRun() as [RunEvent, RunEvent, RunEvent];

function held(): { display: Pausable; heard: (number | string)[] } {
  const heard: (number | string)[] = [];
  const display = pausable(
    { onEvent: ({ seq }) => void heard.push(seq), onEnd: () => void heard.push('end') },
    () => void heard.push('cleared'),
  );
  return { display, heard };
}

describe('a display that is held', () => {
  it('shows afterwards, in order, what came meanwhile', () => {
    const { display, heard } = held();
    display.onEvent(first);
    display.pause();
    display.onEvent(second);
    display.onEvent(third);
    expect(heard).toEqual([1, 'cleared']);
    display.resume();
    expect(heard).toEqual([1, 'cleared', 2, 3]);
  });

  it('loses nothing when it is held twice, or when the run ends before it goes on', async () => {
    const { display, heard } = held();
    display.pause();
    display.onEvent(first);
    display.pause();
    display.onEvent(second);
    await display.onEnd?.();
    expect(heard).toEqual(['cleared', 1, 2, 'end']);
  });
});
