import type { CommandExpectation } from '../playbook/schema.js';
import { text, type Text } from '../text.js';
import { sentencesOf, type Sentences } from './sentences.js';

/** Sentences for each key; the compiler finds one that is missing. */
const SENTENCES: Sentences<CommandExpectation> = {
  exit: (exit) => [
    exit === 0
      ? text('The command succeeds.', 'コマンドが成功します。')
      : text(`The command ends with exit status ${exit}.`, `コマンドは終了コード ${exit} で終わります。`),
  ],
  contains: (texts) => [text(`It says “${texts.join('”, “')}”.`, `出力に「${texts.join('」「')}」が含まれます。`)],
  matches: (patterns) => [
    text(`What it says matches /${patterns.join('/, /')}/.`, `出力が /${patterns.join('/、/')}/ に合います。`),
  ],
  lacks: (texts) => [
    text(`It does not say “${texts.join('”, “')}”.`, `出力に「${texts.join('」「')}」は含まれません。`),
  ],
  resolvConf: ({ nameserver, searchStartsWith, options }) => [
    ...(nameserver === undefined
      ? []
      : [text(`The name server is ${nameserver.join(', ')}.`, `ネームサーバは ${nameserver.join('、')} です。`)]),
    ...(searchStartsWith === undefined
      ? []
      : [
          text(
            `The search list begins with ${searchStartsWith.join(', ')}.`,
            `検索リストの先頭は ${searchStartsWith.join('、')} です。`,
          ),
        ]),
    ...(options === undefined ? [] : [text(`Options: ${options.join(', ')}.`, `オプション: ${options.join('、')}`)]),
  ],
  routes: () => [
    text('There is a route to the pods of each other node.', 'ほかの各ノードの Pod へ向かう経路があります。'),
  ],
  rejects: ({ service }) => [
    text(`The node rejects connections to ${service}.`, `ノードが ${service} への接続を拒否する規則を持ちます。`),
  ],
  rules: ({ service, are, addresses, nodePorts, sameEverywhere }) => [
    are === 'none'
      ? text(`The rules say nothing of ${service}.`, `規則に ${service} は出てきません。`)
      : text(
          `The rules lead from ${service} to each of its ready endpoints, with equal chances.`,
          `規則は ${service} から準備済みの各エンドポイントへ、等しい確率で導きます。`,
        ),
    ...(addresses === undefined
      ? []
      : [text(`They also catch ${addresses.join(', ')}.`, `${addresses.join('、')} 宛ても対象です。`)]),
    ...(nodePorts === true ? [text('They also catch its node ports.', 'ノードポート宛ても対象です。')] : []),
    ...(sameEverywhere === true ? [text('They are the same on every node.', '規則はどのノードでも同じです。')] : []),
  ],
  variables: ({ of, noneOf }) => [
    ...(of === undefined
      ? []
      : [
          text(
            `There are variables for ${of.join(', ')}, and they are right.`,
            `${of.join('、')} の環境変数があり、値も正しいです。`,
          ),
        ]),
    ...(noneOf === undefined
      ? []
      : [text(`There are none for ${noneOf.join(', ')}.`, `${noneOf.join('、')} の環境変数はありません。`)]),
  ],
};

/** What a command should leave behind. */
export function commandWords(expect: CommandExpectation): Text[] {
  const said = sentencesOf(SENTENCES, expect);
  return said.length > 0 ? said : [...SENTENCES.exit(0, expect)];
}
