import { countSteps } from '../event/state.js';
import { cut, padEnd, widthOf } from '../report/layout.js';
import { spelled } from '../report/style.js';
import { bindingsOf, keyLabel } from './keys.js';
import { listLines } from './lists.js';
import { arrangementOf, isModal, mainLines } from './main-pane.js';
import { paneOf, type Pane } from './pane.js';
import { PLACES, type TuiState } from './state.js';

/** What is on the screen, in pieces that lie beside and below one another. */
export interface Frame {
  readonly header: string;
  /** Lists; empty when the main pane has the whole width. */
  readonly side: readonly string[];
  readonly sideWidth: number;
  /** Main pane; empty when the lists have the whole width. */
  readonly main: readonly string[];
  readonly mainWidth: number;
  readonly divider: string;
  readonly status: string;
  readonly hints: string;
}

/** The whole screen as a function of the state. */
export function frameOf(state: TuiState): Frame {
  const { columns } = state.size;
  const pane = paneOf(state, columns);
  const spell = (line: string): string => spelled(state.look, line);
  const { tooSmall, side, main, body, lists } = arrangementOf(state);
  const divider = pane.screen.unicode ? '│' : '|';
  if (tooSmall) {
    const text = pane.tui.tooSmall(columns, state.size.rows);
    return {
      header: spell(cut(text, columns, '')),
      side: [],
      sideWidth: 0,
      main: [],
      mainWidth: 0,
      divider,
      status: '',
      hints: '',
    };
  }
  const sideLines = side === 0 ? [] : PLACES.flatMap((place) => listLines(state, place, side, lists[place]));
  return {
    header: spell(headerLine(pane, state)),
    side: sideLines.map(spell),
    sideWidth: side,
    main: main === 0 ? [] : mainPaneLines(pane, state, main, body).map(spell),
    mainWidth: main,
    divider: Array.from({ length: body }, () => pane.paint('quiet', divider)).join('\n'),
    status: spell(statusLine(pane, state)),
    hints: spell(hintsLine(pane, state)),
  };
}

/** The frame as lines, for the first picture, which is drawn before ink is there, and for tests. */
export function frameLines(state: TuiState): string[] {
  const frame = frameOf(state);
  const { side, main, sideWidth } = frame;
  const dividers = frame.divider.split('\n');
  const body = Array.from({ length: Math.max(side.length, main.length) }, (_, row) =>
    side.length > 0 && main.length > 0
      ? `${padEnd(side[row] ?? '', sideWidth)}${dividers[row] ?? ''}${main[row] ?? ''}`
      : (side[row] ?? main[row] ?? ''),
  );
  return [frame.header, ...body, ...(frame.hints === '' ? [] : [frame.status, frame.hints])];
}

function headerLine(pane: Pane, state: TuiState): string {
  const { screen, signs } = pane;
  const { facts } = state;
  const cluster =
    facts === undefined
      ? ''
      : `Kubernetes ${facts.serverVersion} ${signs.dot} ${facts.proxyMode} ${signs.dot} ${facts.cni}`;
  const left = ` pilab  ${state.lab}${state.labTrouble === undefined ? '' : ' !'}`;
  const right = [cluster, runWords(pane, state)].filter((part) => part !== '').join('  ');
  const room = screen.columns - widthOf(left) - 1;
  const shown = widthOf(right) + 1 <= room ? right : runWords(pane, state);
  const gap = ' '.repeat(Math.max(1, screen.columns - widthOf(left) - widthOf(shown) - 1));
  return pane.paint('selected', padEnd(cut(`${left}${gap}${shown}`, screen.columns, signs.more), screen.columns));
}

/** Where the run is, in a few words. */
function runWords({ tui, signs, words }: Pane, { run }: TuiState): string {
  if (run === undefined || run.source === 'preview') return '';
  const { end } = run.state;
  const counts = countSteps(run.state);
  const done = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const all = run.state.playbooks.reduce((sum, { steps }) => sum + steps.length, 0);
  const state =
    run.stopping && end === undefined
      ? tui.stopping
      : end === undefined
        ? tui.running
        : end.interrupted || end.error !== undefined
          ? // What had been checked by then may well have passed; the run did not.
            `! ${end.interrupted ? words.interrupted : words.endedIn}`
          : `${signs[end.verdict]} ${words.verdict[end.verdict]}`;
  const pace =
    run.source === 'replay'
      ? `${tui.replay} ${run.speed === 0 ? tui.fastest : `x${run.speed}`}${run.paused ? ` ${tui.paused}` : ''}  `
      : '';
  const simulated = run.state.start?.lab.simulated === true ? `${words.simulated}  ` : '';
  return `${simulated}${pace}${state}  ${done}/${all}`;
}

