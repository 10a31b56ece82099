import { text, type Text } from '../../text.js';
import type { KeyPress } from '../key-press.js';

/** What a key means to a presenter. */
export type WalkCommand =
  'next' | 'back' | 'again' | 'jump' | 'notes' | 'keep' | 'quit' | 'help' | 'page-up' | 'page-down';

/** A line of the one table that dispatches keys, writes the hints, and is the help. */
export interface WalkBinding {
  readonly command: WalkCommand;
  readonly keys: readonly string[];
  readonly label: string;
  /** One or two words; undefined: only the help tells it. */
  readonly hint?: Text;
  readonly help: Text;
  /** Only on a whole screen. @default both displays */
  readonly screenOnly?: true;
}

/** In the order in which hints are shown. */
export const WALK_BINDINGS: readonly WalkBinding[] = [
  {
    command: 'next',
    keys: ['enter', 'space', 'right', 'down', 'pagedown'],
    label: 'Enter',
    hint: text('next', '次へ'),
    help: text('run this step and go on (also Space, Right, PgDn)', 'この手順を実行して次へ（Space、→、PgDn も可）'),
  },
  {
    command: 'back',
    keys: ['b', 'left', 'up', 'backspace', 'pageup'],
    label: 'b',
    hint: text('back', '戻る'),
    help: text('show the step before (also Left, PgUp)', '前の手順を見せる（←、PgUp も可）'),
  },
  {
    command: 'again',
    keys: ['r'],
    label: 'r',
    hint: text('again', 'もう一度'),
    help: text(
      'run a shown step again, if it only looks or did not succeed',
      '表示中の手順をもう一度実行する（確認だけの手順、成功しなかった手順）',
    ),
  },
  {
    command: 'jump',
    keys: ['j', '/'],
    label: 'j',
    hint: text('jump', '移動'),
    help: text('jump to a step, by its number or by words of its title', '番号かタイトルの語句で、手順へ移動する'),
  },
  {
    command: 'notes',
    keys: ['n'],
    label: 'n',
    hint: text('notes', 'メモ'),
    help: text('the presenter’s notes', '発表者のメモ'),
  },
  {
    command: 'keep',
    keys: ['k'],
    label: 'k',
    hint: text('break', '休憩'),
    help: text('stop here and keep everything, to go on later', 'ここで中断し、後で続けられるように残す'),
  },
  {
    command: 'quit',
    keys: ['q', 'esc'],
    label: 'q',
    hint: text('quit', '終了'),
    help: text('stop here and clean up', 'ここで終了し、片付ける'),
  },
  {
    command: 'page-up',
    keys: ['-'],
    label: '-',
    help: text('scroll up', '上へスクロールする'),
    screenOnly: true,
  },
  {
    command: 'page-down',
    keys: ['+', '='],
    label: '+',
    help: text('scroll down', '下へスクロールする'),
    screenOnly: true,
  },
  { command: 'help', keys: ['?'], label: '?', hint: text('help', 'ヘルプ'), help: text('these keys', 'このキー一覧') },
];

/** What a key means; undefined: nothing. */
export function walkCommandOf({ name }: Pick<KeyPress, 'name'>): WalkCommand | undefined {
  return WALK_BINDINGS.find(({ keys }) => keys.includes(name))?.command;
}
