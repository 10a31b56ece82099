import type { Finding } from '../event/event.js';
import type { DnsExpectation } from '../playbook/schema.js';
import type { DnsRecord, DnsReply, Observation } from '../probe/observation.js';
import type { Text } from '../text.js';
import { few, finding, judged, notMeasured, undecided, wrongKind, type CheckPlace, type Judged } from './judged.js';
import { nextDns, nextEndpoints } from './next.js';
import { ALPHA, missChance } from './spread.js';

const WHY = {
  silent: {
    en: 'The DNS server did not answer: CoreDNS is down or not ready, or the way to it (the kube-dns Service, the pod network) is cut.',
    ja: 'DNS サーバから応答がありません。CoreDNS が停止しているか Ready でない、または CoreDNS までの経路（kube-dns Service、Pod ネットワーク）が切れています。',
  },
  noName: {
    en: 'CoreDNS knows no such name: the Service does not exist in that namespace, the name is misspelt, or it is headless without a ready pod. A pod has a name only under the Service that its StatefulSet names (serviceName), or its subdomain.',
    ja: 'CoreDNS にその名前がありません。その Namespace に Service が無いか、名前の誤り、または Ready な Pod の無い Headless Service です。Pod の名前は、StatefulSet の serviceName（または subdomain）で指定した Service の下だけにあります。',
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
    ja: 'DNS サーバから想定と異なる応答コードが返りました。',
  },
  answers: {
    en: 'CoreDNS answered, but with other records than the live objects have: it has not caught up yet, or the name belongs to something else.',
    ja: 'CoreDNS は応答しましたが、現在のオブジェクトと異なるレコードです。反映が遅れているか、名前が別のものを指しています。',
  },
  flags: {
    en: 'A flag is missing; without aa the answer is not from the zone’s own server but from a cache or an upstream.',
    ja: 'フラグがありません。aa が無い応答は、ゾーンの権威サーバではなく、キャッシュか上位サーバからのものです。',
  },
  ttl: {
    en: 'Another TTL: the answer comes from a cache that counts down (NodeLocal DNSCache, a CoreDNS cache), or CoreDNS is configured otherwise.',
    ja: 'TTL が違います。カウントダウン中のキャッシュ（NodeLocal DNSCache や CoreDNS の cache）からの応答か、CoreDNS の設定が異なります。',
  },
  types: {
    en: 'Another chain of records: the Service is of another type than was meant, or the name that a CNAME leads to was not found.',
    ja: 'レコードの並びが想定と違います。Service の種類が違うか、CNAME の先の名前が見つかりません。',
  },
  order: {
    en: 'One order is kept: CoreDNS runs without its loadbalance plugin, or something between it and the pod sorts or keeps answers.',
    ja: '答えの順番が入れ替わっていません。CoreDNS の loadbalance プラグインが無いか、途中で答えを並べ替え・保持しているものがあります。',
  },
  few: {
    en: 'Too few answers to tell a fixed order from chance; ask more often (times:).',
    ja: '固定された順番と偶然を区別するには、答えが少なすぎます。回数（times:）を増やしてください。',
  },
  section: {
    en: 'The answer lacks a record that belongs with it.',
    ja: '応答に、付随するはずのレコードがありません。',
  },
} satisfies Record<string, Text>;

/** What differs from question to question, where each item of a list has its own answers. */
export type PerQuestion = Pick<DnsExpectation, 'answers' | 'includes'>;

/** Live facts that a DNS expectation is set against. */
export interface DnsContext extends CheckPlace {
  /** Question as it was asked → what is expected of it; goes before the expectation's own. */
  readonly perQuestion?: ReadonlyMap<string, PerQuestion> | undefined;
}

/**
 * Sets DNS answers beside what they should have been; with several questions, each of them must hold. Records are compared
 * as sets, in any order; names in any case and with or without their last dot. A server that stays silent has been
 * observed, and fails.
 * @param expect References filled in, `answersEach` as answers.
 */
