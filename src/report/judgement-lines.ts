import type { Evidence, Finding, Judgement } from '../event/event.js';
import { clamp, cut, padEnd, widthOf, wrap } from './layout.js';
import { matrixLines } from './matrix.js';
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
 * seen, but for what is a place's own: times, counts, and its address as the client. Others only when every word is the
 * same.
 */
export function joinPlaces(judgements: readonly Judgement[]): Shared[] {
  const groups = new Map<string, [Judgement, ...Judgement[]]>();
  for (const judgement of judgements) {
    const { verdict, subject, findings, spread, matrix, next } = judgement;
    const told =
      verdict === 'passed'
        ? findings.map((finding) => inCommon(finding, isCounted(judgement)))
        : [findings, spread, matrix, next];
    const key = JSON.stringify([verdict, subject, told]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [judgement]);
    else group.push(judgement);
  }
  return [...groups.values()];
}

/** The words of a passed finding that do not depend on its place. Who answered does, unless all places are counted below. */
function inCommon({ what, expected, observed }: Finding, counted: boolean): string[] {
  if (counted && (what === 'spread' || what === 'backends')) return [what];
  // `the probe: 10.244.1.6` is the same expectation everywhere, about another address.
  if (what === 'client') return [what, expected.split(':')[0] ?? ''];
  return [what, expected, observed].map((text) => text.replaceAll(/\b\d+(\.\d+)? m?s\b/g, ''));
}

/** How a spread was judged: evenly, only that everybody answers, or that one answers alone (see check/http-spread.ts). */
function spreadMode({ findings, spread }: Judgement): 'none' | 'even' | 'all' | 'one' {
  if (spread === undefined) return 'none';
  if (!findings.some(({ what }) => what === 'backends')) return 'one';
  return findings.some(({ what }) => what === 'spread') ? 'even' : 'all';
}

/** Are the answers told in numbers, place by place? */
function isCounted(judgement: Judgement): boolean {
  const mode = spreadMode(judgement);
  return mode === 'even' || mode === 'all' || judgement.matrix !== undefined;
}

/** Passed places, calmly: what was asked, what was seen, and who answered how often. */
export function passedLines(view: View, shared: Shared): string[] {
  const { signs, words, screen } = view;
  const [judgement] = shared;
  const mode = spreadMode(judgement);
  const counted = isCounted(judgement);
  const seen = briefly(
    view,
    judgement.findings
      .filter(({ what }) => !counted || (what !== 'spread' && what !== 'backends'))
      .map((finding) => (shared.length > 1 ? everywhere(finding) : finding)),
  );
  const lines = calm(view, INDENT, headOf(shared), seen);
  if (!counted) return lines;
  const tables = shared.flatMap(({ place, matrix }) =>
    matrix === undefined
      ? []
      : [...(shared.length === 1 ? [] : [quiet(view, INDENT, place)]), ...matrixLines(view, matrix, INDENT + 2)],
  );
  if (tables.length > 0) return [...lines, ...tables];
  if (mode === 'even' && shared.length === 1 && judgement.spread !== undefined) {
    return [...lines, ...spreadLines(view, judgement.spread, INDENT, true)];
  }
  const counts = shared.map(({ place, spread }) => {
    const numbers = Object.values(spread?.counts ?? {}).join('+');
    return shared.length === 1 ? numbers : `${place} ${numbers}`;
  });
  const text = `${words.perPod}: ${counts.join(', ')}`;
  return [...lines, ...clamp(text, screen.columns - INDENT, 3, signs.more).map((line) => quiet(view, INDENT, line))];
}

/** What holds for all joined places: of the client, that it was the probe, not which address that one has. */
function everywhere(finding: Finding): Finding {
  const who = finding.expected.split(':')[0] ?? '';
  return finding.what === 'client' ? { ...finding, expected: who, observed: who } : finding;
}

/** Asked and seen on one line where it fits; else one line of what was asked, and two of what was seen. */
function calm(view: View, indent: number, asked: string, seen: string): string[] {
  const { signs, screen } = view;
  const room = screen.columns - indent;
  const together = seen === '' ? asked : `${asked} ${signs.arrow} ${seen}`;
  if (widthOf(together) <= room || seen === '') return [quiet(view, indent, cut(together, room, signs.more))];
  const before = `${signs.arrow} `;
  const answer = clamp(seen, room - 2 - widthOf(before), 2, signs.more);
  return [
    quiet(view, indent, cut(asked, room, signs.more)),
    ...answer.map((line, index) =>
      quiet(view, indent + 2, `${index === 0 ? before : ' '.repeat(widthOf(before))}${line}`),
    ),
  ];
}

