import { describe, expect, it } from 'vitest';
import { paint, screenOf } from '../../src/report/style.js';

const terminal = { isTTY: true, columns: 100 };

describe('the screen', () => {
  it.each([
    ['a terminal', terminal, {}, { columns: 100, color: true, unicode: true, tty: true }],
    ['a pipe', {}, {}, { columns: 80, color: false, unicode: true, tty: false }],
    ['a pipe with COLUMNS', {}, { COLUMNS: '132' }, { columns: 132 }],
    ['nonsense in COLUMNS', {}, { COLUMNS: 'wide' }, { columns: 80 }],
    ['a tiny terminal', { isTTY: true, columns: 20 }, {}, { columns: 60 }],
    ['a huge terminal', { isTTY: true, columns: 400 }, {}, { columns: 140 }],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, { color: false, tty: true }],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, { color: true }],
    ['NO_COLOR against FORCE_COLOR', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, { color: false }],
    ['FORCE_COLOR in a pipe', {}, { FORCE_COLOR: '1' }, { color: true, tty: false }],
    ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, { color: false }],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, { color: false, tty: false }],
    ['LANG=ja_JP.UTF-8', {}, { LANG: 'ja_JP.UTF-8' }, { unicode: true }],
    ['LANG=C.utf8', {}, { LANG: 'C.utf8' }, { unicode: true }],
    ['LANG=C', {}, { LANG: 'C' }, { unicode: false }],
    ['LC_ALL before LANG', {}, { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, { unicode: false }],
    ['LC_CTYPE before LANG', {}, { LC_CTYPE: 'ja_JP.eucJP', LANG: 'en_US.UTF-8' }, { unicode: false }],
    ['an empty LC_ALL', {}, { LC_ALL: '', LANG: 'en_US.UTF-8' }, { unicode: true }],
  ])('of %s', (_name, stdout, env, expected) => {
    expect(screenOf(stdout, env)).toMatchObject(expected);
  });

  it('colours by the screen alone, whatever the stream of this process is', () => {
    expect(paint({ color: true }, 'failed', 'x')).toBe('\u001b[1m\u001b[31mx\u001b[39m\u001b[22m');
    expect(paint({ color: false }, 'failed', 'x')).toBe('x');
    expect(paint({ color: true }, 'plain', 'x')).toBe('x');
  });
});
