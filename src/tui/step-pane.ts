import type { Evidence, Finding, Judgement } from '../event/event.js';
import type { StepState } from '../event/state.js';
import { joinPlaces, type Shared } from '../report/judgement-lines.js';
import { cut, duration, padEnd, widthOf, wrap } from '../report/layout.js';
import { spreadLines } from '../report/spread-bars.js';
import { hanging } from '../report/view.js';
import { heatLines, type HeatRow } from './heat-map.js';
import { liveLines } from './live-bars.js';
import { packetPath, pathLines } from './packet-path.js';
import { section, type Pane } from './pane.js';
import type { TuiState } from './state.js';
import { dnsLines, timelineLines } from './tables.js';

/** From here on expected and observed stand side by side, where no name is too long for that. */
const SIDE_BY_SIDE = 60;
/** Of a piece of evidence so many lines are shown. */
const EVIDENCE_LINES = 40;

/** Everything about one step: what is asked, from where, what was expected and seen, the pictures, the proof. */
export function stepPane(pane: Pane, step: StepState, known: Pick<TuiState, 'run' | 'facts'>): string[] {
  const { info } = step;
  return [
    ...hanging(pane, '', 0, pane.say(info.title), 'heading'),
    stateLine(pane, step),
    ...(info.say === undefined ? [] : ['', ...wrap(pane.say(info.say), pane.screen.columns)]),
    ...(info.command === '' ? [] : ['', ...hanging(pane, '$ ', 2, info.command, 'quiet')]),
    ...seenPane(pane, step, known),
    '',
    ...hanging(pane, '', 0, `${pane.words.definedAt} ${info.where}`, 'quiet'),
  ];
}

/** What is being seen, or was: answers as they come, expected beside observed, the pictures, the proof. */
export function seenPane(pane: Pane, step: StepState, { run, facts }: Pick<TuiState, 'run' | 'facts'>): string[] {
  const { info } = step;
  const seen = run?.seen[info.id] ?? {};
  const known = run?.state.facts ?? facts;
  const even = info.spread === 'even';
  const shared = joinPlaces(step.judgements);
  return [
    ...step.warnings.flatMap((text) => hanging(pane, '! ', 2, text, 'warning')),
    ...step.live.flatMap((live) => ['', ...liveLines(pane, live, even)]),
    ...shared.flatMap((each) => ['', ...judgementLines(pane, each)]),
    ...heatSection(pane, step.judgements, even),
    ...pathSection(pane, step.judgements, seen, known),
    ...dnsSection(pane, seen),
    ...(step.measured.length === 0 ? [] : [...section(pane, pane.tui.timeline), ...timelineLines(pane, step.measured)]),
    ...shared.flatMap(([first]) => first.evidence.flatMap((each) => ['', ...evidenceLines(pane, each)])),
  ];
}

/** Its verdict, or that it runs or waits; then its claims and places. */
export function stateLine(pane: Pane, { info, progress, verdict, durationMs }: StepState): string {
  const { tui, words, signs, screen } = pane;
  const from = `${tui.from} ${info.from}`;
  const rest = [info.claims.join(' '), from].filter((part) => part !== '').join('  ');
  if (verdict === undefined) {
    const word = progress === 'running' ? `${signs.arrow} ${tui.running}` : tui.waiting;
    return pane.paint('quiet', cut(`${word}  ${rest}`, screen.columns, signs.more));
  }
  const took = verdict === 'skipped' || durationMs === undefined ? '' : `  ${duration(durationMs)}`;
  const head = `${signs[verdict]} ${words.verdict[verdict]}${took}`;
  return `${pane.paint(verdict, head)}  ${pane.paint('quiet', cut(rest, Math.max(4, screen.columns - widthOf(head) - 2), signs.more))}`;
}

/** Places with the same result: what was asked, each expectation beside what was seen, the spread, where to look. */
function judgementLines(pane: Pane, shared: Shared): string[] {
  const { words } = pane;
  const [first] = shared;
  const head = [shared.map(({ place }) => place).join(', '), first.subject].filter((part) => part !== '').join('  ');
  if (first.verdict === 'skipped') {
    return first.findings.flatMap(({ why, observed }) =>
      hanging(pane, '', 0, why === undefined ? observed : pane.say(why), 'quiet'),
    );
  }
  return [
    ...hanging(pane, '', 0, head, 'heading'),
    ...findingLines(pane, first.findings),
    ...(first.spread === undefined || (first.matrix ?? []).length > 0
      ? []
      : spreadLines(pane, first.spread, 2, isEven(first))),
    ...(first.next.length === 0 ? [] : [pane.paint('heading', words.next)]),
    ...first.next.flatMap((text) => hanging(pane, '- ', 2, pane.say(text))),
  ];
}

function isEven({ findings }: Judgement): boolean {
  return findings.some(({ what }) => what === 'spread') && findings.some(({ what }) => what === 'backends');
}

