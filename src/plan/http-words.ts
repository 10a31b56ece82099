import type { HttpExpectation, StepOf } from '../playbook/schema.js';
import { text, type Text } from '../text.js';
import { sentencesOf, type Sentences } from './sentences.js';
import { fieldWords } from './field-words.js';

type Outcome = NonNullable<HttpExpectation['outcome']>[number];

const OUTCOMES: Readonly<Record<Outcome, Text>> = {
  ok: { en: 'an answer comes', ja: '応答がある' },
  refused: { en: 'the connection is refused', ja: '接続が拒否される' },
  timeout: { en: 'nobody answers until the time is up', ja: '時間切れまで応答がない' },
  'no-name': { en: 'the name does not resolve', ja: '名前が解決できない' },
  'no-route': { en: 'there is no way to the address', ja: 'アドレスへの経路がない' },
  reset: { en: 'the connection is cut', ja: '接続が切られる' },
  tls: { en: 'TLS fails', ja: 'TLS で失敗する' },
  'bad-body': { en: 'the answer cannot be read', ja: '応答の内容が読めない' },
  other: { en: 'curl fails in some other way', ja: 'curl がその他の理由で失敗する' },
};

/** Who a client address belongs to; anything else is an address. */
const CLIENTS: Readonly<Record<string, Text>> = {
  probe: { en: 'the probe’s own address', ja: 'プローブ自身のアドレス' },
  node: { en: 'an address of the probe’s node', ja: 'プローブのいるノードのアドレス' },
  entry: { en: 'an address of the node that was asked', ja: '尋ねた先のノードのアドレス' },
  anyNode: { en: 'an address of some node', ja: 'いずれかのノードのアドレス' },
  none: { en: 'nothing', ja: '空' },
};

/** A sentence for each key; the compiler finds one that is missing. */
const SENTENCES: Sentences<HttpExpectation> = {
  outcome: (values) => [
    text(
      `${capital(values.map((value) => OUTCOMES[value].en).join(', or '))}.`,
      `${values.map((value) => OUTCOMES[value].ja).join('、または')}はずです。`,
    ),
  ],
  status: (status) => [text(`HTTP status ${status}.`, `HTTP ステータスは ${status} です。`)],
  spread: (spread, { of, on }) => {
    const service = of === undefined ? '' : ` of ${of}`;
    const where = on === undefined ? '' : ` on ${ON[on]?.en ?? on}`;
    const pods = text(
      `pods${service}${where}`,
      `${of === undefined ? '' : ` ${of} の`}${on === undefined ? '' : `${ON[on]?.ja ?? on}の`} Pod`,
    );
    return [
      {
        even: text(
          `The ready ${pods.en} answer about equally often.`,
          `準備済みの${pods.ja} が、ほぼ同じ回数ずつ応答します。`,
        ),
        all: text(
          `Each of the ready ${pods.en} answers at least once.`,
          `準備済みの${pods.ja} が、それぞれ1回は応答します。`,
        ),
        one: text(
          `One of the ${pods.en} answers every time.`,
          `${pods.ja.trim()} のうち、同じ1つがすべてに応答します。`,
        ),
        members: text(`Only ready ${pods.en} answer.`, `応答するのは準備済みの${pods.ja} だけです。`),
      }[spread],
    ];
  },
  // Said together with `spread`.
  of: () => [],
  on: () => [],
  answeredBy: (names) => [text(`${names.join(', ')} answers.`, `応答するのは ${names.join('、')} です。`)],
  client: (who) => [
    text(
      `The pod sees ${CLIENTS[who]?.en ?? who} as its client.`,
      `Pod から見た接続元は、${CLIENTS[who]?.ja ?? who}です。`,
    ),
  ],
  forwardedFor: (whos) => [
    text(
      `X-Forwarded-For begins with ${whos.map((who) => CLIENTS[who]?.en ?? who).join(' or ')}.`,
      `X-Forwarded-For の先頭は、${whos.map((who) => CLIENTS[who]?.ja ?? who).join('または')}です。`,
    ),
  ],
  host: (host) => [text(`The pod sees the Host header ${host}.`, `Pod に届く Host ヘッダは ${host} です。`)],
  path: (path) => [text(`The pod sees the path ${path}.`, `Pod に届くパスは ${path} です。`)],
  body: (body) => [text(`The answer holds “${body}”.`, `応答に「${body}」が含まれます。`)],
  json: (fields) => Object.entries(fields).map(([path, matcher]) => fieldWords(path, matcher)),
  headers: (headers) => Object.entries(headers).map(([name, matcher]) => fieldWords(name, matcher)),
  location: (location) => [text(`It redirects to ${location}.`, `${location} へリダイレクトされます。`)],
  certificate: (name) => [
    name === 'other'
      ? text('The server shows some other certificate.', 'サーバは別の証明書を示します。')
      : text(
          `The server shows the certificate made for ${madeFor(name)}.`,
          `サーバは ${madeFor(name)} 用の証明書を示します。`,
        ),
  ],
  across: (across) => [
    across === 'same'
      ? text('The same pod answers at every place.', 'どの場所でも同じ Pod が応答します。')
      : text('Different pods answer at different places.', '場所によって違う Pod が応答します。'),
  ],
  changes: (changes) => [
    changes === 'none'
      ? text('The pod stays the same over time.', '時間が経っても、応答する Pod は変わりません。')
      : text('After a while another pod answers.', 'しばらくすると、別の Pod が応答します。'),
  ],
  urlsDiffer: () => [text('Different URLs reach different pods.', 'URL によって違う Pod に届きます。')],
};

/** The name in `${certificate/NAME.crt}`. */
function madeFor(reference: string): string {
  return /^\$\{certificate\/(.+)\.crt\}$/.exec(reference)?.[1] ?? reference;
}

const ON: Readonly<Record<string, Text | undefined>> = {
  entry: { en: 'the node that was asked', ja: '尋ねた先のノード' },
  probe: { en: 'the probe’s node', ja: 'プローブのいるノード' },
};

/** What an HTTP probe should see. */
export function httpWords({ expect }: Extract<StepOf<'probe'>, { tool: 'curl' }>): Text[] {
  const said = sentencesOf(SENTENCES, expect);
  // A probe that expects nothing in particular expects an answer.
  return said.length > 0 ? said : [text(`${capital(OUTCOMES.ok.en)}.`, `${OUTCOMES.ok.ja}はずです。`)];
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
