import type { Text } from '../text.js';
import type { KeyPress } from './key-press.js';
import { isBusy, type Place, type TuiState } from './state.js';

/** What a key press means where no text is typed. */
export type Command =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'next-place'
  | 'previous-place'
  | 'hosts'
  | 'playbooks'
  | 'run-place'
  | 'open'
  | 'back'
  | 'run'
  | 'run-all'
  | 'run-from'
  | 'run-failed'
  | 'stop'
  | 'filter'
  | 'manifests'
  | 'copy'
  | 'records'
  | 'pause'
  | 'faster'
  | 'slower'
  | 'follow'
  | 'help'
  | 'redraw'
  | 'suspend'
  | 'interrupt'
  | 'quit';

/** A line of the one table that dispatches keys, writes the hints, and is the help. */
export interface Binding {
  readonly command: Command;
  readonly keys: readonly string[];
  /** One or two words for the line of hints; undefined: only the help tells it. */
  readonly hint?: Text;
  readonly help: Text;
  /** @default everywhere */
  readonly at?: readonly Place[];
  /** Shown and obeyed only then. @default always */
  readonly when?: (state: TuiState) => boolean;
}

const notBusy = (state: TuiState): boolean => !isBusy(state);
const isReplay = ({ run }: TuiState): boolean => run?.source === 'replay';
const hasFailed = ({ run }: TuiState): boolean =>
  run?.state.end !== undefined &&
  run.state.playbooks.some(({ verdict, steps }) =>
    [verdict, ...steps.map((step) => step.verdict)].some((each) => each === 'failed' || each === 'inconclusive'),
  );