function findingLines(pane: Pane, findings: readonly Finding[]): string[] {
  const { screen, words } = pane;
  if (findings.length === 0) return [];
  const name = Math.min(16, Math.max(...findings.map(({ what }) => widthOf(what))));
  const half = Math.floor((screen.columns - name - 6) / 2);
  const fits = findings.every(({ expected, observed }) => longestName(`${expected} ${observed}`) <= half);
  if (screen.columns < SIDE_BY_SIDE || !fits) return findings.flatMap((finding) => stackedLines(pane, finding));
  const rows = findings.flatMap(({ what, expected, observed, verdict, why }) => {
    const left = wrap(what, name);
    const [middle, right] = [wrap(expected, half), wrap(observed, half)];
    const lines = Array.from({ length: Math.max(left.length, middle.length, right.length) }, (_, index) =>
      [
        index === 0 ? pane.paint(verdict, pane.signs[verdict]) : ' ',
        `${padEnd(left[index] ?? '', name)} `,
        `${padEnd(middle[index] ?? '', half)} `,
        verdict === 'passed' ? (right[index] ?? '') : pane.paint(verdict, right[index] ?? ''),
      ]
        .join(' ')
        .trimEnd(),
    );
    return [...lines, ...becauseLines(pane, why, verdict)];
  });
  const head = `  ${' '.repeat(name)}  ${padEnd(words.expected, half)}  ${words.observed}`;
  return [pane.paint('quiet', head), ...rows];
}

/** Names and addresses should not be broken: they are compared, and copied. */
function longestName(text: string): number {
  return Math.max(0, ...(text.match(/[!-~]+/g) ?? []).map((word) => word.length));
}

function stackedLines(pane: Pane, { what, expected, observed, verdict, why }: Finding): string[] {
  const { words, signs } = pane;
  const label = Math.max(widthOf(words.expected), widthOf(words.observed)) + 2;
  const row = (name: string, text: string): string[] =>
    hanging(pane, `  ${pane.paint('quiet', padEnd(name, label))}`, label + 2, text);
  return [
    `${pane.paint(verdict, signs[verdict])} ${what}`,
    ...row(words.expected, expected),
    ...row(words.observed, observed),
    ...becauseLines(pane, why, verdict),
  ];
}

function becauseLines(pane: Pane, why: Finding['why'], verdict: Finding['verdict']): string[] {
  if (why === undefined || verdict === 'passed') return [];
  const first = `  ${pane.signs.arrow} `;
  return hanging(pane, first, widthOf(first), pane.say(why));
}

/** Entry × pod where a judgement tells it; else place × pod, as soon as two places have counted. */
function heatSection(pane: Pane, judgements: readonly Judgement[], even: boolean): string[] {
  const entries = judgements.flatMap(({ matrix = [], place }): HeatRow[] =>
    matrix.map(({ entry, spread }) => ({ entry: judgements.length > 1 ? `${place} ${entry}` : entry, spread })),
  );
  const places = judgements.flatMap(({ place, spread }): HeatRow[] =>
    spread === undefined ? [] : [{ entry: place, spread }],
  );
  const rows = entries.length > 0 ? entries : places.length > 1 ? places : [];
  return rows.length === 0 ? [] : [...section(pane, pane.tui.heatMap), ...heatLines(pane, rows, even)];
}

/** One way is drawn: of the first place that has one and did not pass, else of the first. */
function pathSection(
  pane: Pane,
  judgements: readonly Judgement[],
  seen: NonNullable<TuiState['run']>['seen'][string],
  facts: TuiState['facts'],
): string[] {
  const trouble = judgements.filter(({ verdict }) => verdict === 'failed' || verdict === 'inconclusive');
  for (const judgement of [...trouble, ...judgements]) {
    const path = packetPath(judgement, seen[judgement.place], facts);
    if (path !== undefined) return [...section(pane, pane.tui.path), ...pathLines(pane, path)];
  }
  return [];
}

function dnsSection(pane: Pane, seen: NonNullable<TuiState['run']>['seen'][string]): string[] {
  const tables = Object.entries(seen).flatMap(([place, each]) =>
    each.kind === 'dns' ? dnsLines(pane, place, each) : [],
  );
  return tables.length === 0 ? [] : [...section(pane, pane.tui.dns), ...tables];
}

function evidenceLines(pane: Pane, { place, command, output }: Evidence): string[] {
  const { words, signs, screen } = pane;
  const bar = pane.paint('quiet', screen.unicode ? '│' : '|');
  const all = output.replace(/\n+$/, '').split('\n');
  const shown = all.slice(0, EVIDENCE_LINES);
  return [
    `${pane.paint('heading', words.evidence)} ${place}`,
    ...hanging(pane, '$ ', 2, command),
    ...shown.map((line) => `${bar} ${cut(line, screen.columns - 2, signs.more)}`.trimEnd()),
    ...(all.length > shown.length ? [`${bar} ${signs.more} ${words.moreLines(all.length - shown.length)}`] : []),
  ];
}
