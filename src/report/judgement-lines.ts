import type { Evidence, Finding, Judgement } from '../event/event.js';
import { clamp, cut, harmless, padEnd, widthOf, wrap } from './layout.js';
import { spreadLines } from './spread-bars.js';
import { hanging, type View } from './view.js';

/** Where everything about a step begins, below its title. */
export const INDENT = 6;
/** Of a piece of evidence, this many lines are shown; the record has the rest. */
const EVIDENCE_LINES = 12;

/** One result that one or several places have in common. */
export interface Shared {
  readonly places: readonly string[];
  /** The judgement of the first of them. */
  readonly judgement: Judgement;
}

/** Joins places with equal results, in the order in which they came. Counts of answers differ, and are never joined. */
export function joinPlaces(judgements: readonly Judgement[]): Shared[] {
  const groups = new Map<string, { places: string[]; judgement: Judgement }>();
  for (const judgement of judgements) {
    const { verdict, subject, findings, spread, next } = judgement;
    const told = verdict === 'passed' ? findings.map(withoutTime) : findings;
    const key = JSON.stringify([verdict, subject, told, spread, next]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { places: [judgement.place], judgement });
    else group.places.push(judgement.place);
  }
  return [...groups.values()];
}

/** `after 640 ms` is another number at each place, and the measured times are shown by themselves. */
function withoutTime({ observed, ...rest }: Finding): object {
  return { ...rest, observed: observed.replaceAll(/\b\d+(\.\d+)? m?s\b/g, '') };
}

/** A passed place, calmly: what was asked, and what was seen. */
export function passedLines(view: View, { places, judgement }: Shared, bars: boolean): string[] {
  const { signs, screen } = view;
  const seen = judgement.findings.map((finding) => brief(view, finding)).join(', ');
  const asked = [places.join(', '), harmless(judgement.subject)].filter((part) => part !== '').join('  ');
  const text = seen === '' ? asked : `${asked} ${signs.arrow} ${seen}`;
  const lines = clamp(text, screen.columns - INDENT, 2, signs.more).map(
    (line, index) => ' '.repeat(INDENT + (index === 0 ? 0 : 2)) + view.paint('quiet', line),
  );
  const { spread } = judgement;
  return spread === undefined || !bars ? lines : [...lines, ...spreadLines(view, spread, INDENT)];
}

/** `status 200`, `client 10.244.2.7`, `spec.clusterIP "10.97.3.4" (an address in 10.96.0.0/12)`. */
function brief(view: View, { what, expected, observed }: Finding): string {
  const same = expected === observed || observed.includes(expected) || expected === '';
  const shown = harmless(observed);
  return `${what} ${shown}${same ? '' : ` (${view.words.expected}: ${harmless(expected)})`}`;
}

/** A place that did not pass, in full: every expectation, why, the proof, and where to look. */
export function troubleLines(view: View, { places, judgement }: Shared): string[] {
  const { words } = view;
  const place = places.join(', ');
  const head = [place, harmless(judgement.subject)].filter((part) => part !== '').join('  ');
  const indent = ' '.repeat(INDENT);
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
    const text = brief(view, finding);
    return clamp(text, view.screen.columns - INDENT - 2, 2, signs.more).map(
      (line, index) => `${index === 0 ? `${start}${sign} ` : `${start}    `}${view.paint('quiet', line)}`,
    );
  }
  const label = Math.max(widthOf(words.expected), widthOf(words.observed));
  const width = INDENT + 2 + label + 2;
  const row = (name: string, text: string): string[] =>
    hanging(view, `${start}  ${padEnd(name, label)}  `, width, harmless(text));
  return [
    `${start}${sign} ${view.paint('heading', harmless(what))}`,
    ...row(words.expected, expected),
    ...row(words.observed, observed),
    ...(why === undefined ? [] : hanging(view, `${start}  `, INDENT + 2, view.say(why))),
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
