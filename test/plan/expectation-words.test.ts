import { describe, expect, it } from 'vitest';
import { expectationWords } from '../../src/plan/expectation-words.js';
import { loadPlaybooks } from '../../src/playbook/library.js';
import { commandExpectation, dnsExpectation, httpExpectation, type Step } from '../../src/playbook/schema.js';

/** A probe that expects this. */
function probe(tool: 'curl' | 'dig' | 'run', expectation: object, more: object = {}): Step {
  const subject = { curl: { url: 'http://web/' }, dig: { name: 'web' }, run: { run: ['true'] } }[tool];
  const where = { file: 'p.yaml', line: 1, column: 1 };
  return {
    kind: 'probe',
    probe: ['B01'],
    from: 'pod',
    where,
    tool,
    subject: { kind: tool, ...subject },
    expect: expectation,
    ...more,
  } as unknown as Step;
}

function said(step: Step, lang: 'en' | 'ja' = 'en'): string {
  return expectationWords(step)
    .map((each) => each[lang])
    .join(' ');
}

/** One value for each key that an expectation may have; a new key without one here fails the test below. */
const VALUES = {
  curl: {
    outcome: ['refused', 'timeout'],
    status: 200,
    spread: 'even',
    of: 'web',
    on: 'entry',
    answeredBy: ['web-0'],
    client: 'probe',
    forwardedFor: ['none'],
    host: 'web:8080',
    path: '/a',
    body: 'hello',
    json: { 'a.b': 1 },
    headers: { Server: { matches: 'nginx' } },
    location: 'https://web/',
    certificate: 'other',
    across: 'same',
    changes: 'none',
    urlsDiffer: true,
  },
  dig: {
    rcode: ['NXDOMAIN', 'NOERROR'],
    answers: ['10.96.0.1'],
    answersEach: { of: '${pods/app=web}', is: '${each.ip}' },
    includes: ['10.96.0.2'],
    first: 'all',
    types: ['CNAME', 'A'],
    flags: ['aa'],
    ttl: { max: 30 },
    additional: ['web. A 10.96.0.3'],
    authority: ['ns.dns'],
  },
  run: {
    exit: 1,
    contains: ['one'],
    matches: ['t.o'],
    lacks: ['three'],
    resolvConf: { nameserver: ['10.96.0.10'], searchStartsWith: ['a.svc'], options: ['ndots:5'] },
    routes: 'pod-network',
    rejects: { service: 'web' },
    rules: { service: 'db', are: 'endpoints', addresses: ['192.0.2.1'], nodePorts: true, sameEverywhere: true },
    variables: { of: ['kubernetes'], noneOf: ['late'] },
  },
} as const;

describe('what is expected, in words', () => {
  it.each([
    ['curl', httpExpectation],
    ['dig', dnsExpectation],
    ['run', commandExpectation],
  ] as const)('says every key of what %s may be expected to see, in both languages', (tool, schema) => {
    const values: Record<string, unknown> = VALUES[tool];
    expect(Object.keys(values).sort()).toEqual(Object.keys(schema.shape).sort());
    for (const key of Object.keys(values)) {
      const without = Object.fromEntries(Object.entries(values).filter(([each]) => each !== key));
      for (const lang of ['en', 'ja'] as const) {
        expect(said(probe(tool, without), lang), key).not.toBe(said(probe(tool, values), lang));
      }
    }
  });

  it('tells refused from silence, and what is no expectation at all from both', () => {
    expect(said(probe('curl', { outcome: ['refused'] }))).toBe('The connection is refused.');
    expect(said(probe('curl', { outcome: ['timeout'] }), 'ja')).toBe('時間切れまで応答がないはずです。');
    expect(said(probe('curl', {}))).toBe('An answer comes.');
    expect(said(probe('run', {}))).toBe('The command succeeds.');
  });

  it('names the pods that should answer', () => {
    expect(said(probe('curl', { spread: 'all', of: 'web' }))).toBe(
      'Each of the ready pods of web answers at least once.',
    );
    expect(said(probe('curl', { spread: 'even', of: 'web', on: 'probe' }), 'ja')).toBe(
      '準備済みの web のプローブのいるノードの Pod が、ほぼ同じ回数ずつ応答します。',
    );
  });

  it('leaves references for those who know them', () => {
    expect(said(probe('dig', { answers: ['${saved.before.vip}'] }))).toBe(
      'The answer is exactly: ${saved.before.vip}.',
    );
  });

  it('says how soon', () => {
    expect(said(probe('curl', { status: 200 }, { within: 2500 }))).toBe('HTTP status 200. All this within 2.5 s.');
  });

  it('has something to say about every step of the shipped playbooks, in both languages', async () => {
    for (const { name, steps } of await loadPlaybooks([])) {
      for (const [index, step] of steps.entries()) {
        const words = expectationWords(step);
        expect(words.length, `${name}/${index + 1}`).toBeGreaterThan(0);
        for (const { en, ja } of words) {
          expect(en, `${name}/${index + 1}`).toMatch(/\S/);
          expect(`${en}${ja}`, `${name}/${index + 1}`).not.toContain('undefined');
          expect(ja, `${name}/${index + 1}`).toMatch(/\S/);
        }
      }
    }
  });
});
