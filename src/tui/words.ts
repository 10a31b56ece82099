import type { Strain } from '../probe/vitals.js';
import type { Language } from '../text.js';
import type { Place } from './state.js';

/** The fixed words of the terminal UI, besides those of the reports. */
export interface TuiWords {
  readonly place: Readonly<Record<Place, string>>;
  readonly tooSmall: (columns: number, rows: number) => string;
  readonly loading: string;
  readonly noMatch: string;
  readonly noRun: string;
  readonly connecting: string;
  readonly unreachable: string;
  readonly filter: string;
  readonly address: string;
  readonly role: string;
  readonly node: string;
  readonly worker: string;
  readonly ready: string;
  readonly noNode: string;
  readonly temperature: string;
  readonly power: string;
  readonly now: string;
  readonly sinceBoot: string;
  readonly none: string;
  readonly unknown: string;
  readonly strain: Readonly<Record<Strain, string>>;
  readonly load: string;
  readonly cpus: (count: number) => string;
  readonly memory: string;
  readonly disk: string;
  readonly podCIDR: string;
  readonly lastRun: string;
  readonly never: string;
  readonly took: string;
  readonly lacks: string;
  readonly claims: string;
  readonly steps: string;
  readonly manifests: string;
  readonly command: string;
  readonly from: string;
  readonly waiting: string;
  readonly running: string;
  readonly preview: string;
  readonly replay: string;
  readonly paused: string;
  readonly fastest: string;
  readonly stopping: string;
  readonly leaving: string;
  readonly answers: string;
  readonly evenBand: string;
  readonly heatMap: string;
  readonly heatKey: string;
  readonly path: string;
  readonly client: string;
  readonly entry: string;
  readonly service: string;
  readonly rule: string;
  readonly pod: string;
  readonly before: string;
  readonly after: string;
  readonly untranslated: string;
  readonly masqueraded: string;
  readonly oneOf: (count: number) => string;
  readonly dns: string;
  readonly server: string;
  readonly noAnswers: string;
  readonly moreRecords: (count: number) => string;
  readonly timeline: string;
  readonly records: string;
  readonly noRecords: string;
  readonly unfinished: string;
  readonly yesNo: string;
  readonly answerKeys: string;
  readonly closeKeys: string;
  readonly chooseKeys: string;
  readonly filterKeys: string;
  readonly help: string;
  readonly lines: (first: number, last: number, all: number) => string;
}

