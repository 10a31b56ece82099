import { describe, expect, it } from 'vitest';
import stringWidth from 'string-width';
import type { Verdict } from '../../src/event/event.js';
import { claimsJson } from '../../src/report/claims-json.js';
import { claimTable, standingOf, type ClaimRow, type ClaimsView } from '../../src/report/claims.js';

const B = { id: 'B', title: { en: 'ClusterIP', ja: 'ClusterIP' } };
const I = { id: 'I', title: { en: 'LoadBalancer', ja: 'LoadBalancer' } };
const screen = { columns: 80, color: false, unicode: true, tty: false };

function view(change: Partial<ClaimsView['screen']> = {}, lang: 'en' | 'ja' = 'en'): ClaimsView {
  return { screen: { ...screen, ...change }, lang, timeZone: 'UTC' };
}

function last(verdict: Verdict, more: object = {}): Pick<Required<ClaimRow>, 'last'> {
  const result = {
    verdict,
    at: '2026-11-26T11:07:49.120Z',
    run: '20261126-110749-3f9a',
    lab: 'rack',
    simulated: false,
  };
  return { last: { ...result, ...more } };
}

function steps(...names: string[]): ClaimRow['steps'] {
  return names.map((name) => {
    const [playbook = '', step] = name.split(' ');
    return { playbook, step: Number(step), where: `playbooks/${playbook}.yaml:1` };
  });
}

const ROWS: readonly ClaimRow[] = [
  {
    id: 'B04',
    section: B,
    text: { en: 'A pod reaches the VIP', ja: 'Pod から仮想 IP アドレスに届く' },
    steps: steps('clusterip 8', 'clusterip 10', 'discovery 3'),
    ...last('passed'),
  },
  {
    id: 'B05',
    section: B,
    text: {
      en: 'Requests spread over all three pods, and no pod is favoured over another one',
      ja: '要求は3つの Pod すべてに分散され、どれか1つに偏ることはない',
    },
    steps: steps('clusterip 9'),
    ...last('failed', { simulated: true }),
  },
  {
    id: 'B06',
    section: B,
    text: { en: 'A node reaches it too', ja: 'ノードからも届く' },
    steps: steps('clusterip 11'),
    ...last('inconclusive'),
  },
  {
    id: 'I02',
    section: I,
    text: { en: 'An outside address appears', ja: '外部のアドレスが割り当てられる' },
    steps: steps('loadbalancer 4'),
    ...last('skipped', {
      reason: {
        en: 'needs a load balancer; this lab names no pool of addresses',
        ja: 'ロードバランサが必要です（ラボにアドレスのプールがありません）',
      },
    }),
  },
  { id: 'I03', section: I, text: { en: 'It answers', ja: 'それが応答する' }, steps: steps('loadbalancer 5') },
  {
    id: 'I08',
    section: I,
    text: { en: 'A cloud bills for it', ja: 'クラウドでは料金がかかる' },
    steps: [],
    unproven: { kind: 'cloud', reason: { en: 'needs a cloud account', ja: 'クラウドの契約が必要です' } },
  },
  { id: 'I09', section: I, text: { en: 'Nobody has looked', ja: '誰も見ていない' }, steps: [] },
];

describe('the table of claims', () => {
  it.each([
    ['en', 80],
    ['en', 120],
    ['ja', 80],
    ['ja', 120],
  ] as const)('shows text, steps, verdict and time, or why there is none (%s, %i columns)', async (lang, columns) => {
    const text = claimTable(ROWS, view({ columns }, lang));
    await expect(text).toMatchFileSnapshot(`snapshots/claims-${lang}-${columns}.txt`);
    expect(text.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
  });

  it('keeps within any screen, and begins the columns of all rows at the same place', () => {
    for (const lang of ['en', 'ja'] as const) {
      for (const columns of [60, 81, 109, 110, 140]) {
        const lines = claimTable(ROWS, view({ columns }, lang)).split('\n');
        expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
        const starts = lines.flatMap((line) => {
          const at = line.search(/clusterip \d|loadbalancer \d/);
          return at === -1 ? [] : [stringWidth(line.slice(0, at))];
        });
        expect(new Set(starts).size).toBe(1);
      }
    }
  });

  it('tells the same with colour, without Unicode in its signs', () => {
    const plain = claimTable(ROWS, view());
    const coloured = claimTable(ROWS, view({ color: true }));
    // eslint-disable-next-line no-control-regex -- colour is what is looked for
    const colour = /\u001b\[[0-9;]*m/g;
    expect(plain).not.toMatch(colour);
    expect(coloured).toMatch(colour);
    const trimmed = (text: string): string => text.replaceAll(/ +$/gm, '');
    expect(trimmed(coloured.replaceAll(colour, ''))).toBe(trimmed(plain));
    // eslint-disable-next-line no-control-regex -- ASCII is what is looked for
    expect(claimTable(ROWS, view({ unicode: false }))).toMatch(/^[\u0000-\u007f]+$/);
  });

  it('lets no control code of a record reach the terminal', () => {
    const bad = { en: 'a\u001b[2Jb\u0007', ja: '' };
    const row = { ...ROWS[0]!, ...last('skipped', { reason: bad, at: '\u001b[2J' }) };
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(claimTable([row], view())).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('how a claim stands', () => {
  it.each([
    ['B04', 'proven'],
    ['B05', 'failed'],
    ['B06', 'inconclusive'],
    ['I02', 'skipped'],
    ['I03', 'notRun'],
    ['I08', 'unprovable'],
    ['I09', 'uncovered'],
  ])('%s: %s', (id, standing) => {
    expect(standingOf(ROWS.find((row) => row.id === id)!)).toBe(standing);
  });

  it('is what the run said when a step cites a claim that is said to be beyond proof', () => {
    expect(standingOf({ ...ROWS[5]!, steps: steps('loadbalancer 9'), ...last('passed') })).toBe('proven');
  });
});

describe('the claims for programs', () => {
  it('have every key in every claim, and the sums', () => {
    const json = claimsJson(ROWS);
    expect(json.counts).toEqual({
      proven: 1,
      failed: 1,
      inconclusive: 1,
      skipped: 1,
      notRun: 1,
      unprovable: 1,
      uncovered: 1,
    });
    const keys = ['id', 'section', 'text', 'standing', 'steps', 'last', 'unproven'];
    for (const claim of json.claims) expect(Object.keys(claim)).toEqual(keys);
    expect(json.claims[3]).toMatchObject({ id: 'I02', standing: 'skipped', last: { verdict: 'skipped' } });
    expect(json.claims[4]).toMatchObject({ last: null, unproven: null });
  });
});
