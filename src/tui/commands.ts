import type { Verdict } from '../event/event.js';
import type { PlaybookState } from '../event/state.js';
import type { Text } from '../text.js';
import type { Chosen, Effect } from './action.js';
import { commandLine } from './by-hand.js';
import type { Command } from './keys.js';
import { END, pageOf, scrolledBy } from './main-pane.js';
import { cursorOf, playbookRows, rowCount, selectedPlaybook, selectedRun, runningRow } from './rows.js';
import { PLACES, isBusy, newRun, type Place, type TuiState } from './state.js';
import type { Step } from './update.js';

/** The speeds of a replay; 0 is as fast as possible. */
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16, 0] as const;

/** Does what a key means in the normal mode. */
export function obey(state: TuiState, command: Command): Step {
  switch (command) {
    case 'up':
      return moved(state, -1);
    case 'down':
      return moved(state, 1);
    case 'page-up':
      return only(scrolledBy(state, -pageOf(state)));
    case 'page-down':
      return only(scrolledBy(state, pageOf(state)));
    case 'first':
      return moved(state, -END);
    case 'last':
      return moved(state, END);
    case 'next-place':
      return only(at(state, PLACES[(PLACES.indexOf(state.place) + 1) % PLACES.length] ?? 'hosts'));
    case 'previous-place':
      return only(at(state, PLACES[(PLACES.indexOf(state.place) + PLACES.length - 1) % PLACES.length] ?? 'hosts'));
    case 'hosts':
      return only(at(state, 'hosts'));
    case 'playbooks':
      return only(at(state, 'playbooks'));
    case 'run-place':
      return only(at(state, 'run'));
    case 'open':
      return open(state);
    case 'back':
      return only(
        state.zoom
          ? { ...state, zoom: false, scroll: 0 }
          : { ...state, filter: { ...state.filter, [state.place]: '' }, scroll: 0 },
      );
    case 'filter':
      return only({ ...state, zoom: false, mode: { kind: 'filter' } });
    case 'follow':
      return only({ ...state, follow: true, cursor: { ...state.cursor, run: runningRow(state) ?? state.cursor.run } });
    case 'help':
      return only({ ...state, mode: { kind: 'help' }, scroll: 0 });
    case 'records':
      return only({ ...state, mode: { kind: 'records', cursor: 0 }, scroll: 0 });
    case 'run':
    case 'run-all':
    case 'run-from':
    case 'run-failed':
      return start(state, chosen(state, command));
    case 'stop':
      return only(confirmLeaving(state, { type: 'stop' }, STOP));
    case 'manifests': {
      const playbook = playbookName(state);
      return playbook === undefined ? only(state) : only(state, { type: 'manifests', playbook });
    }
    case 'copy': {
      const text = commandLine(state);
      return text === undefined ? only(state) : only(said(state, COPIED(text)), { type: 'copy', text });
    }
    case 'pause':
      return paced(state, (run) => ({ ...run, paused: !run.paused }));
    case 'faster':
      return paced(state, (run) => ({ ...run, speed: nextSpeed(run.speed, 1) }));
    case 'slower':
      return paced(state, (run) => ({ ...run, speed: nextSpeed(run.speed, -1) }));
    case 'redraw':
      return only(state, { type: 'redraw' });
    case 'suspend':
      return only(state, { type: 'suspend' });
    case 'interrupt':
      return interrupt(state);
    case 'quit':
      return isBusy(state) ? only(confirmLeaving(state, { type: 'quit' }, QUIT)) : only(state, { type: 'quit' });
  }
}

function only(state: TuiState, ...effects: Effect[]): Step {
  return { state, effects };
}

function at(state: TuiState, place: Place): TuiState {
  return { ...state, place, zoom: false, scroll: 0 };
}

/** The arrows move in the list; with the main pane over the whole width they scroll it. */
function moved(state: TuiState, by: number): Step {
  if (state.zoom) return only(scrolledBy(state, by));
  const { place } = state;
  const last = Math.max(0, rowCount(state, place) - 1);
  const cursor = Math.max(0, Math.min(last, cursorOf(state, place) + by));
  return only({
    ...state,
    scroll: 0,
    follow: place === 'run' ? false : state.follow,
    cursor: { ...state.cursor, [place]: cursor },
  });
}