function mainPaneLines(pane: Pane, state: TuiState, width: number, body: number): string[] {
  const { signs, tui } = pane;
  // A column of air beside the divider, where there is one.
  const indent = isModal(state) || state.zoom ? 0 : 1;
  const all = mainLines(state, width - 1);
  const page = body - 1;
  const scroll = Math.max(
    0,
    Math.min(state.mode.kind === 'records' ? recordScroll(state, page) : state.scroll, all.length - page),
  );
  const shown = all.slice(scroll, scroll + page);
  const where = all.length > page ? ` ${tui.lines(scroll + 1, scroll + shown.length, all.length)} ` : '';
  const title = ` ${titleOf(pane, state)} `;
  const rule = signs.rule.repeat(Math.max(0, width - widthOf(title) - widthOf(where) - 1));
  return [
    pane.paint(
      state.zoom || isModal(state) ? 'heading' : 'quiet',
      cut(`${signs.rule}${title}${rule}${where}`, width, signs.more),
    ),
    ...shown.map((line) => (indent === 0 || line === '' ? line : ` ${line}`)),
  ];
}

function recordScroll({ mode }: TuiState, page: number): number {
  return mode.kind === 'records' ? mode.cursor - (page >> 1) : 0;
}

function titleOf({ tui }: Pane, state: TuiState): string {
  switch (state.mode.kind) {
    case 'help':
      return tui.help;
    case 'reading':
      return state.mode.title;
    case 'records':
      return tui.records;
    case 'confirm':
    case 'ask':
      return '?';
    default:
      return tui.place[state.place];
  }
}

function statusLine(pane: Pane, state: TuiState): string {
  const { screen, signs, tui } = pane;
  const { mode, status } = state;
  if (mode.kind === 'filter')
    return cut(` /${state.filter[state.place]}${screen.unicode ? '▏' : '_'}`, screen.columns, signs.more);
  if (state.leaving) return pane.paint('warning', cut(` ${tui.leaving}`, screen.columns, signs.more));
  if (status !== undefined)
    return pane.paint(status.role, cut(` ${pane.say(status.text)}`, screen.columns, signs.more));
  if (state.labTrouble !== undefined) {
    return pane.paint('warning', cut(` ! ${tui.unreachable}: ${state.labTrouble.message}`, screen.columns, signs.more));
  }
  return '';
}

/** As many hints as fit; `?` and `q` always. */
function hintsLine(pane: Pane, state: TuiState): string {
  const { screen, tui } = pane;
  const special = {
    confirm: tui.yesNo,
    ask: tui.answerKeys,
    help: tui.closeKeys,
    reading: tui.closeKeys,
    records: tui.chooseKeys,
    filter: tui.filterKeys,
    normal: undefined,
  }[state.mode.kind];
  if (special !== undefined) return pane.paint('quiet', cut(` ${special}`, screen.columns, pane.signs.more));
  const hints = bindingsOf(state).flatMap(({ command, keys, hint }) =>
    hint === undefined ? [] : [{ command, text: `${keyLabel(keys[0] ?? '')} ${pane.say(hint)}` }],
  );
  const always = hints.filter(({ command }) => command === 'help' || command === 'quit').map(({ text }) => text);
  const others = hints.filter(({ command }) => command !== 'help' && command !== 'quit').map(({ text }) => text);
  let line = always.join('  ');
  const kept: string[] = [];
  for (const hint of others) {
    if (widthOf([...kept, hint, line].join('  ')) + 2 > screen.columns) continue;
    kept.push(hint);
  }
  line = [...kept, line].join('  ');
  return pane.paint('quiet', cut(` ${line}`, screen.columns, pane.signs.more));
}
