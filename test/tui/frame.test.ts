import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/report/layout.js';
import { frameLines } from '../../src/tui/frame.js';
import { linearLines } from '../../src/tui/linear.js';
import type { TuiState } from '../../src/tui/state.js';
import { sampleRun } from '../event/sample.js';
import { after, lab, presses, running, shown } from './world.js';

const SIZES = [
  [40, 24],
  [80, 24],
  [120, 40],
  [200, 60],
  [40, 10],
] as const;
/** In the middle of the even spread, before its verdict. */
const MIDDLE = sampleRun().filter(({ ms }) => ms <= 1571);

const STATES: readonly (readonly [name: string, make: (parts: Partial<TuiState>) => TuiState])[] = [
  [
    'nothing known yet',
    (parts) => lab({ hosts: [], playbooks: undefined, records: undefined, facts: undefined, ...parts }),
  ],
  ['playbooks', lab],
  ['hosts', (parts) => lab({ place: 'hosts', ...parts })],
  [
    'a host in trouble',
    (parts) => lab({ place: 'hosts', cursor: { hosts: 2, playbooks: 0, run: 0 }, zoom: true, ...parts }),
  ],
  ['a run that goes on', (parts) => running(MIDDLE, parts)],
  [
    'a failed step',
    (parts) => ({ ...running(undefined, parts), cursor: { hosts: 0, playbooks: 0, run: 6 }, zoom: true }),
  ],
  [
    'a run that is over',
    (parts) => ({ ...running(undefined, parts), cursor: { hosts: 0, playbooks: 0, run: 0 }, zoom: true }),
  ],
  ['help', (parts) => after(lab(parts), presses('?')).state],
  ['earlier runs', (parts) => after(lab(parts), presses('o')).state],
  ['a question', (parts) => after(running(MIDDLE, parts), presses('s')).state],
  ['a filter', (parts) => after(running(undefined, parts), presses('/', 'a', 'd')).state],
  [
    'no lab',
    (parts) =>
      lab({ labTrouble: { message: 'lab.yaml: there is no such file '.repeat(6), hint: 'write one' }, ...parts }),
  ],
];

describe('a frame', () => {
  it.each(STATES)('fits terminals of every size, in both languages, with and without colour: %s', (_, make) => {
    for (const [columns, rows] of SIZES) {
      for (const lang of ['en', 'ja'] as const) {
        for (const look of [
          { color: true, unicode: true },
          { color: false, unicode: true },
          { color: false, unicode: false },
        ]) {
          const lines = frameLines(make({ lang, look, size: { columns, rows } }));
          // The terminal's last row stays free.
          expect(lines.length).toBeLessThan(rows);
          for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
          if (!look.color) expect(lines.map(stripVTControlCharacters)).toEqual(lines);
        }
      }
    }
  });

  it.each(STATES)('says the same without colour: %s', (_, make) => {
    const plain = frameLines(make({ look: { color: false, unicode: true } }));
    const coloured = frameLines(make({ look: { color: true, unicode: true } }));
    expect(coloured.map(stripVTControlCharacters)).toEqual(plain);
  });

  it.each(STATES)('is ASCII where the locale is, but for texts of others: %s', (_, make) => {
    const text = shown(make({ look: { color: false, unicode: false } }));
    // eslint-disable-next-line no-control-regex -- the whole of ASCII is meant
    expect(text.replaceAll(/[’°]/g, '')).toMatch(/^[\u0000-\u007f]*$/);
  });

  it('keeps the lists apart from the main pane in the same column, also in Japanese', () => {
    for (const columns of [80, 120]) {
      const lines = frameLines(running(undefined, { lang: 'ja', size: { columns, rows: 30 } })).slice(1, -2);
      const at = new Set(lines.map((line) => widthOf(line.slice(0, line.indexOf('│')))));
      expect(at.size).toBe(1);
    }
  });

  it.each([
    [39, 24],
    [80, 9],
  ])('says so when the terminal is too small: %i x %i', (columns, rows) => {
    const lines = frameLines(lab({ size: { columns, rows } }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('This terminal is too small');
  });

  it('shows hosts with heat, power, load and the reason of one that is away', () => {
    const text = shown(lab({ place: 'hosts', zoom: true, size: { columns: 120, rows: 40 } }));
    expect(text).toMatch(/! {2}raspi002 {2}Ready +82\.1 °C +0\.42 +31 % +30 % +v1\.33\.6/);
    const away = shown(lab({ place: 'hosts', zoom: true, cursor: { hosts: 2, playbooks: 0, run: 0 } }));
    expect(away).toContain('raspi003: no route to host');
    expect(away).toContain('is it switched on?');
    const hot = shown(lab({ place: 'hosts', zoom: true, cursor: { hosts: 1, playbooks: 0, run: 0 } }));
    expect(hot).toMatch(/now: under-voltage, throttled\n.*since boot: under-voltage/);
  });

  it('shows when a playbook was last run, how that ended, and what the lab lacks', () => {
    const state = lab({ size: { columns: 120, rows: 40 } });
    expect(shown(state)).toMatch(/last run +✗ failed {2}2026-11-26/);
    expect(shown(state)).toMatch(/took +8\.02 s/);
    const second = after(state, presses('down')).state;
    expect(shown(second)).toContain('This lab lacks something: needs 9 ready nodes');
  });

  it('sets expected beside observed, and shows evidence and where to look', () => {
    const state = {
      ...running(undefined, { size: { columns: 120, rows: 60 } }),
      cursor: { hosts: 0, playbooks: 0, run: 7 },
      zoom: true,
    };
    const text = shown(state);
    expect(text).toMatch(/✗ outcome +refused +timeout: Connection timed out/);
    expect(text).toContain('look next');
    expect(text).toContain('$ curl -sS --connect-timeout 4');
  });

  it('does not call running what an interrupt has ended', () => {
    const state = running(sampleRun({ ending: 'interrupted' }), { size: { columns: 120, rows: 40 } });
    const over = { ...state, cursor: { hosts: 0, playbooks: 0, run: 0 } };
    expect(shown(over)).not.toMatch(/running|▸/);
    expect(shown(over)).toContain('! the run ended here');
    expect(shown(over).split('\n')[0]).toContain('! Interrupted');
  });

  it.each(['en', 'ja'] as const)('looks like this: %s', async (lang) => {
    const state = { ...running(MIDDLE, { lang, size: { columns: 80, rows: 24 } }) };
    await expect(`${shown(state)}\n`).toMatchFileSnapshot(`snapshots/run-${lang}-80.txt`);
    const over = running(undefined, { lang, size: { columns: 120, rows: 40 } });
    await expect(`${shown(over)}\n`).toMatchFileSnapshot(`snapshots/over-${lang}-120.txt`);
  });
});

describe('the linear text for screen readers', () => {
  it.each(STATES)('has no drawing and no colour: %s', (_, make) => {
    const text = linearLines(make({ look: { color: true, unicode: true } })).join('\n');
    expect(text).toBe(stripVTControlCharacters(text));
    expect(text).not.toMatch(/[│─█░▒▓▸]/);
  });

  it('says where one is and what is selected', () => {
    expect(linearLines(lab()).join('\n')).toContain('Playbooks: 1/2 clusterip, failed');
    expect(linearLines(running(MIDDLE)).join('\n')).toContain(
      'Run: 5/11 clusterip/4 A thousand requests spread evenly',
    );
  });
});
