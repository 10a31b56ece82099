import type { ClaimResult } from '../event/claim-results.js';
import type { Verdict } from '../event/event.js';
import type { Language, Text } from '../text.js';
import { CLAIM_WORDS, type ClaimWords } from './claim-words.js';
import { harmless, padEnd, widthOf, wrap } from './layout.js';
import { spelled, type Role, type Screen } from './style.js';
import { viewOf, type View } from './view.js';

/** A claim with everything that is known of it. */
export interface ClaimRow {
  /** `B05`. */
  readonly id: string;
  readonly section: { readonly id: string; readonly title: Text };
  readonly text: Text;
  /** The steps of the shipped playbooks that prove it. */
  readonly steps: readonly ProvingStep[];
  /** Of the newest run that has it. */
  readonly last?: ClaimResult;
  /** Why no step proves it. */
  readonly unproven?: { readonly kind: string; readonly reason: Text };
}

export interface ProvingStep {
  readonly playbook: string;
  /** From 1. */
  readonly step: number;
  /** file:line */
  readonly where: string;
}

/** How a claim stands; `uncovered`: neither proven by a step, nor is it said why not. */
export type ClaimStanding = 'proven' | Exclude<Verdict, 'passed'> | 'notRun' | 'unprovable' | 'uncovered';

/** A claim that a step proves stands as its last run says; only the others can be beyond proof. */
export function standingOf({ steps, last, unproven }: ClaimRow): ClaimStanding {
  if (steps.length === 0) return unproven === undefined ? 'uncovered' : 'unprovable';
  if (last === undefined) return 'notRun';
  return last.verdict === 'passed' ? 'proven' : last.verdict;
}

const STANDINGS: readonly ClaimStanding[] = [
  'proven',
  'failed',
  'inconclusive',
  'skipped',
  'notRun',
  'unprovable',
  'uncovered',
];
/** Told even when there is none: who reads the summary looks for them. */
const ALWAYS: readonly ClaimStanding[] = ['proven', 'failed', 'skipped', 'notRun', 'unprovable'];

/** How many claims stand how. */
export function countStandings(rows: readonly ClaimRow[]): Record<ClaimStanding, number> {
  const counts = Object.fromEntries(STANDINGS.map((each) => [each, 0])) as Record<ClaimStanding, number>;
  for (const row of rows) counts[standingOf(row)] += 1;
  return counts;
}

/** How the claims are shown. */
export interface ClaimsView {
  readonly screen: Screen;
  readonly lang: Language;
  /** For the times of runs. @default the machine's own */
  readonly timeZone?: string;
}

/** The table of claims by section, then what it adds up to; ends with a line end. */
export function claimTable(rows: readonly ClaimRow[], { screen, lang, timeZone }: ClaimsView): string {
  const view = viewOf(screen, lang);
  const table: Table = { view, words: CLAIM_WORDS[lang], widths: widthsFor(screen.columns), timeZone };
  const sections = [...new Set(rows.map((row) => row.section.id))];
  const lines = [
    ...sections.flatMap((id) => [
      ...section(
        table,
        id,
        rows.filter((row) => row.section.id === id),
      ),
      '',
    ]),
    ...summary(table, rows),
  ];
  return `${spelled(screen, lines.join('\n'))}\n`;
}

interface Widths {
  readonly id: number;
  readonly text: number;
  readonly steps: number;
  readonly verdict: number;
}

interface Table {
  readonly view: View;
  readonly words: ClaimWords;
  readonly widths: Widths;
  readonly timeZone: string | undefined;
}

const GAP = 2;
/** `2026-11-26 15:04` */
const TIME = 16;
/** From here on, verdict and time have room on one line. */
const WIDE = 110;

/** The columns and their gaps fill the screen; what is left is the text's. */
function widthsFor(columns: number): Widths {
  const [id, steps, verdict] = [3, columns >= WIDE ? 24 : 18, columns >= WIDE ? 16 + TIME : TIME];
  return { id, steps, verdict, text: columns - id - steps - verdict - 3 * GAP };
}

