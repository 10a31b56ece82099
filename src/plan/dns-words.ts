import type { DnsExpectation } from '../playbook/schema.js';
import { text, type Text } from '../text.js';
import { sentencesOf, type Sentences } from './sentences.js';

const RCODES: Readonly<Record<string, Text | undefined>> = {
  NOERROR: { en: 'the name exists (NOERROR)', ja: '名前が存在する（NOERROR）' },
  NXDOMAIN: { en: 'there is no such name (NXDOMAIN)', ja: 'その名前は存在しない（NXDOMAIN）' },
  SERVFAIL: { en: 'the server cannot answer (SERVFAIL)', ja: 'サーバが答えられない（SERVFAIL）' },
  TIMEOUT: { en: 'nobody answers (TIMEOUT)', ja: '誰も答えない（TIMEOUT）' },
  REFUSED: { en: 'the server will not answer (REFUSED)', ja: 'サーバが回答を断る（REFUSED）' },
};

/** A sentence for each key; the compiler finds one that is missing. */
const SENTENCES: Sentences<DnsExpectation> = {
  rcode: (value) => {
    const codes = [value].flat();
    const en = codes.map((code) => RCODES[code]?.en ?? code).join(', or ');
    const sentence = text(
      `${en.charAt(0).toUpperCase()}${en.slice(1)}.`,
      `${codes.map((code) => RCODES[code]?.ja ?? code).join('、または')}はずです。`,
    );
    return [sentence];
  },
  answers: (answers) => [
    answers.length === 0
      ? text('The answer is empty.', '答えは空です。')
      : text(`The answer is exactly: ${answers.join(', ')}.`, `答えは次のとおりです: ${answers.join('、')}`),
  ],
  answersEach: ({ of, is }) => [
    text(`The answer has one record for each of ${of}: ${is}.`, `答えは ${of} のそれぞれにつき1つです: ${is}`),
  ],
  includes: (data) => [text(`Among the answers: ${data.join(', ')}.`, `答えに含まれます: ${data.join('、')}`)],
  first: () => [
    text('Asked again and again, each address comes first at times.', '何度も尋ねると、どのアドレスも先頭に来ます。'),
  ],
  types: (types) => [text(`The chain is ${types.join(' → ')}.`, `レコードの順は ${types.join(' → ')} です。`)],
  flags: (flags) => [text(`Flags: ${flags.join(', ')}.`, `フラグ: ${flags.join('、')}`)],
  ttl: (ttl) => [
    typeof ttl === 'number'
      ? text(`TTL ${ttl} s.`, `TTL は ${ttl} 秒です。`)
      : text(`TTL at most ${ttl.max} s.`, `TTL は ${ttl.max} 秒以下です。`),
  ],
  additional: (records) => [text(`Sent along: ${records.join(', ')}.`, `追加で届きます: ${records.join('、')}`)],
  authority: (texts) => [text(`The authority is ${texts.join(', ')}.`, `権威の情報は ${texts.join('、')} です。`)],
};

/** What a DNS probe should see. */
export function dnsWords(expect: DnsExpectation): Text[] {
  return sentencesOf(SENTENCES, expect);
}