/** In the order in which hints are shown: what is wanted most comes first. */
export const BINDINGS: readonly Binding[] = [
  {
    command: 'run',
    keys: ['r'],
    hint: { en: 'run', ja: '実行' },
    help: { en: 'run the selected playbook', ja: '選んだプレイブックを実行する' },
    at: ['playbooks', 'run'],
    when: notBusy,
  },
  {
    command: 'stop',
    keys: ['s'],
    hint: { en: 'stop', ja: '停止' },
    help: { en: 'stop the run and clean up (asks first)', ja: '実行を止めて片付ける（確認あり）' },
    when: isBusy,
  },
  {
    command: 'pause',
    keys: ['space'],
    hint: { en: 'pause', ja: '一時停止' },
    help: { en: 'replay: pause, go on', ja: '再生: 一時停止、再開' },
    when: isReplay,
  },
  {
    command: 'faster',
    keys: ['+', '='],
    hint: { en: 'faster', ja: '速く' },
    help: { en: 'replay: faster', ja: '再生: 速くする' },
    when: isReplay,
  },
  {
    command: 'slower',
    keys: ['-'],
    hint: { en: 'slower', ja: '遅く' },
    help: { en: 'replay: slower', ja: '再生: 遅くする' },
    when: isReplay,
  },
  {
    command: 'run-failed',
    keys: ['F'],
    hint: { en: 're-run failed', ja: '失敗を再実行' },
    help: {
      en: 'run again what did not pass, each playbook from its first such step',
      ja: '合格しなかったものを、最初の該当手順からもう一度実行する',
    },
    when: (state) => notBusy(state) && hasFailed(state),
  },
  {
    command: 'run-from',
    keys: ['f'],
    hint: { en: 'run from here', ja: 'ここから実行' },
    help: {
      en: 'run from the selected step; earlier steps that change something still happen, earlier looks are skipped',
      ja: '選んだ手順から実行する（それより前の準備は行い、確認は省略する）',
    },
    at: ['run'],
    when: notBusy,
  },
  {
    command: 'run-all',
    keys: ['a'],
    hint: { en: 'run all', ja: 'すべて実行' },
    help: { en: 'run all playbooks (with a filter: those shown)', ja: 'すべて（絞り込み中は表示中のもの）を実行する' },
    at: ['playbooks'],
    when: notBusy,
  },
  {
    command: 'open',
    keys: ['enter', 'right', 'l'],
    hint: { en: 'open', ja: '開く' },
    help: { en: 'open: steps of a playbook, then the whole width', ja: '開く: プレイブックの手順、さらに全幅表示' },
  },
  {
    command: 'back',
    keys: ['esc', 'left', 'h'],
    hint: { en: 'back', ja: '戻る' },
    help: { en: 'back; also clears a filter', ja: '戻る（絞り込みも解除）' },
    when: ({ zoom, filter, place }) => zoom || filter[place] !== '',
  },
  {
    command: 'filter',
    keys: ['/'],
    hint: { en: 'filter', ja: '絞り込み' },
    help: {
      en: 'show only what holds these words: title, claim, verdict',
      ja: '語句で絞り込む（タイトル、項目番号、判定）',
    },
  },
  {
    command: 'manifests',
    keys: ['m'],
    hint: { en: 'manifests', ja: 'マニフェスト' },
    help: { en: 'read the manifests that the playbook applies', ja: 'プレイブックが使うマニフェストを読む' },
    at: ['playbooks', 'run'],
  },
  {
    command: 'copy',
    keys: ['c'],
    hint: { en: 'copy command', ja: 'コマンドをコピー' },
    help: { en: 'copy the command that does the same by hand', ja: '同じことを手で行うコマンドをコピーする' },
  },
  {
    command: 'records',
    keys: ['o'],
    hint: { en: 'earlier runs', ja: '過去の実行' },
    help: { en: 'open the record of an earlier run and replay it', ja: '過去の実行の記録を開いて再生する' },
    when: notBusy,
  },
  {
    command: 'follow',
    keys: ['w'],
    help: { en: 'go with the running step again', ja: '実行中の手順をまた追いかける' },
    at: ['run'],
  },
  { command: 'up', keys: ['up', 'k'], help: { en: 'up', ja: '上へ' } },
  { command: 'down', keys: ['down', 'j'], help: { en: 'down', ja: '下へ' } },
  {
    command: 'page-up',
    keys: ['pageup', 'ctrl-u'],
    help: { en: 'scroll the right side up', ja: '右側を上へスクロールする' },
  },
  {
    command: 'page-down',
    keys: ['pagedown', 'ctrl-d'],
    help: { en: 'scroll the right side down', ja: '右側を下へスクロールする' },
  },
  { command: 'first', keys: ['home', 'g'], help: { en: 'to the first', ja: '先頭へ' } },
  { command: 'last', keys: ['end', 'G'], help: { en: 'to the last', ja: '末尾へ' } },
  {
    command: 'next-place',
    keys: ['tab'],
    hint: { en: 'next', ja: '次の場所' },
    help: { en: 'hosts, playbooks, run: the next place', ja: 'ホスト、プレイブック、実行: 次の場所へ' },
  },
  { command: 'previous-place', keys: ['shift-tab'], help: { en: 'the place before', ja: '前の場所へ' } },
  { command: 'hosts', keys: ['1'], help: { en: 'hosts', ja: 'ホスト' } },
  { command: 'playbooks', keys: ['2'], help: { en: 'playbooks', ja: 'プレイブック' } },
  { command: 'run-place', keys: ['3'], help: { en: 'run', ja: '実行' } },
  {
    command: 'help',
    keys: ['?'],
    hint: { en: 'help', ja: 'ヘルプ' },
    help: { en: 'this help', ja: 'このヘルプ' },
  },
  { command: 'redraw', keys: ['ctrl-l'], help: { en: 'draw the screen again', ja: '画面を描き直す' } },
  { command: 'suspend', keys: ['ctrl-z'], help: { en: 'to the shell; fg comes back', ja: 'シェルへ（fg で戻る）' } },
  {
    command: 'interrupt',
    keys: ['ctrl-c'],
    help: {
      en: 'leave; a run stops and cleans up first; twice: leave at once',
      ja: '終了する（実行中なら止めて片付けてから、2回で即時）',
    },
  },
  {
    command: 'quit',
    keys: ['q'],
    hint: { en: 'quit', ja: '終了' },
    help: { en: 'leave (asks while something runs)', ja: '終了する（実行中は確認あり）' },
  },
];

/** Bindings that hold now. */
export function bindingsOf(state: TuiState): Binding[] {
  return BINDINGS.filter(
    ({ at, when }) => (at === undefined || at.includes(state.place)) && (when === undefined || when(state)),
  );
}

/** What a key means now; undefined: nothing. */
export function commandOf(state: TuiState, key: KeyPress): Command | undefined {
  return bindingsOf(state).find(({ keys }) => keys.includes(key.name))?.command;
}

/** How hints and help write a key. */
export function keyLabel(name: string): string {
  if (name.startsWith('ctrl-')) return `^${name.slice(5).toUpperCase()}`;
  return LABELS[name] ?? name;
}

const LABELS: Readonly<Record<string, string>> = {
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  enter: 'Enter',
  esc: 'Esc',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  space: 'Space',
  home: 'Home',
  end: 'End',
  pageup: 'PgUp',
  pagedown: 'PgDn',
};