function quiet(view: View, indent: number, text: string): string {
  return ' '.repeat(indent) + view.paint('quiet', text);
}

/** The places, and what was asked there. */
function headOf(shared: Shared): string {
  const places = shared.map(({ place }) => place).join(', ');
  return [places, shared[0].subject].filter((part) => part !== '').join('  ');
}

/** Findings that passed, in one sentence; a number of requests that all have in common is said once. */
function briefly(view: View, findings: readonly Finding[]): string {
  const counts = findings.map(({ observed }) => /^(\d+) × /.exec(observed)?.[0]);
  return findings
    .map((finding, index) => {
      const count = counts[index];
      const said = count !== undefined && (count === '1 × ' || counts.indexOf(count) < index);
      return brief(view, said ? { ...finding, observed: finding.observed.slice(count.length) } : finding);
    })
    .join(', ');
}

/** `status 200`, `client the probe: 10.244.2.7`, `spec.clusterIP "10.97.3.4" (expected: an address in 10.96.0.0/12)`. */
function brief(view: View, { what, expected, observed }: Finding): string {
  if (observed === what) return what;
  // A text that was found somewhere, or an expectation that names the value, says it all.
  if (observed === 'there' || expected.endsWith(`: ${observed}`)) return `${what} ${expected}`;
  const said = observed.includes(expected) || expected.length > LONG_EXPECTATION;
  return `${what} ${observed}${said ? '' : ` (${view.words.expected}: ${expected})`}`;
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
    ...(judgement.spread === undefined
      ? []
      : spreadLines(view, judgement.spread, INDENT + 2, spreadMode(judgement) === 'even')),
    ...(judgement.matrix === undefined ? [] : matrixLines(view, judgement.matrix, INDENT + 2)),
    ...judgement.evidence.flatMap((each) => evidenceLines(view, each)),
    ...(judgement.next.length === 0 ? [] : [indent + view.paint('heading', words.next)]),
    ...judgement.next.flatMap((text) => hanging(view, `${indent}  - `, INDENT + 4, view.say(text))),
  ];
}

function findingLines(view: View, finding: Finding): string[] {
  const { words, signs } = view;
  const { what, expected, observed, verdict, why } = finding;
  const start = ' '.repeat(INDENT);
  const sign = view.paint(verdict, signs[verdict]);
  if (verdict === 'passed') {
    const lines = clamp(briefly(view, [finding]), view.screen.columns - INDENT - 4, 2, signs.more);
    return lines.map((line, index) =>
      index === 0 ? `${start}${sign} ${view.paint('quiet', line)}` : quiet(view, INDENT + 4, line),
    );
  }
  const label = Math.max(widthOf(words.expected), widthOf(words.observed));
  const width = INDENT + 2 + label + 2;
  const row = (name: string, text: string): string[] =>
    hanging(view, `${start}  ${padEnd(name, label)}  `, width, text);
  const because = `${start}  ${signs.arrow} `;
  return [
    `${start}${sign} ${view.paint('heading', what)}`,
    ...row(words.expected, expected),
    ...row(words.observed, observed),
    ...(why === undefined ? [] : hanging(view, because, widthOf(because), view.say(why))),
  ];
}

function evidenceLines(view: View, { place, command, output }: Evidence): string[] {
  const { words, signs, screen } = view;
  const start = ' '.repeat(INDENT);
  const bar = view.paint('quiet', screen.unicode ? '│' : '|');
  const all = output.split('\n').filter((line, index, lines) => line !== '' || (index > 0 && index < lines.length - 1));
  const shown = all.slice(0, EVIDENCE_LINES);
  const room = screen.columns - INDENT - 4;
  return [
    `${start}${view.paint('heading', words.evidence)} ${place}`,
    ...wrap(command, room - 2).map((line, index) => `${start}  ${index === 0 ? '$ ' : '    '}${line}`),
    ...shown.map((line) => `${start}  ${bar} ${cut(line, room, signs.more)}`),
    ...(all.length > shown.length
      ? [`${start}  ${bar} ${view.paint('quiet', `${signs.more} ${words.moreLines(all.length - shown.length)}`)}`]
      : []),
  ].map((line) => line.trimEnd());
}
