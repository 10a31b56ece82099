import type { Action, Effect } from './action.js';
import { keepEvent } from './keep.js';
import { press } from './press.js';
import { endingRow, runningRow } from './rows.js';
import { newRun, type TuiState } from './state.js';

/** The next state, and what is to be done outside the screen. */
export interface Step {
  readonly state: TuiState;
  readonly effects: readonly Effect[];
}

/** Everything that happens to the screen goes through here: no clock, no terminal, no cluster. */
export function update(state: TuiState, action: Action): Step {
  switch (action.type) {
    case 'press':
      return press(state, action.key);
    case 'ask':
      return to({ ...state, mode: { ...action, kind: 'ask', typed: '' } });
    default:
      return to(told(state, action));
  }
}

function to(state: TuiState): Step {
  return { state, effects: [] };
}

function told(state: TuiState, action: Exclude<Action, { type: 'press' | 'ask' }>): TuiState {
  switch (action.type) {
    case 'resize':
      return { ...state, size: { columns: action.columns, rows: action.rows }, scroll: 0 };
    case 'lab':
      return { ...state, lab: action.name, hosts: action.hosts };
    case 'lab-trouble':
      return { ...state, labTrouble: action.trouble };
    case 'facts':
      return { ...state, facts: action.facts };
    case 'vitals':
      return {
        ...state,
        hosts: state.hosts.map((host) => (host.name === action.host ? seenNow(host, action.vitals) : host)),
      };
    case 'host-trouble':
      return {
        ...state,
        hosts: state.hosts.map((host) => (host.name === action.host ? { ...host, trouble: action.trouble } : host)),
      };
    case 'playbooks':
      return { ...state, playbooks: action.rows };
    case 'records':
      return { ...state, records: action.rows };
    case 'run-opened':
      return {
        ...state,
        run: newRun(action.source),
        place: 'run',
        follow: true,
        zoom: false,
        scroll: 0,
        cursor: { ...state.cursor, run: 0 },
        filter: { ...state.filter, run: '' },
        status: undefined,
      };
    case 'events':
      return followed(state.run === undefined ? state : { ...state, run: action.events.reduce(keepEvent, state.run) });
    case 'say':
      return { ...state, status: { text: action.text, role: action.role } };
    case 'read':
      return { ...state, scroll: 0, mode: { kind: 'reading', title: action.title, lines: action.text.split('\n') } };
  }
}

function seenNow(
  { name, address, role }: TuiState['hosts'][number],
  vitals: NonNullable<TuiState['hosts'][number]['vitals']>,
): TuiState['hosts'][number] {
  return { name, address, role, vitals };
}

/** The cursor of the run goes with the running step as long as the person has not moved it. */
function followed(state: TuiState): TuiState {
  if (!state.follow) return state;
  const row = state.run?.state.end === undefined ? runningRow(state) : endingRow(state);
  if (row === undefined || row === state.cursor.run) return state;
  return { ...state, cursor: { ...state.cursor, run: row }, scroll: state.zoom ? state.scroll : 0 };
}
