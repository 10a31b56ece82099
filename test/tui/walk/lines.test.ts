import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/report/layout.js';
import { viewOf } from '../../../src/report/view.js';
import { keyPress } from '../../../src/commands/walk/keyboard.js';
import { WALK_BINDINGS, walkCommandOf } from '../../../src/tui/walk/keys.js';
import type { Stop } from '../../../src/event/stop.js';
import { findStep } from '../../../src/tui/walk/find-step.js';
import {
  changedLines,
  endIntro,
  expectLines,
  helpLines,
  hintLine,
  noteLines,
  stepIntro,
  type WalkView,
} from '../../../src/tui/walk/lines.js';
import { text, type Language } from '../../../src/text.js';

function view(lang: Language, columns = 80, unicode = true): WalkView {
  return { ...viewOf({ columns, unicode, color: false, tty: true }, lang), lang };
}

const info = {
  id: 'clusterip/4',
  kind: 'check',
  title: text('The Service has an address of its own', 'Service は自分のアドレスを持つ'),
  say: text('Nobody lists the members.', 'メンバーを書き並べる人はいません。セレクタに合う Pod が自動で加わります。'),
  claims: ['B01'],
  from: 'api',
  command: '',
  where: 'clusterip.yaml:20',
};
const step: Stop = {
  number: 4,
  info,
  command: 'kubectl get service/sample-clusterip -o custom-columns=NAME:.metadata.name,IP:.spec.clusterIP',
  expects: [text('spec.type = "ClusterIP"', 'spec.type = "ClusterIP"'), text('It answers.', '応答があるはずです。')],
  notes: text('Ask first.', '先に尋ねる。'),
  verdict: undefined,
  again: false,
  changedBy: { ...info, id: 'clusterip/9', title: text('Scale to zero', 'レプリカ数を0にする') },
};

describe('a step of a walkthrough', () => {
  it('is told in order: number and claim, title, narration, command', () => {
    expect(stepIntro(view('en'), step, 32)).toMatchInlineSnapshot(`
      [
        "",
        "── 4/32 ───────────────────────────────────────────────────────────────── B01 ──",
        "The Service has an address of its own",
        "  Nobody lists the members.",
        "  $ kubectl get service/sample-clusterip -o",
        "      custom-columns=NAME:.metadata.name,IP:.spec.clusterIP",
      ]
    `);
    expect(expectLines(view('ja'), step)).toEqual(['  予想  spec.type = "ClusterIP"', '        応答があるはずです。']);
    expect(noteLines(view('en'), step)).toEqual(['  notes  Ask first.']);
    expect(changedLines(view('en'), step)[0]).toContain('step 9 (Scale to zero)');
  });

  it.each([40, 60, 80, 120])('fits into %d columns in both languages', (columns) => {
    for (const lang of ['en', 'ja'] as const) {
      const it = view(lang, columns);
      const lines = [
        ...stepIntro(it, step, 32),
        ...expectLines(it, step),
        ...noteLines(it, step),
        ...changedLines(it, step),
        ...endIntro(it),
        ...helpLines(it, true),
        hintLine(it, '4/32', { columns }),
      ];
      for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    }
  });

  it('has only ASCII signs where there is no Unicode', () => {
    const lines = stepIntro(view('en', 80, false), step, 32);
    expect(lines.join('')).toMatch(/^[\u0020-\u007e]+$/);
  });
});

describe('the keys of a walkthrough', () => {
  it('mean one thing each, and all of them are in the help', () => {
    const keys = WALK_BINDINGS.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(helpLines(view('en'), true)).toHaveLength(WALK_BINDINGS.length);
  });

  it.each([
    ['\r', { name: 'return' }, 'next'],
    [' ', { name: 'space' }, 'next'],
    [undefined, { name: 'right' }, 'next'],
    [undefined, { name: 'left' }, 'back'],
    ['b', { name: 'b' }, 'back'],
    ['?', {}, 'help'],
    ['\u001b', { name: 'escape' }, 'quit'],
    ['あ', {}, undefined],
  ] as const)('%j is %j: %s', (typed, pressed, command) => {
    expect(walkCommandOf(keyPress(typed, pressed))).toBe(command);
  });
});

describe('jumping', () => {
  const steps = ['Apply it', 'The address answers', 'Scale', 'The address refuses'].map((en, index) => ({
    ...info,
    id: `p/${index + 1}`,
    title: text(en, `手順${index + 1}`),
    claims: [`B0${index + 1}`],
  }));

  it.each([
    ['3', 3],
    [' 4 ', 4],
    ['0', undefined],
    ['5', undefined],
    ['', undefined],
    ['scale', 3],
    ['手順4', 4],
    ['b02', 2],
    ['nothing', undefined],
  ])('to %j finds %j', (query, number) => {
    expect(findStep(steps, query, 0)).toBe(number);
  });

  it('finds the next one from where one is, and then from the start', () => {
    expect(findStep(steps, 'address', 2)).toBe(4);
    expect(findStep(steps, 'address', 4)).toBe(2);
  });
});
