import type { Finding } from '../event/event.js';
import type { Measured, StepState } from '../event/state.js';
import { joinPlaces, INDENT, passedLines, troubleLines } from './judgement-lines.js';
import { duration, padStart, widthOf, wrap } from './layout.js';
import { hanging, type View } from './view.js';

/** Kinds that only prepare: when they succeed, their title says it all. */
const PREPARES: ReadonlySet<string> = new Set(['apply', 'delete', 'scale', 'patch', 'wait']);

/** A finished step: its line, and below it what was seen. A step that passed stays short; one that did not tells all. */
export function stepLines(view: View, step: StepState): string[] {
  return [
    ...titleLines(view, step),
    ...step.warnings.flatMap((text) =>
      hanging(view, ' '.repeat(INDENT), INDENT, `! ${view.words.warning}: ${text}`, 'warning'),
    ),
    ...measuredLines(view, step.measured),
    ...bodyLines(view, step),
  ];
}

/** ` ✓  9  A thousand requests spread evenly        B05  passed  520 ms`. */
function titleLines(view: View, { info, verdict = 'inconclusive', durationMs }: StepState): string[] {
  const { screen, signs, words } = view;
  const number = info.id.slice(info.id.lastIndexOf('/') + 1);
  const word = words.verdict[verdict];
  const right = [
    view.paint('quiet', info.claims.join(' ')),
    view.paint(verdict, word),
    padStart(durationMs === undefined || verdict === 'skipped' ? '' : duration(durationMs), 7),
  ].filter((part) => part !== '');
  const rightText = right.join('  ');
  const titles = wrap(view.say(info.title), Math.max(20, screen.columns - INDENT - widthOf(rightText) - 2));
  return titles.map((title, index) => {
    const painted = verdict === 'passed' || verdict === 'skipped' ? title : view.paint('heading', title);
    if (index > 0) return ' '.repeat(INDENT) + painted;
    const left = `${view.paint(verdict, signs[verdict])} ${padStart(number, INDENT - 3)} ${painted}`;
    const gap = Math.max(2, screen.columns - INDENT - widthOf(title) - widthOf(rightText));
    return (left + ' '.repeat(gap) + rightText).trimEnd();
  });
}

/** What took how long. The same at three or more places becomes the first and the last of them. */
function measuredLines(view: View, measured: readonly Measured[]): string[] {
  const groups = new Map<string, Measured[]>();
  for (const each of measured) {
    // `serving pod@raspi002` is about a place, `service/sample-clusterip slices` is not.
    const [goal = '', place] = each.what.split(' ');
    const key = place?.includes('@') === true || place === 'operator' ? `${goal} ${each.unit}` : each.what;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const parts = [...groups.values()].flatMap((group) => {
    if (group.length < 3) return group.map((each) => `${each.what} ${amount(each)}`);
    const sorted = [...group].sort((a, b) => a.value - b.value);
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (first === undefined || last === undefined) return [];
    const at = (each: Measured): string => `${amount(each)} (${each.what.split(' ').slice(1).join(' ')})`;
    return [view.words.fromTo(first.what.split(' ')[0] ?? '', at(first), at(last))];
  });
  if (parts.length === 0) return [];
  return hanging(view, ' '.repeat(INDENT), INDENT, parts.join(` ${view.signs.dot} `), 'quiet');
}

function amount({ value, unit }: Measured): string {
  return unit === 'ms' ? duration(value) : `${value} ${unit}`;
}

function bodyLines(view: View, step: StepState): string[] {
  const { info, judgements, verdict } = step;
  const shared = joinPlaces(judgements);
  const lines = shared.flatMap((each) => {
    switch (each[0].verdict) {
      case 'passed':
        return PREPARES.has(info.kind) ? [] : passedLines(view, each);
      case 'skipped':
        return each[0].findings.flatMap((finding) => reasonLines(view, finding));
      default:
        return troubleLines(view, each);
    }
  });
  if (verdict !== 'failed' && verdict !== 'inconclusive') return lines;
  return [...lines, ...hanging(view, ' '.repeat(INDENT), INDENT, `${view.words.definedAt} ${info.where}`, 'quiet'), ''];
}

function reasonLines(view: View, { why, observed }: Finding): string[] {
  const text = why === undefined ? observed : view.say(why);
  return hanging(view, ' '.repeat(INDENT), INDENT, text, 'quiet');
}
