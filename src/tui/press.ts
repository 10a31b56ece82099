import type { Effect } from './action.js';
import { obey } from './commands.js';
import { END, scrolledBy } from './main-pane.js';
import type { KeyPress } from './key-press.js';
import { commandOf } from './keys.js';
import type { Mode, TuiState } from './state.js';
import type { Step } from './update.js';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a key does, depending on who gets the keys. */
export function press(state: TuiState, key: KeyPress): Step {
  const { mode } = state;
  // Leaving and stepping aside work everywhere.
  if (key.name === 'ctrl-c') return obey(state, 'interrupt');
  if (key.name === 'ctrl-z') return obey(state, 'suspend');
  if (key.name === 'ctrl-l') return obey(state, 'redraw');
  switch (mode.kind) {
    case 'normal': {
      const command = commandOf(state, key);
      return command === undefined ? stay(state) : obey({ ...state, status: undefined }, command);
    }
    case 'filter':
      return typeFilter(state, key);
    case 'help':
      return ['?', 'q', 'esc', 'enter'].includes(key.name) ? stay(normal(state)) : scrolled(state, key);
    case 'reading':
      return ['q', 'esc', 'enter', 'left', 'h', 'm'].includes(key.name) ? stay(normal(state)) : scrolled(state, key);
    case 'confirm':
      return confirm(state, mode, key);
    case 'records':
      return choose(state, mode, key);
    case 'ask':
      return typeAnswer(state, mode, key);
  }
}

function stay(state: TuiState, ...effects: Effect[]): Step {
  return { state, effects };
}

function normal(state: TuiState): TuiState {
  return { ...state, mode: { kind: 'normal' }, scroll: 0 };
}

/** Only `y` goes on: Enter is pressed too easily. */
function confirm(state: TuiState, mode: Mode & { kind: 'confirm' }, key: KeyPress): Step {
  if (key.name === 'y' || key.name === 'Y') {
    const stopping = state.run !== undefined && (mode.then.type === 'stop' || mode.then.type === 'quit');
    const next = normal(state);
    return stay(
      {
        ...next,
        leaving: mode.then.type === 'quit' || state.leaving,
        ...(stopping ? { run: { ...state.run, stopping: true } } : {}),
      },
      mode.then,
    );
  }
  return ['n', 'N', 'esc', 'q', 'enter'].includes(key.name) ? stay(normal(state)) : stay(state);
}

function typeFilter(state: TuiState, key: KeyPress): Step {
  const { place, filter } = state;
  const set = (text: string, more: Partial<TuiState> = {}): Step =>
    stay({
      ...state,
      filter: { ...filter, [place]: text },
      cursor: { ...state.cursor, [place]: 0 },
      scroll: 0,
      // Who looks for something does not want to be carried off by the run.
      follow: place === 'run' ? false : state.follow,
      ...more,
    });
  switch (key.name) {
    case 'enter':
      return stay({ ...state, mode: { kind: 'normal' } });
    case 'esc':
      return set('', { mode: { kind: 'normal' } });
    case 'backspace':
      return set(withoutLast(filter[place]));
    case 'ctrl-u':
      return set('');
    default:
      return key.text === '' ? stay(state) : set(filter[place] + key.text);
  }
}

function typeAnswer(state: TuiState, mode: Mode & { kind: 'ask' }, key: KeyPress): Step {
  const answered = (value: string | undefined): Step =>
    stay({ ...state, mode: { kind: 'normal' } }, { type: 'answer', id: mode.id, value });
  switch (key.name) {
    case 'enter':
      return answered(mode.typed);
    case 'esc':
      return answered(undefined);
    case 'backspace':
      return stay({ ...state, mode: { ...mode, typed: withoutLast(mode.typed) } });
    default:
      return key.text === '' ? stay(state) : stay({ ...state, mode: { ...mode, typed: mode.typed + key.text } });
  }
}

function choose(state: TuiState, mode: Mode & { kind: 'records' }, key: KeyPress): Step {
  const records = state.records ?? [];
  const moved = (by: number): Step =>
    stay({ ...state, mode: { ...mode, cursor: Math.max(0, Math.min(records.length - 1, mode.cursor + by)) } });
  switch (key.name) {
    case 'up':
    case 'k':
      return moved(-1);
    case 'down':
    case 'j':
      return moved(1);
    case 'pageup':
      return moved(-10);
    case 'pagedown':
      return moved(10);
    case 'enter': {
      const record = records[mode.cursor];
      return record === undefined ? stay(normal(state)) : stay(normal(state), { type: 'replay', file: record.file });
    }
    case 'esc':
    case 'q':
    case 'o':
      return stay(normal(state));
    default:
      return stay(state);
  }
}

/** Help and texts scroll with the same keys as everything else. */
function scrolled(state: TuiState, key: KeyPress): Step {
  const page = Math.max(1, state.size.rows - 6);
  const by: Readonly<Record<string, number>> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    pageup: -page,
    'ctrl-u': -page,
    pagedown: page,
    'ctrl-d': page,
    space: page,
    home: -END,
    g: -END,
    end: END,
    G: END,
  };
  return stay(scrolledBy(state, by[key.name] ?? 0));
}

/** What Backspace leaves: a character as a person sees it goes at once. */
function withoutLast(text: string): string {
  const last = [...graphemes.segment(text)].at(-1);
  return last === undefined ? '' : text.slice(0, last.index);
}
