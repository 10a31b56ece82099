import { describe, expect, it, vi } from 'vitest';
import { createStore } from '../../src/tui/store.js';
import { sampleRun } from '../event/sample.js';
import { lab, presses } from './world.js';

describe('the store', () => {
  it('takes events in together, once a frame, and key presses at once', () => {
    vi.useFakeTimers();
    try {
      const store = createStore(lab(), () => undefined);
      let changes = 0;
      store.subscribe(() => (changes += 1));
      store.dispatch({ type: 'run-opened', source: 'live' });
      for (const event of sampleRun()) store.event(event);
      for (const action of presses('1', '2', '3')) store.dispatch(action);
      expect(changes).toBe(4);
      expect(store.get().run?.state.playbooks).toEqual([]);
      vi.advanceTimersByTime(40);
      expect(changes).toBe(5);
      expect(store.get().run?.state.end?.verdict).toBe('failed');
    } finally {
      vi.useRealTimers();
    }
  });

  it('loses no key among a thousand events', () => {
    const effects: string[] = [];
    const store = createStore(lab(), ({ type }) => void effects.push(type));
    store.dispatch({ type: 'run-opened', source: 'replay' });
    const events = sampleRun();
    for (let index = 0; index < 1000; index += 1) {
      store.event(events[index % events.length]!);
      for (const action of presses('space')) store.dispatch(action);
    }
    store.flush();
    expect(effects).toEqual(Array.from({ length: 1000 }, () => 'pace'));
  });

  it('keeps the events of one run out of the next', () => {
    const store = createStore(lab(), () => undefined);
    store.dispatch({ type: 'run-opened', source: 'live' });
    for (const event of sampleRun()) store.event(event);
    store.dispatch({ type: 'run-opened', source: 'live' });
    store.flush();
    expect(store.get().run?.state.start).toBeUndefined();
  });
});
