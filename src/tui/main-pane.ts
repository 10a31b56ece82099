import { wrap } from '../report/layout.js';
import { arrange } from './arrangement.js';
import { hostPane } from './host-pane.js';
import { helpPane, playbookPane, questionPane, recordsPane, runPane, troubleLines } from './other-panes.js';
import { paneOf, type Pane } from './pane.js';
import { rowCount, selectedHost, selectedPlaybook, selectedRun } from './rows.js';
import type { Mode, TuiState } from './state.js';
import { stepPane } from './step-pane.js';

/** Farther than any text is long. */
export const END = 1_000_000;

/** Modes that have the whole body for themselves. */
export function isModal({ mode }: { readonly mode: Mode }): boolean {
  return mode.kind !== 'normal' && mode.kind !== 'filter';
}

/** Boxes for the state as it is. */
export function arrangementOf(state: TuiState): ReturnType<typeof arrange> {
  const counts = {
    hosts: rowCount(state, 'hosts'),
    playbooks: rowCount(state, 'playbooks'),
    run: rowCount(state, 'run'),
  };
  return arrange({ ...state, zoom: state.zoom || isModal(state) }, counts);
}

/** The whole text of the main pane, however long. */
export function mainLines(state: TuiState, columns: number): string[] {
  const pane = paneOf(state, columns);
  const { mode } = state;
  switch (mode.kind) {
    case 'help':
      return helpPane(pane);
    case 'reading':
      return mode.lines.flatMap((line) => wrap(line, columns));
    case 'records':
      return recordsPane(pane, state);
    case 'confirm':
    case 'ask':
      return questionPane(pane, mode, state);
    default:
      return placeLines(pane, state);
  }
}

function placeLines(pane: Pane, state: TuiState): string[] {
  const { tui } = pane;
  switch (state.place) {
    case 'hosts': {
      const host = selectedHost(state);
      return [...troubleLines(pane, state), ...(host === undefined ? [tui.noMatch] : hostPane(pane, host, state))];
    }
    case 'playbooks': {
      const row = selectedPlaybook(state);
      const empty = state.playbooks === undefined ? tui.loading : tui.noMatch;
      return [...troubleLines(pane, state), ...(row === undefined ? [empty] : playbookPane(pane, row, state))];
    }
    case 'run': {
      const row = selectedRun(state);
      if (row === undefined) return wrap(state.run === undefined ? tui.noRun : tui.noMatch, pane.screen.columns);
      return row.kind === 'step' ? stepPane(pane, row.step, state) : runPane(pane, row.playbook, state);
    }
  }
}

/** Rows of the main pane below its title. */
export function pageOf(state: TuiState): number {
  return Math.max(1, arrangementOf(state).body - 1);
}

/** Scrolls the main pane, never beyond its text. */
export function scrolledBy(state: TuiState, by: number): TuiState {
  const { main } = arrangementOf(state);
  const most = main === 0 ? 0 : Math.max(0, mainLines(state, main - 1).length - pageOf(state));
  return { ...state, scroll: Math.max(0, Math.min(most, state.scroll + by)) };
}