function section(table: Table, id: string, rows: readonly ClaimRow[]): string[] {
  const { view, words } = table;
  const title = rows[0] === undefined ? '' : view.say(rows[0].section.title);
  const heading = `${padEnd(id, table.widths.id)}  ${title}`;
  const share = words.share(countStandings(rows).proven, rows.length);
  return [
    `${view.paint('heading', heading)}  ${view.paint('quiet', share)}`,
    ...rows.flatMap((row) => lines(table, row)),
  ];
}

/** A cell's lines; all of a cell has one role, and is coloured after it was measured. */
interface Cell {
  readonly lines: readonly string[];
  readonly role: Role;
}

function lines(table: Table, row: ClaimRow): string[] {
  const { view, widths } = table;
  const text: Cell = { lines: wrap(harmless(view.say(row.text)), widths.text), role: 'plain' };
  const right = rightOf(table, row);
  const height = Math.max(text.lines.length, right.length);
  return Array.from({ length: height }, (_, index) => {
    const id = padEnd(index === 0 ? row.id : '', widths.id);
    const left = padEnd(text.lines[index] ?? '', widths.text);
    return `${id}  ${left}  ${right[index] ?? ''}`.trimEnd();
  });
}

/** Steps and verdict side by side; a reason goes over both. */
function rightOf(table: Table, row: ClaimRow): string[] {
  const { view, words, widths } = table;
  const both = widths.steps + GAP + widths.verdict;
  const painted = (role: Role, text: string): string[] => wrap(text, both).map((line) => view.paint(role, line));
  if (row.steps.length === 0 && row.unproven !== undefined) {
    const { kind, reason } = row.unproven;
    return painted('quiet', `${kind === 'trap' ? words.trap : words.cannot}: ${view.say(reason)}`);
  }
  if (row.steps.length === 0) return painted('warning', words.uncovered);
  const steps = wrap(stepWords(row.steps), widths.steps);
  const verdict = verdictCell(table, row.last);
  const sideBySide = Array.from({ length: Math.max(steps.length, verdict.lines.length) }, (_, index) => {
    const line = verdict.lines[index] ?? '';
    return `${padEnd(steps[index] ?? '', widths.steps)}  ${view.paint(verdict.role, line)}`;
  });
  const reason = row.last?.reason;
  return reason === undefined ? sideBySide : [...sideBySide, ...painted('quiet', harmless(view.say(reason)))];
}

function verdictCell({ view, words, widths, timeZone }: Table, last: ClaimResult | undefined): Cell {
  if (last === undefined) return { lines: [words.notRun], role: 'quiet' };
  const verdict = `${view.signs[last.verdict]} ${view.words.verdict[last.verdict]}`;
  const time = localTime(last.at, timeZone);
  const together = `${verdict}  ${time}`;
  const told = widthOf(together) <= widths.verdict ? [together] : [verdict, time];
  return { lines: last.simulated ? [...told, words.simulated] : told, role: last.verdict };
}

/** `clusterip 6, 12; pod-network 3`: breaks only after a playbook or between numbers. */
function stepWords(steps: readonly ProvingStep[]): string {
  const numbers = new Map<string, number[]>();
  for (const { playbook, step } of steps) numbers.set(playbook, [...(numbers.get(playbook) ?? []), step]);
  return [...numbers].map(([playbook, own]) => `${playbook} ${own.join(', ')}`).join('\n');
}

/** `2026-11-26 15:04`; what is no time stays as it is. */
function localTime(at: string, timeZone: string | undefined): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return harmless(at);
  // Sweden writes times as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(time);
}

/** Breaks only between counts: a number stays with its word. */
function summary({ view, words }: Table, rows: readonly ClaimRow[]): string[] {
  const counts = countStandings(rows);
  const told = STANDINGS.filter((standing) => counts[standing] > 0 || ALWAYS.includes(standing));
  const lines = [words.all(rows.length)];
  for (const [index, standing] of told.entries()) {
    const part = words.count[standing](counts[standing]) + (index < told.length - 1 ? words.comma : '');
    const line = `${lines.at(-1) ?? ''}${part}`;
    if (widthOf(line.trimEnd()) <= view.screen.columns) lines[lines.length - 1] = line;
    else lines.push(part);
  }
  return lines.map((line) => line.trimEnd());
}