export const TUI_WORDS: Readonly<Record<Language, TuiWords>> = {
  en: {
    place: { hosts: 'Hosts', playbooks: 'Playbooks', run: 'Run' },
    tooSmall: (columns, rows) => `This terminal is too small: ${columns}x${rows}. pilab needs 40x10. q leaves.`,
    loading: 'reading…',
    noMatch: 'nothing matches the filter',
    noRun: 'No run yet: choose a playbook and press r.',
    connecting: 'asking…',
    unreachable: 'The lab cannot be reached',
    filter: 'filter',
    address: 'address',
    role: 'role',
    node: 'node',
    worker: 'worker',
    ready: 'Ready',
    noNode: 'no node of this name in the cluster',
    temperature: 'temperature',
    power: 'power and heat',
    now: 'now',
    sinceBoot: 'since boot',
    none: 'no trouble',
    unknown: 'unknown',
    strain: {
      'under-voltage': 'under-voltage',
      'frequency-capped': 'frequency capped',
      throttled: 'throttled',
      'soft-temperature-limit': 'soft temperature limit',
    },
    load: 'load',
    cpus: (count) => (count === 1 ? '1 core' : `${count} cores`),
    memory: 'memory',
    disk: 'disk',
    podCIDR: 'pod network',
    lastRun: 'last run',
    never: 'no record of a run on this lab',
    took: 'took',
    lacks: 'This lab lacks something',
    claims: 'claims',
    steps: 'steps',
    manifests: 'manifests',
    command: 'by hand',
    from: 'from',
    waiting: 'not yet run',
    running: 'running',
    preview: 'not run',
    replay: 'replay',
    paused: 'paused',
    fastest: 'fastest',
    stopping: 'stopping',
    leaving: 'Stopping and cleaning up; then pilab leaves. Ctrl-C once more: leave at once.',
    answers: 'answers so far',
    evenBand: 'by chance between [ and ] when even',
    heatMap: 'share of answers by entry and pod',
    heatKey: 'darker: more; ! outside of what chance allows',
    path: 'the way of a packet',
    client: 'client',
    entry: 'entry node',
    service: 'service address',
    rule: 'rule',
    pod: 'pod',
    before: 'before',
    after: 'after',
    untranslated: 'no translation: the address is the pod’s own',
    masqueraded: 'the source is translated too (masquerade)',
    oneOf: (count) => `one of ${count}`,
    dns: 'DNS answers',
    server: 'server',
    noAnswers: 'no records',
    moreRecords: (count) => `${count} more`,
    timeline: 'until it had settled',
    records: 'Earlier runs',
    noRecords: 'There is no record of an earlier run.',
    unfinished: 'ends in the middle',
    yesNo: 'y yes  n no',
    answerKeys: 'Enter answer  Esc do not answer',
    closeKeys: 'Esc close  Up/Down scroll',
    chooseKeys: 'Enter replay  Esc close  Up/Down choose',
    filterKeys: 'Enter keep  Esc clear',
    help: 'Keys',
    lines: (first, last, all) => `${first}-${last} of ${all}`,
  },
  ja: {
    place: { hosts: 'ホスト', playbooks: 'プレイブック', run: '実行' },
    tooSmall: (columns, rows) => `端末が小さすぎます（${columns}x${rows}）。40x10 以上が必要です。q で終了。`,
    loading: '読み込み中…',
    noMatch: '絞り込みに合うものがありません',
    noRun: 'まだ実行していません。プレイブックを選んで r を押してください。',
    connecting: '問い合わせ中…',
    unreachable: 'ラボに接続できません',
    filter: '絞り込み',
    address: 'アドレス',
    role: '役割',
    node: 'ノード',
    worker: 'ワーカー',
    ready: 'Ready',
    noNode: 'この名前のノードはクラスタにありません',
    temperature: '温度',
    power: '電源と熱',
    now: '現在',
    sinceBoot: '起動以降',
    none: '問題なし',
    unknown: '不明',
    strain: {
      'under-voltage': '電圧低下',
      'frequency-capped': '周波数制限',
      throttled: 'スロットリング',
      'soft-temperature-limit': '温度ソフトリミット',
    },
    load: '負荷',
    cpus: (count) => `${count} コア`,
    memory: 'メモリ',
    disk: 'ディスク',
    podCIDR: 'Pod ネットワーク',
    lastRun: '前回の実行',
    never: 'このラボでの実行記録はありません',
    took: '所要時間',
    lacks: 'このラボに足りないもの',
    claims: '項目',
    steps: '手順',
    manifests: 'マニフェスト',
    command: '手で行うなら',
    from: '起点',
    waiting: '未実行',
    running: '実行中',
    preview: '未実行',
    replay: '再生',
    paused: '一時停止',
    fastest: '最速',
    stopping: '停止中',
    leaving: '停止して片付けています。終わり次第、終了します。もう一度 Ctrl-C で直ちに終了。',
    answers: 'これまでの応答',
    evenBand: '均等なら偶然の範囲は [ と ] の間',
    heatMap: '入口と Pod ごとの応答の割合',
    heatKey: '濃いほど多い、! は偶然の範囲外',
    path: 'パケットの経路',
    client: 'クライアント',
    entry: '入口のノード',
    service: 'Service のアドレス',
    rule: 'ルール',
    pod: 'Pod',
    before: '変換前',
    after: '変換後',
    untranslated: '変換なし（Pod 自身のアドレス）',
    masqueraded: '送信元も変換される（マスカレード）',
    oneOf: (count) => `${count} 台のうち1台`,
    dns: 'DNS の応答',
    server: 'サーバ',
    noAnswers: 'レコードなし',
    moreRecords: (count) => `ほか ${count} 件`,
    timeline: '落ち着くまでの時間',
    records: '過去の実行',
    noRecords: '過去の実行の記録はありません。',
    unfinished: '途中で終了',
    yesNo: 'y はい  n いいえ',
    answerKeys: 'Enter 回答  Esc 回答しない',
    closeKeys: 'Esc 閉じる  Up/Down スクロール',
    chooseKeys: 'Enter 再生  Esc 閉じる  Up/Down 選択',
    filterKeys: 'Enter 確定  Esc 解除',
    help: 'キー',
    lines: (first, last, all) => `${first}〜${last} / ${all}`,
  },
};
