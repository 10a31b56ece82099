import type { Language } from '../../text.js';
import { cut, padEnd, widthOf, wrap } from '../../report/layout.js';
import { hanging, type View } from '../../report/view.js';
import { WALK_BINDINGS } from './keys.js';
import type { Stop } from '../../event/stop.js';
import { WALK_WORDS } from './words.js';

/** A view with the language that its words are in. */
export interface WalkView extends View {
  readonly lang: Language;
}

const INDENT = 2;

/** Before a step: its number, title and narration, and what a person would type. */
export function stepIntro(view: WalkView, { number, info, command }: Stop, total: number): string[] {
  return [
    '',
    headLine(view, `${number}/${total}`, info.claims.join(' ')),
    ...hanging(view, '', 0, view.say(info.title), 'heading'),
    ...(info.say === undefined ? [] : hanging(view, ' '.repeat(INDENT), INDENT, view.say(info.say))),
    ...commandLines(view, command),
  ];
}

/** `$ kubectl …`: a person can select and paste it, so what is continued is only indented. */
function commandLines(view: WalkView, command: string): string[] {
  if (command === '') return [];
  const room = view.screen.columns - INDENT - 4;
  return wrap(command, room).map((line, index) => ' '.repeat(INDENT) + (index === 0 ? '$ ' : '    ') + line);
}

/** What should be seen. */
export function expectLines(view: WalkView, { expects }: Pick<Stop, 'expects'>): string[] {
  return labelled(view, WALK_WORDS[view.lang].expect, expects.map(view.say));
}

/** For the presenter's eyes. */
export function noteLines(view: WalkView, { notes }: Pick<Stop, 'notes'>): string[] {
  const words = WALK_WORDS[view.lang];
  if (notes === undefined) return hanging(view, '  ', INDENT, words.noNotes, 'quiet');
  return labelled(view, words.notes, view.say(notes).split('\n'));
}

/** Why what was seen may not be seen again. */
export function changedLines(view: WalkView, { changedBy }: Pick<Stop, 'changedBy'>): string[] {
  if (changedBy === undefined) return [];
  const number = changedBy.id.slice(changedBy.id.lastIndexOf('/') + 1);
  const said = WALK_WORDS[view.lang].changedBy(number, view.say(changedBy.title));
  return hanging(view, '  ! ', INDENT + 2, said, 'warning');
}

/** After the last step. */
export function endIntro(view: WalkView): string[] {
  const words = WALK_WORDS[view.lang];
  return ['', headLine(view, words.end, ''), ...hanging(view, '', 0, words.atEnd)];
}

/** What keys there are, on one line. */
export function hintLine(view: WalkView, where: string, { columns }: { readonly columns: number }): string {
  const hints = WALK_BINDINGS.flatMap(({ label, hint }) => (hint === undefined ? [] : [`${label} ${view.say(hint)}`]));
  return cut(`${where}  ${hints.join('  ')}`, columns - 1, view.signs.more);
}

/** All keys. */
export function helpLines(view: WalkView, wholeScreen: boolean): string[] {
  const shown = WALK_BINDINGS.filter(({ screenOnly }) => wholeScreen || screenOnly !== true);
  const width = Math.max(...shown.map(({ label }) => widthOf(label))) + 2;
  return shown.flatMap(({ label, help }) =>
    hanging(view, `  ${view.paint('heading', padEnd(label, width))}`, 2 + width, view.say(help)),
  );
}

/** `── 4/64 ─────────────── B01 ──`. */
function headLine(view: WalkView, left: string, right: string): string {
  const { signs, screen } = view;
  const start = `${signs.rule.repeat(2)} ${left} `;
  const end = right === '' ? '' : ` ${right} ${signs.rule.repeat(2)}`;
  const middle = Math.max(2, screen.columns - widthOf(start) - widthOf(end));
  return view.paint('quiet', start + signs.rule.repeat(middle) + end);
}

function labelled(view: WalkView, label: string, texts: readonly string[]): string[] {
  const width = INDENT + widthOf(label) + 2;
  return texts.flatMap((each, index) => {
    const first = index === 0 ? `${' '.repeat(INDENT)}${view.paint('heading', label)}  ` : ' '.repeat(width);
    return hanging(view, first, width, each);
  });
}
