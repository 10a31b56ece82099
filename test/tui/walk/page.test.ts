import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/report/layout.js';
import { text } from '../../../src/text.js';
import { keepEvent } from '../../../src/tui/keep.js';
import { newRun } from '../../../src/tui/state.js';
import { bodyLines, bodyRows, pageLines, startOf, type WalkPage } from '../../../src/tui/walk/page.js';
import { sampleRun } from '../../event/sample.js';

const events = sampleRun();
const whole = events.filter(({ type }) => type !== 'run-finished').reduce(keepEvent, newRun('live'));
const steps = whole.state.playbooks[0]?.steps ?? [];

/** The page at a step of the sample run. */
function page(number: number, parts: Partial<WalkPage> = {}): WalkPage {
  const { info, verdict } = steps[number - 1]!;
  return {
    lang: 'en',
    look: { color: false, unicode: true },
    size: { columns: 80, rows: 24 },
    name: 'clusterip',
    title: text('ClusterIP: one address, many pods', 'ClusterIP: 1つのアドレスの先に、たくさんのPod'),
    total: steps.length,
    run: whole,
    at: {
      number,
      info,
      command: 'kubectl get pods',
      expects: [text('It answers.', '応答があるはずです。')],
      notes: text('Ask first.', '先に尋ねる。'),
      verdict,
      again: true,
      changedBy: undefined,
    },
    told: false,
    notes: false,
    help: false,
    said: [],
    hint: `${number}/${steps.length}`,
    question: undefined,
    scroll: undefined,
    ...parts,
  };
}

describe('a page of a walkthrough', () => {
  it('keeps what to expect and what was seen until the step is told, and notes until they are wanted', () => {
    const before = bodyLines(page(4)).join('\n');
    expect(before).toContain('$ kubectl get pods');
    expect(before).not.toContain('It answers.');
    expect(before).not.toContain('passed');
    expect(before).not.toContain('Ask first.');
    const after = bodyLines(page(4, { told: true, notes: true })).join('\n');
    expect(after.indexOf('It answers.')).toBeGreaterThan(after.indexOf('$ kubectl get pods'));
    expect(after.indexOf('passed')).toBeGreaterThan(after.indexOf('It answers.'));
    expect(after).toContain('Ask first.');
  });

  it('fills the screen exactly, in both languages, with and without colour, however narrow', () => {
    for (const columns of [60, 80, 120]) {
      for (const rows of [8, 24, 50]) {
        for (const lang of ['en', 'ja'] as const) {
          for (const color of [true, false]) {
            for (let number = 1; number <= steps.length; number++) {
              const look = { color, unicode: true };
              const lines = pageLines(page(number, { lang, look, size: { columns, rows }, told: true }));
              expect(lines).toHaveLength(rows);
              for (const line of lines)
                expect(widthOf(stripVTControlCharacters(line)), line).toBeLessThanOrEqual(columns);
            }
          }
        }
      }
    }
  });

  it('says when the terminal is too small', () => {
    expect(pageLines(page(1, { size: { columns: 30, rows: 5 } }))).toEqual(['This terminal is too small: 30']);
  });

  it('shows the start of a step that is to come, what to expect once it is told, and scrolls no farther', () => {
    const long = page(6, { told: true, size: { columns: 80, rows: 12 } });
    const count = bodyLines(long).length;
    expect(count).toBeGreaterThan(bodyRows(long));
    expect(startOf(page(6, { size: long.size }), count)).toBe(0);
    expect(bodyLines(long)[startOf(long, count) + 1]).toBe('  expect  It answers.');
    expect(startOf({ ...long, scroll: 1_000_000 }, count)).toBe(count - bodyRows(long));
    expect(startOf({ ...long, scroll: -5 }, count)).toBe(0);
  });

  it('asks on the last line, so that what is typed stays in sight', () => {
    const asked = page(1, { question: { text: 'x'.repeat(200), typed: 'thousand' }, size: { columns: 60, rows: 24 } });
    expect(pageLines(asked).at(-1)).toMatch(/x… thousand$/);
  });
});
