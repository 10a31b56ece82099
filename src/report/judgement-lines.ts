import type { Evidence, Finding, Judgement } from '../event/event.js';
import { clamp, cut, harmless, padEnd, widthOf, wrap } from './layout.js';
import { spreadLines } from './spread-bars.js';
import { hanging, type View } from './view.js';

/** Where everything about a step begins, below its title. */
export const INDENT = 6;
/** Of a piece of evidence, this many lines are shown; the record has the rest. */
const EVIDENCE_LINES = 12;
/** Where all is well, an expectation longer than this is not repeated beside what was seen. */
const LONG_EXPECTATION = 40;

/** One result that one or several places have in common; at least one judgement. */
export type Shared = readonly [Judgement, ...Judgement[]];

/**
 * Joins places with equal results, in the order in which they came. Passed places are equal when the same was asked and
 * expected, whatever the times and counts were; others only when every word is the same.
 */
export function joinPlaces(judgements: readonly Judgement[]): Shared[] {
  const groups = new Map<string, [Judgement, ...Judgement[]]>();
  for (const judgement of judgements) {
    const { verdict, subject, findings, spread, next } = judgement;
    const told =
      verdict === 'passed'
        ? findings.map(({ what, expected, observed }) => [what, varies(what) ? '' : [expected, withoutTime(observed)]])
        : [findings, spread, next];
    const key = JSON.stringify([verdict, subject, told]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [judgement]);
    else group.push(judgement);
  }
  return [...groups.values()];
}

/** Findings whose words are counts, which the bars and the lists of counts show better. */
function varies(what: string): boolean {
  return what === 'spread' || what === 'backends';
}

/** `after 640 ms` is another number at each place, and the measured times are shown by themselves. */
function withoutTime(observed: string): string {
  return observed.replaceAll(/\b\d+(\.\d+)? m?s\b/g, '');
}

/** Passed places, calmly: what was asked, what was seen, and who answered how often. */
export function passedLines(view: View, shared: Shared): string[] {
  const { signs, words } = view;
  const [judgement] = shared;
  const counted = shared.filter((each) => each.spread !== undefined);
  const seen = judgement.findings
    .filter(({ what }) => counted.length === 0 || !varies(what))
    .map((finding) => brief(view, finding))
    .join(', ');
  const asked = headOf(shared);
  const lines = calm(view, ' '.repeat(INDENT), seen === '' ? asked : `${asked} ${signs.arrow} ${seen}`);
  if (counted.length === 0) return lines;
  if (shared.length === 1 && judgement.spread !== undefined) {
    return [...lines, ...spreadLines(view, judgement.spread, INDENT)];
  }
  const counts = counted.map(({ place, spread }) => `${place} ${Object.values(spread?.counts ?? {}).join(' + ')}`);
  const text = `${words.perPod}: ${counts.join(` ${signs.dot} `)}`;
  return [...lines, ...hanging(view, ' '.repeat(INDENT), INDENT, text, 'quiet')];
}

/** Two quiet lines at most, the second one indented. */
function calm(view: View, start: string, text: string): string[] {
  const lines = clamp(text, view.screen.columns - widthOf(start) - 2, 2, view.signs.more);
  return lines.map((line, index) => `${start}${index === 0 ? '' : '  '}${view.paint('quiet', line)}`);
}

/** The places, and what was asked there. */
function headOf(shared: Shared): string {
  const places = shared.map(({ place }) => place).join(', ');
  return [places, harmless(shared[0].subject)].filter((part) => part !== '').join('  ');
}

/** `status 200`, `client 10.244.2.7`, `spec.clusterIP "10.97.3.4" (expected: an address in 10.96.0.0/12)`. */
function brief(view: View, { what, expected, observed }: Finding): string {
  const said = observed.includes(expected) || expected.length > LONG_EXPECTATION;
  return `${what} ${harmless(observed)}${said ? '' : ` (${view.words.expected}: ${harmless(expected)})`}`;
}

/** Places that did not pass, in full: every expectation, why, the proof, and where to look. */
export function troubleLines(view: View, shared: Shared): string[] {
  const { words } = view;
  const [judgement] = shared;
  const indent = ' '.repeat(INDENT);
  const head = headOf(shared);
  return [
    ...(head === '' ? [] : hanging(view, indent, INDENT, head, 'heading')),
    ...judgement.findings.flatMap((finding) => findingLines(view, finding)),
    ...(judgement.spread === undefined ? [] : spreadLines(view, judgement.spread, INDENT + 2)),
    ...judgement.evidence.flatMap((each) => evidenceLines(view, each)),
    ...(judgement.next.length === 0 ? [] : [indent + view.paint('heading', words.next)]),
    ...judgement.next.flatMap((text) => hanging(view, `${indent}  - `, INDENT + 4, harmless(view.say(text)))),
  ];
}

function findingLines(view: View, finding: Finding): string[] {
  const { words, signs } = view;
  const { what, expected, observed, verdict, why } = finding;
  const start = ' '.repeat(INDENT);
  const sign = view.paint(verdict, signs[verdict]);
  if (verdict === 'passed') {
    return calm(view, ' '.repeat(INDENT + 2), brief(view, finding)).map((line, index) =>
      index === 0 ? `${start}${sign} ${line.slice(INDENT + 2)}` : line,
    );
  }
  const label = Math.max(widthOf(words.expected), widthOf(words.observed));
  const width = INDENT + 2 + label + 2;
  const row = (name: string, text: string): string[] =>
    hanging(view, `${start}  ${padEnd(name, label)}  `, width, harmless(text));
  const because = `${start}  ${signs.arrow} `;
  return [
    `${start}${sign} ${view.paint('heading', harmless(what))}`,
    ...row(words.expected, expected),
    ...row(words.observed, observed),
    ...(why === undefined ? [] : hanging(view, because, widthOf(because), view.say(why))),
  ];
}

function evidenceLines(view: View, { place, command, output }: Evidence): string[] {
  const { words, signs, screen } = view;
  const start = ' '.repeat(INDENT);
  const bar = view.paint('quiet', screen.unicode ? '│' : '|');
  const all = harmless(output)
    .split('\n')
    .filter((line, index, lines) => line !== '' || (index > 0 && index < lines.length - 1));
  const shown = all.slice(0, EVIDENCE_LINES);
  const room = screen.columns - INDENT - 4;
  return [
    `${start}${view.paint('heading', words.evidence)} ${place}`,
    ...wrap(harmless(command), room - 2).map((line, index) => `${start}  ${index === 0 ? '$ ' : '    '}${line}`),
    ...shown.map((line) => `${start}  ${bar} ${cut(line, room, signs.more)}`),
    ...(all.length > shown.length
      ? [`${start}  ${bar} ${view.paint('quiet', `${signs.more} ${words.moreLines(all.length - shown.length)}`)}`]
      : []),
  ].map((line) => line.trimEnd());
}
