import type { Language } from '../text.js';

/** The fixed words of an exported script. */
export interface ScriptWords {
  /** How to use it. */
  readonly header: (playbook: string) => readonly string[];
  readonly expect: string;
  readonly onlyWhere: (what: string) => string;
  readonly hosts: string;
  readonly namespace: string;
  readonly probes: string;
  readonly values: string;
  readonly done: string;
}

/** A language without one of the words does not compile. */
export const SCRIPT_WORDS: Readonly<Record<Language, ScriptWords>> = {
  en: {
    header: (playbook) => [
      `The playbook "${playbook}" as kubectl, curl and dig commands, to run by hand: sh SCRIPT.`,
      'It works in a namespace of its own, and removes it at the end. It judges nothing: compare what you see with',
      'the lines that begin with "expect". Some commands are meant to fail.',
    ],
    expect: 'expect',
    onlyWhere: (what) => `Not for this cluster; only where: ${what}.`,
    hosts: 'The hosts, and how to reach them.',
    namespace: 'A namespace of its own, removed at the end, whatever happens. Every kubectl below works in it.',
    probes: 'Pods to ask from: they have curl and dig, and sleep until they are told what to do.',
    values: 'What this cluster is like.',
    done: 'Done. The namespace is removed now.',
  },
  ja: {
    header: (playbook) => [
      `プレイブック「${playbook}」を kubectl、curl、dig のコマンドにしたものです。sh SCRIPT で実行できます。`,
      '専用の Namespace を作り、最後に削除します。判定はしません。「期待」の行と、実際に見えたものを比べてください。',
      'わざと失敗させるコマンドもあります。',
    ],
    expect: '期待',
    onlyWhere: (what) => `このクラスタでは行いません。対象は次の環境です: ${what}`,
    hosts: 'ホストと、そこへの接続方法。',
    namespace: '専用の Namespace。何が起きても最後に削除します。以下の kubectl はすべてこの中で動きます。',
    probes: '調査用の Pod。curl と dig が入っていて、指示があるまで待ちます。',
    values: 'このクラスタの情報。',
    done: '終わりました。Namespace を削除します。',
  },
};