/** A playbook opens as the list of its steps, anything else over the whole width. */
function open(state: TuiState): Step {
  const row = selectedPlaybook(state);
  if (state.place !== 'playbooks') return only({ ...state, zoom: true, scroll: 0 });
  if (row === undefined) return only(state);
  const { run } = state;
  const told =
    run?.source !== 'preview' && run?.state.playbooks.some(({ info }) => info.name === row.info.name) === true;
  if (isBusy(state) || told) {
    const playbooks = state.run?.state.playbooks ?? [];
    const before = playbooks.findIndex(({ info }) => info.name === row.info.name);
    const cursor = playbooks.slice(0, Math.max(0, before)).reduce((sum, each) => sum + each.steps.length + 1, 0);
    return only({
      ...at(state, 'run'),
      filter: { ...state.filter, run: '' },
      cursor: { ...state.cursor, run: cursor },
    });
  }
  const preview = newRun('preview');
  const steps = row.info.steps.map((info) => ({
    info,
    progress: 'waiting' as const,
    judgements: [],
    live: [],
    measured: [],
    warnings: [],
  }));
  const playbook: PlaybookState = { info: row.info, progress: 'waiting', steps, namespaces: 'none', left: [] };
  return only({
    ...at(state, 'run'),
    filter: { ...state.filter, run: '' },
    cursor: { ...state.cursor, run: 0 },
    run: { ...preview, state: { ...preview.state, playbooks: [playbook] } },
  });
}

function playbookName(state: TuiState): string | undefined {
  return state.place === 'run' ? selectedRun(state)?.playbook.info.name : selectedPlaybook(state)?.info.name;
}

function chosen(state: TuiState, command: 'run' | 'run-all' | 'run-from' | 'run-failed'): readonly Chosen[] {
  switch (command) {
    case 'run': {
      const name = playbookName(state);
      return name === undefined ? [] : [{ name }];
    }
    case 'run-all':
      return playbookRows(state).map(({ info }) => ({ name: info.name }));
    case 'run-from': {
      const row = selectedRun(state);
      if (row === undefined) return [];
      const name = row.playbook.info.name;
      return [row.kind === 'playbook' ? { name } : { name, from: numberOf(row.step.info.id) }];
    }
    case 'run-failed':
      return (state.run?.state.playbooks ?? []).flatMap((playbook) => {
        const trouble = playbook.steps.find(({ verdict }) => isTrouble(verdict));
        if (trouble !== undefined) return [{ name: playbook.info.name, from: numberOf(trouble.info.id) }];
        return isTrouble(playbook.verdict) ? [{ name: playbook.info.name }] : [];
      });
  }
}

function isTrouble(verdict: Verdict | undefined): boolean {
  return verdict === 'failed' || verdict === 'inconclusive';
}

/** `clusterip/7` → 7. */
export function numberOf(id: string): number {
  return Number.parseInt(id.slice(id.lastIndexOf('/') + 1), 10);
}

function start(state: TuiState, playbooks: readonly Chosen[]): Step {
  // A record may tell of playbooks that this pilab does not have.
  const known = new Set((state.playbooks ?? []).map(({ info }) => info.name));
  const strangers = playbooks.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (strangers.length > 0) return only(said(state, UNKNOWN(strangers.join(', '))));
  return playbooks.length === 0 ? only(state) : only(state, { type: 'run', playbooks });
}

function confirmLeaving(state: TuiState, then: Effect, question: Text): TuiState {
  return { ...state, mode: { kind: 'confirm', question, then } };
}

/** Ctrl-C is an order: nothing is asked. A run cleans up first; the second one leaves at once. */
function interrupt(state: TuiState): Step {
  if (!isBusy(state) || state.run === undefined) return only(state, { type: 'quit' });
  if (state.leaving) return only(state, { type: 'abandon' });
  const { mode } = state;
  return only(
    { ...state, mode: { kind: 'normal' }, leaving: true, run: { ...state.run, stopping: true } },
    // Whoever waits for an answer must not wait for ever.
    ...(mode.kind === 'ask' ? [{ type: 'answer', id: mode.id, value: undefined } as const] : []),
    { type: 'quit' },
  );
}

function paced(state: TuiState, change: (run: NonNullable<TuiState['run']>) => NonNullable<TuiState['run']>): Step {
  if (state.run === undefined) return only(state);
  const run = change(state.run);
  return only({ ...state, run }, { type: 'pace', speed: run.speed, paused: run.paused });
}

function nextSpeed(speed: number, by: 1 | -1): number {
  const index = SPEEDS.findIndex((each) => each === speed) + by;
  return SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, index))] ?? 1;
}

function said(state: TuiState, text: Text): TuiState {
  return { ...state, status: { text, role: 'plain' } };
}

const STOP: Text = {
  en: 'Stop the run? Its namespaces are removed with all that is in them:',
  ja: '実行を止めますか？ 次の Namespace を中身ごと削除します:',
};
const QUIT: Text = {
  en: 'Stop the run and leave? Its namespaces are removed with all that is in them:',
  ja: '実行を止めて終了しますか？ 次の Namespace を中身ごと削除します:',
};
const COPIED = (text: string): Text => ({ en: `copied: ${text}`, ja: `コピーしました: ${text}` });
const UNKNOWN = (names: string): Text => ({
  en: `this pilab has no playbook ${names}`,
  ja: `プレイブック ${names} はありません`,
});
