import type { Verdict } from '../event/event.js';
import type { PlaybookState, StepState } from '../event/state.js';
import { WORDS } from '../report/words.js';
import { lastRunOf, type HostRow, type Place, type PlaybookRow, type TuiState } from './state.js';

/** A line of the list of a run: a playbook, or one of its steps. */
export type RunRow =
  | { readonly kind: 'playbook'; readonly playbook: PlaybookState }
  | { readonly kind: 'step'; readonly playbook: PlaybookState; readonly step: StepState };

export function hostRows(state: TuiState): readonly HostRow[] {
  return state.hosts.filter(({ name, role }) => matches(state, 'hosts', [name, role]));
}

export function playbookRows(state: TuiState): readonly PlaybookRow[] {
  return (state.playbooks ?? []).filter(({ info }) => {
    const last = lastRunOf(state, info.name)?.verdict;
    const claims = info.steps.flatMap((step) => step.claims);
    return matches(state, 'playbooks', [info.name, info.title[state.lang], ...claims, ...verdictWords(state, last)]);
  });
}

/** A playbook without a matching step is left out, unless its own name matches. */
export function runRows(state: TuiState): readonly RunRow[] {
  return (state.run?.state.playbooks ?? []).flatMap((playbook): RunRow[] => {
    const steps = playbook.steps.filter(({ info, verdict }) =>
      matches(state, 'run', [
        playbook.info.name,
        info.title[state.lang],
        info.kind,
        ...info.claims,
        ...verdictWords(state, verdict),
      ]),
    );
    if (steps.length === 0) return [];
    return [{ kind: 'playbook', playbook }, ...steps.map((step): RunRow => ({ kind: 'step', playbook, step }))];
  });
}

/** How many lines the list of a place has. */
export function rowCount(state: TuiState, place: Place): number {
  return { hosts: hostRows, playbooks: playbookRows, run: runRows }[place](state).length;
}

/** The cursor, kept inside its list: filters and new runs make lists shorter. */
export function cursorOf(state: TuiState, place: Place): number {
  return Math.max(0, Math.min(state.cursor[place], rowCount(state, place) - 1));
}

export function selectedHost(state: TuiState): HostRow | undefined {
  return hostRows(state)[cursorOf(state, 'hosts')];
}

export function selectedPlaybook(state: TuiState): PlaybookRow | undefined {
  return playbookRows(state)[cursorOf(state, 'playbooks')];
}

export function selectedRun(state: TuiState): RunRow | undefined {
  return runRows(state)[cursorOf(state, 'run')];
}

/**
 * Where the running step is in the list of the run; undefined: none runs. Playbooks run side by side: the one that is
 * looked at is followed until it is done.
 */
export function runningRow(state: TuiState): number | undefined {
  const rows = runRows(state);
  const here = rows[cursorOf(state, 'run')]?.playbook;
  const stay = here?.progress === 'running' && here.verdict === undefined;
  const index = rows.findIndex(
    (row) => row.kind === 'step' && row.step.progress === 'running' && (!stay || row.playbook === here),
  );
  return index < 0 ? undefined : index;
}

/** What is worth looking at once a run is over: the first step that did not pass, else the summary. */
export function endingRow(state: TuiState): number {
  const index = runRows(state).findIndex(
    (row) => row.kind === 'step' && (row.step.verdict === 'failed' || row.step.verdict === 'inconclusive'),
  );
  return Math.max(0, index);
}

function verdictWords(state: TuiState, verdict: Verdict | undefined): string[] {
  return verdict === undefined ? [] : [verdict, WORDS[state.lang].verdict[verdict]];
}

/** Every word of the filter must be in one of the texts. */
function matches(state: TuiState, place: Place, texts: readonly string[]): boolean {
  const wanted = state.filter[place]
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const all = texts.map((text) => text.toLowerCase());
  return wanted.every((word) => all.some((text) => text.includes(word)));
}
