import type { RunEvent } from '../event/event.js';
import type { Action, Effect } from './action.js';
import type { TuiState } from './state.js';
import { update } from './update.js';

/** Events are taken in together, so often: a screen shows no more pictures than that. */
const FRAME_MS = 33;

/** The state of the screen, and the one way to change it. */
export interface Store {
  readonly get: () => TuiState;
  /** Calls back after each change. @returns how to stop that */
  readonly subscribe: (onChange: () => void) => () => void;
  /** Takes effect at once: a key press never waits for events. */
  readonly dispatch: (action: Action) => void;
  /** Held back for at most a frame, and then taken in together. */
  readonly event: (event: RunEvent) => void;
  /** Takes in what is held back. */
  readonly flush: () => void;
}

/** @param perform does what the state cannot: it is called after the state has changed */
export function createStore(initial: TuiState, perform: (effect: Effect) => void): Store {
  let state = initial;
  let held: RunEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  const listeners = new Set<() => void>();
  const dispatch = (action: Action): void => {
    const step = update(state, action);
    if (step.state !== state) {
      state = step.state;
      for (const listener of listeners) listener();
    }
    for (const effect of step.effects) perform(effect);
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (held.length === 0) return;
    const events = held;
    held = [];
    dispatch({ type: 'events', events });
  };
  return {
    get: () => state,
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    dispatch: (action) => {
      // Events of the run before would otherwise land in the new one.
      if (action.type === 'run-opened') flush();
      dispatch(action);
    },
    event: (event) => {
      held.push(event);
      timer ??= setTimeout(flush, FRAME_MS);
    },
    flush,
  };
}
