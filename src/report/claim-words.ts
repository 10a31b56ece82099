import type { Language } from '../text.js';
import type { ClaimStanding } from './claims.js';

/** The fixed words of the table of claims. */
export interface ClaimWords {
  readonly notRun: string;
  readonly uncovered: string;
  readonly cannot: string;
  /** Before how a trap is honoured. */
  readonly trap: string;
  readonly simulated: string;
  readonly share: (proven: number, all: number) => string;
  readonly count: Readonly<Record<ClaimStanding, (count: number) => string>>;
  /** Before the counts. */
  readonly all: (all: number) => string;
  readonly comma: string;
}

/** A language without one of the words does not compile. */
export const CLAIM_WORDS: Readonly<Record<Language, ClaimWords>> = {
  en: {
    notRun: 'not run yet',
    uncovered: 'not yet covered by a playbook',
    cannot: 'cannot be proven here',
    trap: 'no check of its own',
    simulated: 'simulated',
    share: (proven, all) => `${proven} of ${all} proven`,
    count: {
      proven: (count) => `${count} proven`,
      failed: (count) => `${count} failed`,
      inconclusive: (count) => `${count} could not be measured`,
      skipped: (count) => `${count} skipped`,
      notRun: (count) => `${count} not run`,
      unprovable: (count) => `${count} cannot be proven`,
      uncovered: (count) => `${count} not yet covered`,
    },
    all: (all) => `${all} ${all === 1 ? 'claim' : 'claims'}: `,
    comma: ', ',
  },
  ja: {
    notRun: '未実行',
    uncovered: 'プレイブックにまだありません',
    cannot: 'ここでは確かめられません',
    trap: '個別の確認はありません',
    simulated: 'シミュレーション',
    share: (proven, all) => `${all} 件中 ${proven} 件を確認`,
    count: {
      proven: (count) => `確認 ${count}`,
      failed: (count) => `不合格 ${count}`,
      inconclusive: (count) => `判定不能 ${count}`,
      skipped: (count) => `省略 ${count}`,
      notRun: (count) => `未実行 ${count}`,
      unprovable: (count) => `確認不可 ${count}`,
      uncovered: (count) => `未対応 ${count}`,
    },
    all: (all) => `全 ${all} 件: `,
    comma: '、',
  },
};
