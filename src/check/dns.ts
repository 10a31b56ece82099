import type { Finding } from '../event/event.js';
import type { DnsExpectation } from '../playbook/schema.js';
import type { DnsRecord, Observation } from '../probe/observation.js';
import type { Text } from '../text.js';
import { few, finding, judged, notMeasured, wrongKind, type CheckPlace, type Judged } from './judged.js';
import { nextDns, nextEndpoints } from './next.js';

const WHY = {
  silent: {
    en: 'The DNS server did not answer: CoreDNS is down or not ready, or the way to it (the kube-dns Service, the pod network) is cut.',
    ja: 'DNS サーバーから応答がありません。CoreDNS が停止しているか Ready でない、または CoreDNS までの経路（kube-dns Service、Pod ネットワーク）が切れています。',
  },
  noName: {
    en: 'CoreDNS knows no such name: the Service does not exist in that namespace, the name is misspelt, or it is headless without a ready pod.',
    ja: 'CoreDNS にその名前がありません。その Namespace に Service が無いか、名前の誤り、または Ready な Pod の無い Headless Service です。',
  },
  upstream: {
    en: 'CoreDNS could not answer by itself and got no answer from the resolver behind it: the name left cluster.local, and the lab has no working upstream.',
    ja: 'CoreDNS が自身で答えられず、上位のリゾルバーからも応答がありません。cluster.local の外の名前で、上位 DNS に届いていません。',
  },
  exists: {
    en: 'The name exists although it should not: an old object is still there, or a cache still holds the answer (up to 30 s).',
    ja: '存在しないはずの名前があります。古いオブジェクトが残っているか、キャッシュ（最大 30 秒）が残っています。',
  },
  otherCode: {
    en: 'The DNS server answered with another code than expected.',
    ja: 'DNS サーバーから想定と異なる応答コードが返りました。',
  },
  answers: {
    en: 'CoreDNS answered, but with other records than the live objects have: it has not caught up yet, or the name belongs to something else.',
    ja: 'CoreDNS は応答しましたが、現在のオブジェクトと異なるレコードです。反映が遅れているか、名前が別のものを指しています。',
  },
  flags: {
    en: 'A flag is missing; without aa the answer is not from the zone’s own server but from a cache or an upstream.',
    ja: 'フラグがありません。aa が無い応答は、ゾーンの権威サーバーではなく、キャッシュか上位サーバーからのものです。',
  },
  ttl: {
    en: 'Another TTL: the answer comes from a cache that counts down (NodeLocal DNSCache, a CoreDNS cache), or CoreDNS is configured otherwise.',
    ja: 'TTL が違います。カウントダウン中のキャッシュ（NodeLocal DNSCache や CoreDNS の cache）からの応答か、CoreDNS の設定が異なります。',
  },
  section: {
    en: 'The answer lacks a record that belongs with it.',
    ja: '応答に、付随するはずのレコードがありません。',
  },
} satisfies Record<string, Text>;

/**
 * Sets a DNS answer beside what it should have been. Records are compared as sets, in any order; names in any case and
 * with or without their last dot. A server that stays silent has been observed, and fails.
 * @param expect References filled in.
 */
export function judgeDns(expect: DnsExpectation, observation: Observation, context: CheckPlace = {}): Judged {
  if (observation.kind === 'unmeasured') return notMeasured(observation);
  if (observation.kind !== 'dns') return wrongKind('dns', observation.kind);
  const { rcode, flags, answers, authority, additional } = observation;
  const wanted: readonly string[] = [expect.rcode ?? 'NOERROR'].flat();
  const findings: Finding[] = [finding('rcode', wanted.join(' or '), rcode, wanted.includes(rcode), whyCode(rcode))];
  if (expect.answers !== undefined) findings.push(answersFinding(expect.answers, answers));
  if (expect.flags !== undefined) {
    const ok = expect.flags.every((flag) => flags.includes(flag));
    findings.push(finding('flags', expect.flags.join(' '), flags.join(' ') || 'none', ok, WHY.flags));
  }
  if (expect.ttl !== undefined) {
    const { ttl } = expect;
    const seen = [...new Set(answers.map((record) => record.ttl))];
    const [ok, words] =
      typeof ttl === 'number'
        ? [seen.length === 1 && seen[0] === ttl, String(ttl)]
        : [seen.length > 0 && seen.every((each) => each <= ttl.max), `at most ${ttl.max}`];
    findings.push(finding('ttl', words, seen.length === 0 ? 'no answer' : few(seen.map(String)), ok, WHY.ttl));
  }
  if (expect.additional !== undefined) {
    const seen = additional.map(({ name, type, data }) => `${name} ${type} ${data}`);
    findings.push(
      sectionFinding('additional', expect.additional, seen, (record, text) => plain(record) === plain(text)),
    );
  }
  if (expect.authority !== undefined) {
    const seen = authority.map(({ name, type, data }) => `${name} ${type} ${data}`);
    findings.push(
      sectionFinding('authority', expect.authority, seen, (record, text) => spaced(record).includes(spaced(text))),
    );
  }
  return judged(findings, () => [
    ...nextDns(context),
    ...(context.service === undefined ? [] : nextEndpoints(context)),
  ]);
}

function whyCode(seen: string): Text {
  if (seen === 'TIMEOUT' || seen === 'UNREACHABLE') return WHY.silent;
  return { NXDOMAIN: WHY.noName, SERVFAIL: WHY.upstream, NOERROR: WHY.exists }[seen] ?? WHY.otherCode;
}

function answersFinding(wanted: readonly string[], answers: readonly DnsRecord[]): Finding {
  const seen = [...new Set(answers.map(({ data }) => data))].sort();
  const [wantedSet, seenSet] = [new Set(wanted.map(plain)), new Set(seen.map(plain))];
  const missing = wanted.filter((text) => !seenSet.has(plain(text)));
  const extra = seen.filter((text) => !wantedSet.has(plain(text)));
  const trouble = [
    ...(missing.length > 0 ? [`missing ${few(missing)}`] : []),
    ...(extra.length > 0 ? [`extra ${few(extra)}`] : []),
  ];
  const observed = few(seen) + (trouble.length > 0 ? ` (${trouble.join('; ')})` : '');
  return finding('answers', few([...wanted].sort()), observed, trouble.length === 0, WHY.answers);
}

function sectionFinding(
  what: string,
  wanted: readonly string[],
  seen: readonly string[],
  same: (record: string, text: string) => boolean,
): Finding {
  const missing = wanted.filter((text) => !seen.some((record) => same(record, text)));
  const observed = few(seen) + (missing.length > 0 ? ` (missing ${few(missing)})` : '');
  return finding(what, few(wanted), observed, missing.length === 0, WHY.section);
}

function spaced(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

/** Word by word without a name's last dot. */
function plain(text: string): string {
  return spaced(text)
    .split(' ')
    .map((word) => word.replace(/(?<=.)\.$/, ''))
    .join(' ');
}