export function judgeDns(expect: DnsExpectation, observation: Observation, context: DnsContext = {}): Judged {
  if (observation.kind === 'unmeasured') return notMeasured(observation);
  if (observation.kind !== 'dns' && observation.kind !== 'dns-many') return wrongKind('dns', observation.kind);
  const replies: readonly Asked[] =
    observation.kind === 'dns' ? [{ question: onlyQuestion(context), ...observation }] : observation.replies;
  if (replies.length === 0) {
    return notMeasured({ kind: 'unmeasured', reason: 'nothing was asked: the list of names was empty' });
  }
  const findings = everyReply(
    replies.map((reply) => replyFindings({ ...expect, ...context.perQuestion?.get(reply.question) }, reply)),
    replies.map(({ question }) => question),
  );
  if (observation.kind === 'dns-many' && observation.asked !== undefined) {
    const made = `${replies.length} questions, then the server stayed silent`;
    findings.push(finding('questions', `${observation.asked} questions`, made, false, WHY.silent));
  }
  if (expect.first !== undefined) findings.push(firstFinding(replies));
  return judged(findings, () => [
    ...nextDns(context),
    ...(context.service === undefined ? [] : nextEndpoints(context)),
  ]);
}

/** A record of one question does not repeat it. */
function onlyQuestion({ perQuestion }: DnsContext): string {
  return perQuestion?.keys().next().value ?? '';
}

type Asked = DnsReply & { readonly question: string };

/** One finding for an expectation that every question must meet; several questions have the same expectations. */
function everyReply(results: readonly (readonly Finding[])[], questions: readonly string[]): Finding[] {
  const [first = []] = results;
  if (results.length === 1) return [...first];
  return first.map(({ what }, place) => {
    const all = results.flatMap((findings) => findings[place] ?? []);
    const expected = few([...new Set(all.map((each) => each.expected))], 3);
    const bad = all.findIndex((each) => each.verdict !== 'passed');
    const wrong = all[bad];
    if (wrong === undefined) {
      return finding(what, expected, `${all.length} × ${few([...new Set(all.map((each) => each.observed))], 3)}`, true);
    }
    const count = all.filter((each) => each.verdict !== 'passed').length;
    const at = `first at question ${bad + 1}, ${questions[bad] ?? ''}: ${wrong.observed} instead of ${wrong.expected}`;
    return finding(what, expected, `${count} of ${all.length} differ (${at})`, false, wrong.why);
  });
}

function replyFindings(expect: DnsExpectation, reply: DnsReply): Finding[] {
  const { rcode, flags, answers, authority, additional } = reply;
  const wanted: readonly string[] = [expect.rcode ?? 'NOERROR'].flat();
  const findings: Finding[] = [finding('rcode', wanted.join(' or '), rcode, wanted.includes(rcode), whyCode(rcode))];
  if (expect.answers !== undefined) findings.push(answersFinding(expect.answers, answers));
  if (expect.includes !== undefined) findings.push(includesFinding(expect.includes, answers));
  if (expect.types !== undefined) {
    const seen = answers.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
    const ok = seen.join() === expect.types.join();
    findings.push(finding('types', expect.types.join(', ') || 'none', seen.join(', ') || 'none', ok, WHY.types));
  }
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
  return findings;
}

/**
 * Does each answer come first at times, as a client needs that takes the first one (claim K03)? One that never did, is
 * blamed only when chance does not explain it: with three answers and 60 questions that is one case in ten thousand
 * million.
 */
function firstFinding(replies: readonly Asked[]): Finding {
  const all = new Set(replies.flatMap(({ answers }) => answers.map(({ data }) => data)));
  const counts = new Map([...all].sort().map((data) => [data, 0]));
  for (const { answers } of replies) {
    const [first] = answers;
    if (first !== undefined) counts.set(first.data, (counts.get(first.data) ?? 0) + 1);
  }
  const expected = `each of ${counts.size} answers stands first at times`;
  const observed = few([...counts].map(([data, count]) => `${data} ${count} ×`));
  const never = [...counts.values()].filter((count) => count === 0).length;
  // One answer cannot be seen to rotate.
  const tooFew = counts.size < 2 || (never > 0 && missChance(replies.length, counts.size) > ALPHA);
  return tooFew
    ? undecided('first', expected, observed, WHY.few)
    : finding('first', expected, observed, never === 0, WHY.order);
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

function includesFinding(wanted: readonly string[], answers: readonly DnsRecord[]): Finding {
  const seen = [...new Set(answers.map(({ data }) => data))].sort();
  const there = new Set(seen.map(plain));
  const missing = wanted.filter((text) => !there.has(plain(text)));
  const observed = few(seen) + (missing.length > 0 ? ` (missing ${few(missing)})` : '');
  return finding('includes', few([...wanted].sort()), observed, missing.length === 0, WHY.answers);
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
