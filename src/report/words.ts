import type { Verdict } from '../event/event.js';
import type { Language } from '../text.js';

/** Every fixed word of the displays. What is measured or typed (commands, states, units) is the same in every language. */
export interface Words {
  readonly verdict: Readonly<Record<Verdict, string>>;
  /** Of a whole run. */
  readonly outcome: Readonly<Record<Verdict, string>>;
  readonly run: string;
  readonly lab: string;
  readonly simulated: string;
  readonly cluster: string;
  readonly proxy: string;
  readonly podNetwork: string;
  readonly nodes: string;
  readonly controlPlane: string;
  readonly notReady: string;
  readonly namespaces: string;
  readonly expected: string;
  readonly observed: string;
  readonly evidence: string;
  readonly next: string;
  readonly definedAt: string;
  readonly warning: string;
  readonly perPod: string;
  /** Where traffic enters the cluster; head of a table's first column. */
  readonly entry: string;
  readonly band: (low: number, high: number) => string;
  readonly detects: (skew: string, total: number) => string;
  readonly detectsNothing: (total: number) => string;
  readonly unexpected: string;
  readonly fromTo: (what: string, first: string, last: string) => string;
  readonly moreLines: (count: number) => string;
  readonly cleaning: string;
  /** Several playbooks at once, at the head of the live line. */
  readonly running: (count: number) => string;
  readonly cleaned: string;
  readonly left: string;
  readonly leftHint: string;
  /** A walkthrough that is to go on later. */
  readonly kept: (step: number) => string;
  readonly keptHint: (playbook: string) => string;
  readonly interrupted: string;
  readonly endedIn: string;
  readonly notReached: (count: number) => string;
  readonly notPassed: string;
  readonly runError: string;
  readonly hint: string;
  readonly unfinished: string;
  readonly planTitle: string;
  readonly claims: string;
  readonly from: string;
  readonly locks: string;
  readonly order: (jobs: number) => string;
  readonly heldBack: string;
  readonly waitedFor: (lock: string) => string;
  readonly ofWhich: string;
  readonly total: (playbooks: number, steps: number) => string;
}

/** A language without one of the words does not compile. */
export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    verdict: { passed: 'passed', failed: 'failed', inconclusive: 'inconclusive', skipped: 'skipped' },
    outcome: {
      passed: 'All that was checked is as it should be',
      failed: 'Something is not as it should be',
      inconclusive: 'Some things could not be measured; that says nothing good or bad about them',
      skipped: 'Nothing was checked',
    },
    run: 'run',
    lab: 'lab',
    simulated: 'SIMULATED: no real cluster was measured',
    cluster: 'cluster',
    proxy: 'service proxy',
    podNetwork: 'pod network',
    nodes: 'nodes',
    controlPlane: 'control plane',
    notReady: 'not ready',
    namespaces: 'namespaces',
    expected: 'expected',
    observed: 'observed',
    evidence: 'evidence',
    next: 'look next',
    definedAt: 'this step is at',
    warning: 'warning',
    perPod: 'answers of each pod',
    entry: 'entry',
    band: (low, high) => `[ ] by chance ${low} to ${high} each`,
    detects: (skew, total) => `${total} answers find a skew of ${skew} or more four times in five`,
    detectsNothing: (total) => `${total} answers are too few to find a skew`,
    unexpected: 'not expected',
    fromTo: (what, first, last) => `${what} ${first} to ${last}`,
    moreLines: (count) => `${count} more lines are in the record`,
    cleaning: 'cleaning up',
    running: (count) => `[${count} running]`,
    cleaned: 'cleaned up',
    left: 'Left on the cluster',
    leftHint: 'remove it with: pilab clean',
    kept: (step) => `Paused; step ${step} comes next. Kept on the cluster`,
    keptHint: (playbook) => `go on: pilab walk ${playbook} --resume; or remove it: pilab clean`,
    interrupted: 'Interrupted',
    endedIn: 'the run ended here',
    notReached: (count) => `${count} not reached`,
    notPassed: 'Not passed',
    runError: 'The run ended early',
    hint: 'what to do',
    unfinished: 'The record ends in the middle of the run',
    planTitle: 'What would be run; nothing has been touched',
    claims: 'claims',
    from: 'from',
    locks: 'not beside others that use',
    order: (jobs) => `started in this order, ${jobs} at once`,
    heldBack: 'held back by',
    waitedFor: (lock) => `waited for ${lock}`,
    ofWhich: 'of which',
    total: (playbooks, steps) =>
      `${playbooks} ${playbooks === 1 ? 'playbook' : 'playbooks'}, ${steps} ${steps === 1 ? 'step' : 'steps'}`,
  },
  ja: {
    verdict: { passed: '合格', failed: '不合格', inconclusive: '判定不能', skipped: '省略' },
    outcome: {
      passed: '確認した内容は、すべて期待どおりでした',
      failed: '期待どおりでないものがあります',
      inconclusive: '測定できないものがありました。良いとも悪いとも言えません',
      skipped: '何も確認していません',
    },
    run: '実行',
    lab: 'ラボ',
    simulated: 'シミュレーション: 実際のクラスタは測定していません',
    cluster: 'クラスタ',
    proxy: 'サービスプロキシ',
    podNetwork: 'Pod ネットワーク',
    nodes: 'ノード',
    controlPlane: 'コントロールプレーン',
    notReady: '準備未完了',
    namespaces: 'Namespace',
    expected: '期待',
    observed: '観測',
    evidence: '証拠',
    next: '次に見る所',
    definedAt: 'この手順の場所',
    warning: '警告',
    perPod: 'Pod ごとの応答数',
    entry: '入口',
    band: (low, high) => `[ ] は偶然の範囲（各 ${low}〜${high} 件）`,
    detects: (skew, total) => `応答 ${total} 件なら、${skew} 以上の偏りを5回に4回は見つけられます`,
    detectsNothing: (total) => `応答 ${total} 件では、偏りを見つけるには少なすぎます`,
    unexpected: '想定外',
    fromTo: (what, first, last) => `${what} ${first}〜${last}`,
    moreLines: (count) => `残り ${count} 行は記録にあります`,
    cleaning: '片付け中',
    running: (count) => `[${count}件 実行中]`,
    cleaned: '片付け完了',
    left: 'クラスタに残ったもの',
    leftHint: '削除するには: pilab clean',
    kept: (step) => `休憩中（次は手順 ${step}）。クラスタに残したもの`,
    keptHint: (playbook) => `続けるには: pilab walk ${playbook} --resume（削除するには: pilab clean）`,
    interrupted: '中断されました',
    endedIn: 'この途中で終了',
    notReached: (count) => `未実行 ${count}`,
    notPassed: '合格しなかった手順',
    runError: '実行が途中で終わりました',
    hint: '対処',
    unfinished: '記録は実行の途中で終わっています',
    planTitle: '実行する内容（まだ何も変更していません）',
    claims: '項目',
    from: '起点',
    locks: '同時に使えないもの',
    order: (jobs) => `開始の順（同時に${jobs}件）`,
    heldBack: '終了を決めたもの',
    waitedFor: (lock) => `${lock} の空き待ち`,
    ofWhich: 'うち',
    total: (playbooks, steps) => `プレイブック ${playbooks} 件、手順 ${steps} 件`,
  },
};
