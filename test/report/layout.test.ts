import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { clamp, cut, cutFront, duration, harmless, padEnd, padStart, widthOf, wrap } from '../../src/report/layout.js';

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('Service', 'は', '自分の', 'アドレス', '、', '「', '」', ' ', 'を', '10.97.3.4', '持つ'))
    .map((all) => all.join('')),
);

describe('wrapping', () => {
  it('loses nothing but spaces at line ends, and never goes over the width', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 8, max: 40 }), (text, width) => {
        const lines = wrap(text, width);
        expect(lines.join('').replaceAll(/\s/gu, '')).toBe(text.replaceAll(/\s/gu, ''));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('breaks English at spaces only', () => {
    expect(wrap('curl http://sample-clusterip:8080/ and more', 30)).toEqual([
      'curl',
      'http://sample-clusterip:8080/',
      'and more',
    ]);
  });

  it('breaks Japanese between words, and never before closing or after opening punctuation', () => {
    expect(wrap('Service は自分のアドレスを持つ。「名前」も持つ。', 20)).toEqual([
      'Service は自分の',
      'アドレスを持つ。',
      '「名前」も持つ。',
    ]);
  });

  it('cuts what is too long, and says so', () => {
    expect(cut('sample-deployment', 8, '…')).toBe('sample-…');
    expect(cut('日本語です', 5, '…')).toBe('日本…');
    expect(cutFront('sample-deployment-2xk7p', 8, '…')).toBe('…t-2xk7p');
    expect(cut('short', 8, '…')).toBe('short');
    expect(clamp('one two three four five', 8, 2, '…')).toEqual(['one two', 'three f…']);
  });

  it('aligns wide characters by their columns', () => {
    expect([padEnd('合格', 6), padStart('合格', 6), padEnd('passed', 3)]).toEqual(['合格  ', '  合格', 'passed']);
  });

  it('makes foreign text harmless', () => {
    expect(harmless('a\u001b[31mred\u001b[0m\tb\r\nc\u0007\u0000\rd')).toBe('ared  b\nc\ufffd\ufffd\ufffdd');
  });

  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [4020, '4.02 s'],
    [9_996, '10.0 s'],
    [99_960, '1 min 40 s'],
    [187_000, '3 min 7 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
