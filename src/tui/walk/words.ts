import type { Language } from '../../text.js';

/** Every fixed word of a walkthrough. */
export interface WalkWords {
  readonly expect: string;
  readonly notes: string;
  readonly noNotes: string;
  readonly end: string;
  readonly atEnd: string;
  readonly typeAlong: (namespace: string) => string;
  readonly manifests: string;
  readonly goesOn: (step: number, since: string) => string;
  readonly changedBy: (number: string, title: string) => string;
  readonly notAgain: string;
  readonly first: string;
  readonly jumpTo: string;
  readonly notFound: (query: string) => string;
  readonly quit: (namespaces: string) => string;
  readonly keep: (namespaces: string) => string;
  readonly yesNo: string;
  readonly seen: string;
}

/** A language without one of the words does not compile. */
export const WALK_WORDS: Readonly<Record<Language, WalkWords>> = {
  en: {
    expect: 'expect',
    notes: 'notes',
    noNotes: 'This step has no notes.',
    end: 'end',
    atEnd: 'That was the last step. What was made stays until you go on; then it is removed.',
    typeAlong: (namespace) => `To type along: kubectl config set-context --current --namespace=${namespace}`,
    manifests: 'Manifests are in',
    goesOn: (step, since) => `Goes on at step ${step}, after the break of ${since}.`,
    changedBy: (number, title) =>
      `Since this was seen, step ${number} (${title}) has changed the cluster: a new look may differ.`,
    notAgain: 'This step changes the cluster; it is not run again.',
    first: 'This is the first step.',
    jumpTo: 'step number or words of its title',
    notFound: (query) => `No step has “${query}” in its title.`,
    quit: (namespaces) => `Quit? These are removed with all that is in them: ${namespaces}`,
    keep: (namespaces) => `Stop here for a break? These stay on the cluster: ${namespaces}`,
    yesNo: 'y/n',
    seen: 'seen',
  },
  ja: {
    expect: '予想',
    notes: 'メモ',
    noNotes: 'この手順にメモはありません。',
    end: '終わり',
    atEnd: '最後の手順が終わりました。作ったものは、次へ進むと削除されます。',
    typeAlong: (namespace) => `手元で打つには: kubectl config set-context --current --namespace=${namespace}`,
    manifests: 'マニフェストの場所:',
    goesOn: (step, since) => `${since} からの休憩を終え、手順 ${step} から続けます。`,
    changedBy: (number, title) =>
      `前回の確認の後、手順 ${number}（${title}）がクラスタを変更しました。今見ると結果が異なることがあります。`,
    notAgain: 'クラスタを変更する手順なので、もう一度は実行しません。',
    first: '最初の手順です。',
    jumpTo: '手順の番号、またはタイトルの語句',
    notFound: (query) => `タイトルに「${query}」を含む手順はありません。`,
    quit: (namespaces) => `終了しますか？次のものを、中身ごと削除します: ${namespaces}`,
    keep: (namespaces) => `ここで休憩しますか？次のものはクラスタに残ります: ${namespaces}`,
    yesNo: 'y/n',
    seen: '結果',
  },
};
