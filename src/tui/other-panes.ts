import { namespacesLeft, type PlaybookState, type RunState } from '../event/state.js';
import { cut, duration, padEnd, padStart, widthOf, wrap } from '../report/layout.js';
import { endLines } from '../report/run-lines.js';
import { hanging } from '../report/view.js';
import { BINDINGS, keyLabel } from './keys.js';
import { field, section, type Pane } from './pane.js';
import { lastRunOf, type Mode, type PlaybookRow, type TuiState } from './state.js';

/** A playbook: what it shows, when it was last run, what the lab lacks for it, its steps. */
export function playbookPane(pane: Pane, row: PlaybookRow, state: TuiState): string[] {
  const { tui, signs, words } = pane;
  const { info } = row;
  const last = lastRunOf(state, info.name);
  const width = Math.max(...[tui.lastRun, tui.took, tui.claims, tui.manifests].map(widthOf)) + 2;
  const claims = [...new Set(info.steps.flatMap((step) => step.claims))].sort();
  return [
    ...hanging(pane, '', 0, pane.say(info.title), 'heading'),
    ...(row.about === undefined ? [] : ['', ...wrap(pane.say(row.about).trim(), pane.screen.columns)]),
    ...(row.lacks === undefined
      ? []
      : ['', ...hanging(pane, '! ', 2, `${tui.lacks}: ${pane.say(row.lacks)}`, 'warning')]),
    '',
    ...(last === undefined
      ? field(pane, width, tui.lastRun, tui.never)
      : [
          ...field(
            pane,
            width,
            tui.lastRun,
            `${signs[last.verdict]} ${words.verdict[last.verdict]}  ${localMoment(last.at)}`,
            last.verdict,
          ),
          ...field(pane, width, tui.took, duration(last.durationMs)),
        ]),
    ...(claims.length === 0 ? [] : field(pane, width, tui.claims, claims.join(' '))),
    ...(row.manifests.length === 0 ? [] : field(pane, width, tui.manifests, row.manifests.join(', '))),
    ...section(pane, `${tui.steps} (${info.steps.length})`),
    ...info.steps.flatMap((step, index) =>
      hanging(pane, pane.paint('quiet', `${padStart(String(index + 1), 3)}  `), 5, pane.say(step.title)),
    ),
  ];
}

/** A playbook in a run: how far it is; once the run is over, how that ended. */
export function runPane(pane: Pane, playbook: PlaybookState, state: TuiState): string[] {
  const { tui, words, signs } = pane;
  const { info, progress, verdict, durationMs, steps, left } = playbook;
  const done = steps.filter((step) => step.progress === 'done').length;
  const word =
    verdict === undefined
      ? progress === 'running'
        ? state.run?.state.end === undefined
          ? `${signs.arrow} ${tui.running}`
          : `! ${words.endedIn}`
        : tui.waiting
      : pane.paint(verdict, `${signs[verdict]} ${words.verdict[verdict]}`);
  const run = state.run?.state;
  return [
    ...hanging(pane, '', 0, `${info.name}  ${pane.say(info.title)}`, 'heading'),
    `${word}  ${done}/${steps.length}${durationMs === undefined ? '' : `  ${duration(durationMs)}`}`,
    ...(state.run?.source === 'preview'
      ? []
      : hanging(pane, '', 0, `${words.namespaces}: ${info.namespaces.join(', ')}`, 'quiet')),
    ...(left.length === 0 ? [] : hanging(pane, '! ', 2, `${words.left}: ${left.join(', ')}`, 'warning')),
    ...(run?.warnings ?? []).flatMap((text) => hanging(pane, '! ', 2, text, 'warning')),
    ...(run?.end === undefined ? [] : endLines(pane, run)),
  ];
}

/** Why nothing can be asked of the lab. */
export function troubleLines(pane: Pane, { labTrouble }: TuiState): string[] {
  if (labTrouble === undefined) return [];
  const { tui } = pane;
  return [
    ...hanging(pane, '! ', 2, `${tui.unreachable}: ${labTrouble.message}`, 'warning'),
    ...(labTrouble.hint === undefined ? [] : hanging(pane, '  ', 2, labTrouble.hint)),
    '',
  ];
}

/** Every key, from the same table that dispatches them. */
export function helpPane(pane: Pane): string[] {
  const rows = BINDINGS.map(({ keys, help }) => [keys.map(keyLabel).join(' '), pane.say(help)] as const);
  const width = Math.max(...rows.map(([keys]) => widthOf(keys))) + 2;
  return rows.flatMap(([keys, help]) => hanging(pane, padEnd(keys, width), width, help));
}

export function recordsPane(pane: Pane, { records, mode }: TuiState): string[] {
  const { tui, signs, words, screen } = pane;
  if (records === undefined) return [tui.loading];
  if (records.length === 0) return [tui.noRecords];
  const cursor = mode.kind === 'records' ? mode.cursor : -1;
  return records.map(({ startedAt, lab, verdict, durationMs, playbooks }, index) => {
    const word = verdict === undefined ? `? ${tui.unfinished}` : `${signs[verdict]} ${words.verdict[verdict]}`;
    const took = durationMs === undefined ? '' : duration(durationMs);
    const text = [
      index === cursor ? '>' : ' ',
      localMoment(startedAt),
      padEnd(word, 16),
      padStart(took, 11),
      lab,
      playbooks.map(({ name }) => name).join(' '),
    ].join(' ');
    const line = cut(text, screen.columns, signs.more);
    return index === cursor ? pane.paint('selected', padEnd(line, screen.columns)) : line;
  });
}

/** A question, and what goes when it is answered with yes. */
export function questionPane(
  pane: Pane,
  mode: Mode & { readonly kind: 'confirm' | 'ask' },
  { run }: TuiState,
): string[] {
  if (mode.kind === 'confirm') {
    return [
      ...hanging(pane, '', 0, pane.say(mode.question), 'heading'),
      ...(run === undefined ? [] : goingWith(run.state)).flatMap((each) => hanging(pane, '  - ', 4, each)),
    ];
  }
  const typed = mode.secret ? '*'.repeat(mode.typed.length) : mode.typed;
  return [...wrap(mode.question, pane.screen.columns), '', `> ${typed}${pane.screen.unicode ? '▏' : '_'}`];
}

/** What the end of a run removes: what it has made, or, before it has made anything, what it is about to make. */
function goingWith(run: RunState): string[] {
  const made = namespacesLeft(run);
  return made.length > 0
    ? made
    : run.playbooks.flatMap(({ info }) => info.namespaces.map((name) => `namespace/${name}`));
}

/** `2026-11-26 13:36`, in the time zone of the person. */
export function localMoment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
