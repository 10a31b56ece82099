import type { Finding, Spread } from '../event/event.js';
import type { Text } from '../text.js';
import { few, finding, undecided } from './judged.js';
import { ALPHA, LEAST_EXPECTED, missChance, spreadOf } from './spread.js';

/** Ways to expect answers to be spread over backends. */
export type SpreadMode = 'even' | 'all' | 'one' | 'members';

const WHY = {
  stranger: {
    en: 'A pod answered that is no ready endpoint of the Service: its labels match by accident, or a rule still points to an old pod.',
    ja: 'Service の Ready なエンドポイントではない Pod が応答しました。ラベルが偶然一致しているか、古い Pod へのルールが残っています。',
  },
  missing: {
    en: 'A ready pod never answered: its rule is missing on this node, or the way to its node is cut.',
    ja: 'Ready な Pod のうち一度も応答しないものがあります。このノードにその Pod へのルールが無いか、その Pod のノードへの経路が切れています。',
  },
  skewed: {
    en: 'Chance does not explain this spread (less than 1 in 1,000): one backend is favoured. Look for session affinity, reused connections, a topology preference, or stale rules.',
    ja: 'この偏りは偶然では説明できません（確率 0.1 % 未満）。特定の Pod に偏っています。セッションアフィニティ、接続の使い回し、トポロジー設定、古いルールを疑ってください。',
  },
  several: {
    en: 'More than one pod answered where all requests should reach the same one: there was more than one connection, or no affinity.',
    ja: '同じ Pod に届くはずの要求に、複数の Pod が応答しました。接続が一つではないか、アフィニティが働いていません。',
  },
  small: {
    en: 'Too few answers to tell a skew from chance; ask more often (times:).',
    ja: '偏りと偶然を区別するには応答が少なすぎます。回数（times:）を増やしてください。',
  },
} satisfies Record<string, Text>;

/** What each way says of itself in a finding. */
export const EXPECTED: Readonly<Record<SpreadMode, string>> = {
  even: 'every ready pod answers equally often',
  all: 'every ready pod answers',
  one: 'one pod answers everything',
  members: 'nobody but ready pods answers',
};

/**
 * Judges who answered. `backends` are the pods that should; undefined only where `one` needs no list.
 * @param answers The pod behind each answer.
 */
export function judgeSpread(
  mode: SpreadMode,
  answers: readonly string[],
  backends: readonly string[] | undefined,
): { findings: Finding[]; spread?: Spread } {
  const expected = EXPECTED[mode];
  if (answers.length === 0) return { findings: [finding('spread', expected, 'no pod answered', false)] };
  if (mode === 'one') {
    const seen = [...new Set(answers)];
    const strangers = backends === undefined ? [] : seen.filter((name) => !backends.includes(name));
    const ok = seen.length === 1 && strangers.length === 0;
    const why = strangers.length > 0 ? WHY.stranger : WHY.several;
    const one = finding('spread', expected, `${answers.length} answers from ${few(seen)}`, ok, why);
    return { findings: [one], ...(backends === undefined ? {} : { spread: spreadOf(answers, backends) }) };
  }
  if (backends === undefined || backends.length === 0) {
    return { findings: [undecided('spread', expected, 'the Service has no ready pod to compare with', WHY.small)] };
  }
  const spread = spreadOf(answers, backends);
  if (mode === 'members') {
    const { counts, unexpected } = spread;
    const seen = Object.entries(counts).filter(([, count]) => count > 0);
    const observed = few(seen.map(([name, count]) => `${count} × ${name}`));
    return { findings: [finding('spread', expected, observed, unexpected.length === 0, WHY.stranger)], spread };
  }
  const findings = [coverage(spread, backends)];
  if (mode === 'even') findings.push(evenness(spread, backends.length));
  return { findings, spread };
}

function coverage({ counts, unexpected, total }: Spread, backends: readonly string[]): Finding {
  const expected = `answers from ${few([...backends].sort())} and nobody else`;
  const missing = backends.filter((name) => (counts[name] ?? 0) === 0);
  if (unexpected.length > 0) return finding('backends', expected, `also ${few(unexpected)}`, false, WHY.stranger);
  if (missing.length === 0) return finding('backends', expected, `all ${backends.length} seen`, true);
  const observed = `never ${few(missing)} in ${total} answers`;
  // With few answers a healthy backend may well be left out by chance.
  const blame = missChance(total, backends.length) <= ALPHA;
  return blame
    ? finding('backends', expected, observed, false, WHY.missing)
    : undecided('backends', expected, observed, WHY.small);
}

function evenness(spread: Spread, size: number): Finding {
  const { total, counts, band, chiSquare, pValue } = spread;
  const expected = size === 1 ? EXPECTED.even : `${EXPECTED.even}: ${band[0]} to ${band[1]} of ${total} each`;
  if (size > 1 && total / size < LEAST_EXPECTED) {
    return undecided('spread', expected, `only ${total} answers for ${size} pods`, WHY.small);
  }
  const observed = `${few(Object.values(counts).map(String), 10)}${size === 1 ? '' : `; χ² ${chiSquare.toFixed(2)}, p ${pWords(pValue)}`}`;
  return finding('spread', expected, observed, pValue >= ALPHA, WHY.skewed);
}

function pWords(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}
