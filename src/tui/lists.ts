import type { Verdict } from '../event/event.js';
import type { Progress } from '../event/state.js';
import { cut, duration, padEnd, padStart, widthOf } from '../report/layout.js';
import { windowStart } from './arrangement.js';
import { degrees, isUnwell } from './host-pane.js';
import { paneOf, type Pane } from './pane.js';
import { cursorOf, hostRows, playbookRows, runRows, type RunRow } from './rows.js';
import { lastRunOf, type HostRow, type Place, type PlaybookRow, type TuiState } from './state.js';

/** The list of a place: its title, and the rows around the cursor; exactly `height` lines of `width` columns. */
export function listLines(state: TuiState, place: Place, width: number, height: number): string[] {
  if (height <= 0) return [];
  const pane = paneOf(state, width);
  const rows = rowsOf(pane, state, place);
  const cursor = cursorOf(state, place);
  const room = height - 1;
  const start = windowStart(cursor, rows.length, room);
  const focused = state.place === place;
  const shown = rows.slice(start, start + room).map(({ text, role }, index) => {
    const here = start + index === cursor;
    const line = padEnd(cut(`${here && focused ? '>' : ' '}${text}`, width, pane.signs.more), width);
    if (here && focused) return pane.paint('selected', line);
    return role === undefined ? line : pane.paint(role, line);
  });
  const empty =
    rows.length > 0 || room < 1
      ? []
      : [pane.paint('quiet', padEnd(cut(emptyText(pane, state, place), width, pane.signs.more), width))];
  const blank = Array.from({ length: Math.max(0, room - shown.length - empty.length) }, () => ' '.repeat(width));
  return [titleLine(pane, state, place, focused, rows.length), ...empty, ...shown, ...blank];
}

function titleLine(pane: Pane, state: TuiState, place: Place, focused: boolean, count: number): string {
  const { screen, signs, tui } = pane;
  const filter = state.filter[place] === '' ? '' : ` /${state.filter[place]}`;
  const number = { hosts: 1, playbooks: 2, run: 3 }[place];
  const title = ` ${number} ${tui.place[place]}${filter} (${count}) `;
  const line = padEnd(cut(`${signs.rule}${title}`, screen.columns, signs.more), 0);
  const full = line + signs.rule.repeat(Math.max(0, screen.columns - widthOf(line)));
  return pane.paint(focused ? 'heading' : 'quiet', full);
}

interface ListRow {
  readonly text: string;
  readonly role?: Verdict | 'warning' | 'heading' | 'quiet';
}

function rowsOf(pane: Pane, state: TuiState, place: Place): ListRow[] {
  switch (place) {
    case 'hosts':
      return hostRows(state).map((host) => hostRow(pane, host, state));
    case 'playbooks':
      return playbookRows(state).map((row) => playbookRow(pane, row, state));
    case 'run':
      return runRows(state).map((row) => runRow(pane, row, state.run?.state.end !== undefined));
  }
}

function emptyText({ tui }: Pane, state: TuiState, place: Place): string {
  if (state.filter[place] !== '') return ` ${tui.noMatch}`;
  // Without a lab there is nothing to wait for.
  if (place === 'run' || (place === 'hosts' && state.labTrouble !== undefined)) return '';
  return ` ${tui.loading}`;
}

/** Left text and right text on one line; the left gives way. */
function spread(pane: Pane, left: string, right: string): string {
  // One column is the cursor's.
  const room = pane.screen.columns - 1 - widthOf(right) - (right === '' ? 0 : 1);
  return `${padEnd(cut(left, Math.max(4, room), pane.signs.more), room)}${right === '' ? '' : ` ${right}`}`;
}

function hostRow(pane: Pane, host: HostRow, { facts }: TuiState): ListRow {
  const node = facts?.nodes.find(({ name }) => name === host.name);
  const unwell = isUnwell(host, node);
  const { vitals } = host;
  const known = vitals !== undefined || host.trouble !== undefined;
  const sign = unwell ? '!' : known ? pane.signs.passed : pane.signs.dot;
  const strains = vitals?.throttled?.now.map((strain) => pane.tui.strain[strain]).join(', ') ?? '';
  const right =
    host.trouble !== undefined && vitals === undefined
      ? ''
      : [vitals?.temperature === undefined ? '' : degrees(vitals.temperature), vitals?.load?.[0].toFixed(2) ?? '']
          .filter((part) => part !== '')
          .join('  ');
  const why = host.trouble?.message ?? (node?.ready === false ? pane.words.notReady : strains);
  const left = `${sign} ${host.name}${why === '' ? '' : `  ${why}`}`;
  return { text: spread(pane, left, right), ...(unwell ? { role: 'warning' as const } : {}) };
}

function playbookRow(pane: Pane, { info, lacks }: PlaybookRow, state: TuiState): ListRow {
  const last = lastRunOf(state, info.name);
  const sign = lacks !== undefined ? '!' : last === undefined ? pane.signs.dot : pane.signs[last.verdict];
  const right = last === undefined ? '' : duration(last.durationMs);
  return {
    text: spread(pane, `${sign} ${info.name}`, right),
    ...(last === undefined || last.verdict === 'passed' ? {} : { role: last.verdict }),
  };
}

function runRow(pane: Pane, row: RunRow, over: boolean): ListRow {
  const { playbook } = row;
  if (row.kind === 'playbook') {
    const done = playbook.steps.filter(({ progress }) => progress === 'done').length;
    const sign = signOf(pane, playbook.progress, playbook.verdict, over);
    return {
      text: spread(pane, `${sign} ${playbook.info.name}`, `${done}/${playbook.steps.length}`),
      role: playbook.verdict === undefined || playbook.verdict === 'passed' ? 'heading' : playbook.verdict,
    };
  }
  const { info, progress, verdict, durationMs, live } = row.step;
  const number = padStart(info.id.slice(info.id.lastIndexOf('/') + 1), 3);
  const counted = live.reduce((sum, { done }) => sum + done, 0);
  const total = live.reduce((sum, each) => sum + each.total, 0);
  const right =
    total > 0 ? `${counted}/${total}` : durationMs === undefined || verdict === 'skipped' ? '' : duration(durationMs);
  return {
    text: spread(pane, `${signOf(pane, progress, verdict, over)}${number} ${pane.say(info.title)}`, right),
    ...(verdict === undefined
      ? progress === 'waiting'
        ? { role: 'quiet' as const }
        : {}
      : verdict === 'passed'
        ? {}
        : { role: verdict }),
  };
}

function signOf({ signs, screen }: Pane, progress: Progress, verdict: Verdict | undefined, over: boolean): string {
  if (verdict !== undefined) return signs[verdict];
  // The run ended in the middle of it.
  if (progress === 'running' && over) return '!';
  if (progress === 'running') return screen.unicode ? '▸' : '*';
  return signs.dot === '|' ? '.' : signs.dot;
}
