import type { Reporter, RunEvent } from '../event/event.js';

/** A display that can be held: events that come meanwhile are shown afterwards, in order. */
export interface Pausable extends Reporter {
  /** Shows nothing until {@link Pausable.resume}: something else needs the terminal. */
  pause(): void;
  resume(): void;
}

/** @param clear takes away what the display would take back itself later: its line about what is going on */
export function pausable(display: Reporter, clear: () => void): Pausable {
  let waiting: RunEvent[] | undefined;
  const resume = (): void => {
    const events = waiting ?? [];
    waiting = undefined;
    for (const event of events) display.onEvent(event);
  };
  return {
    onEvent: (event) => {
      if (waiting === undefined) display.onEvent(event);
      else waiting.push(event);
    },
    onEnd: () => {
      resume();
      return display.onEnd?.();
    },
    pause: () => {
      if (waiting !== undefined) return;
      waiting = [];
      clear();
    },
    resume,
  };
}
