import { frameOf } from './frame.js';
import { isModal, mainLines } from './main-pane.js';
import { paneOf } from './pane.js';
import { cursorOf, hostRows, playbookRows, runRows } from './rows.js';
import { lastRunOf, type TuiState } from './state.js';

/**
 * The screen as plain lines, one after the other, for screen readers: where one is, what is selected and its text, what
 * can be pressed. No boxes, no bars beside each other, no colour.
 */
export function linearLines(state: TuiState): string[] {
  const plain: TuiState = { ...state, look: { color: false, unicode: false } };
  const pane = paneOf(plain, Math.max(40, state.size.columns));
  const { status, hints } = frameOf({ ...plain, size: { columns: 200, rows: 40 } });
  const { place } = state;
  const rows = namesOf(plain);
  const cursor = cursorOf(plain, place);
  const where = isModal(plain)
    ? []
    : [`${pane.tui.place[place]}: ${rows.length === 0 ? '' : `${cursor + 1}/${rows.length} ${rows[cursor] ?? ''}`}`];
  const text = mainLines(plain, Math.max(40, state.size.columns));
  return [
    `pilab  ${state.lab}`,
    ...where,
    ...text.slice(state.scroll, state.scroll + Math.max(10, state.size.rows - 6)),
    ...[status, hints].map((line) => line.trim()).filter((line) => line !== ''),
  ];
}

function namesOf(state: TuiState): string[] {
  const { words } = paneOf(state, 80);
  switch (state.place) {
    case 'hosts':
      return hostRows(state).map(({ name }) => name);
    case 'playbooks':
      return playbookRows(state).map(({ info }) => {
        const last = lastRunOf(state, info.name);
        return `${info.name}${last === undefined ? '' : `, ${words.verdict[last.verdict]}`}`;
      });
    case 'run':
      return runRows(state).map((row) => {
        const { info, verdict } =
          row.kind === 'step' ? { info: row.step.info, verdict: row.step.verdict } : row.playbook;
        const name = row.kind === 'step' ? row.step.info.id : row.playbook.info.name;
        return `${name} ${info.title[state.lang]}${verdict === undefined ? '' : `, ${words.verdict[verdict]}`}`;
      });
  }
}
