import type { StepState } from '../../event/state.js';
import { cut, padEnd, widthOf } from '../../report/layout.js';
import { endLines } from '../../report/run-lines.js';
import { spelled, type Screen } from '../../report/style.js';
import { hanging } from '../../report/view.js';
import type { Language, Text } from '../../text.js';
import { paneOf, type Pane } from '../pane.js';
import type { RunView } from '../state.js';
import { seenPane, stateLine } from '../step-pane.js';
import {
  changedLines,
  endIntro,
  expectLines,
  helpLines,
  hintLine,
  noteLines,
  stepIntro,
  type WalkView,
} from './lines.js';
import type { Stop } from '../../event/stop.js';

/** Everything that a walkthrough shows on a whole screen. */
export interface WalkPage {
  readonly lang: Language;
  readonly look: Pick<Screen, 'color' | 'unicode'>;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly name: string;
  readonly title: Text;
  /** Steps in all. */
  readonly total: number;
  readonly run: RunView;
  /** undefined: nothing is shown yet; `end`: all steps are over. */
  readonly at: Stop | 'end' | undefined;
  /** Its expectation is told, and it runs or has been run. */
  readonly told: boolean;
  readonly notes: boolean;
  readonly help: boolean;
  /** Sentences for the presenter. */
  readonly said: readonly string[];
  /** What can be pressed there. */
  readonly hint: string | undefined;
  readonly question: { readonly text: string; readonly typed: string } | undefined;
  /** First line of the body; undefined: what is new is in sight. */
  readonly scroll: number | undefined;
}

/** Header, an empty line and the last line are not the body's. */
const OTHER_ROWS = 3;
/** Below this nothing can be read. */
const LEAST = { columns: 40, rows: 8 };

/** Rows that the body has. */
export function bodyRows({ size }: Pick<WalkPage, 'size'>): number {
  return Math.max(1, size.rows - OTHER_ROWS);
}

/** The screen, a line a row, none wider than the screen. */
export function pageLines(page: WalkPage): string[] {
  const { size, look } = page;
  const { columns, rows } = size;
  const pane = paneOf(page, columns);
  if (columns < LEAST.columns || rows < LEAST.rows) return [cut(pane.tui.tooSmall(columns, rows), columns, '')];
  const body = bodyLines(page);
  const room = bodyRows(page);
  const start = startOf(page, body.length);
  const shown = body.slice(start, start + room);
  const rest = Array.from({ length: room - shown.length }, () => '');
  return [headerLine(pane, page), ...shown, ...rest, '', lastLine(pane, page)].map((line) => spelled(look, line));
}

/** First line that is shown. */
export function startOf(page: WalkPage, count: number): number {
  const most = Math.max(0, count - bodyRows(page));
  return Math.min(most, Math.max(0, page.scroll ?? newsOf(page)));
}

/** Line at which what is new begins: what to expect and what is seen, once a step is told. */
function newsOf({ at, told, help, said, total, notes, lang, size, ...page }: WalkPage): number {
  if (said.length > 0) return Number.MAX_SAFE_INTEGER;
  if (!told || help || at === undefined || at === 'end') return 0;
  const view: WalkView = { ...paneOf({ ...page, lang }, size.columns), lang };
  return stepIntro(view, at, total).length + (notes ? noteLines(view, at).length : 0);
}

/** All of the body, however long. */
export function bodyLines(page: WalkPage): string[] {
  const pane = paneOf(page, page.size.columns);
  const view: WalkView = { ...pane, lang: page.lang };
  const said = page.said.flatMap((each) => hanging(view, '  ', 2, each, 'warning'));
  if (page.help) return ['', ...helpLines(view, true)];
  const { at, run } = page;
  if (run.state.end !== undefined) return endLines(view, run.state);
  if (at === undefined) return said;
  if (at === 'end') return [...endIntro(view), ...said];
  const step = run.state.playbooks.flatMap(({ steps }) => steps).find(({ info }) => info.id === at.info.id);
  return [
    ...stepIntro(view, at, page.total),
    ...(page.notes ? noteLines(view, at) : []),
    ...(page.told ? ['', ...expectLines(view, at)] : []),
    ...(page.told && step !== undefined ? ['', ...seenLines(pane, step, page)] : []),
    ...(page.told ? changedLines(view, at) : []),
    ...said,
  ];
}

function seenLines(pane: Pane, step: StepState, { run }: WalkPage): string[] {
  return [stateLine(pane, step), ...seenPane(pane, step, { run, facts: undefined })];
}

/** `clusterip  ClusterIP: one address, many pods            4/64`. */
function headerLine(pane: Pane, { name, title, at, total, size }: WalkPage): string {
  const right = at === undefined || at === 'end' ? '' : `${at.number}/${total}`;
  const room = size.columns - widthOf(right) - 1;
  const left = cut(`pilab walk ${name}  ${pane.say(title)}`, room - 1, pane.signs.more);
  return pane.paint('selected', `${padEnd(left, room)} ${right}`);
}

function lastLine(pane: Pane, { question, hint, size, lang, run }: WalkPage): string {
  if (question !== undefined) {
    const typed = cut(question.typed, Math.floor(size.columns / 3), '');
    const text = cut(question.text, size.columns - widthOf(typed) - 2, pane.signs.more);
    return pane.paint('warning', `${text} ${typed}`);
  }
  if (hint !== undefined) return pane.paint('quiet', hintLine({ ...pane, lang }, hint, size));
  const cleaning = run.state.playbooks.some((each) => each.stepsOverMs !== undefined && each.cleanedMs === undefined);
  return pane.paint('quiet', cleaning ? `${pane.words.cleaning} ${pane.signs.more}` : pane.signs.more);
}
