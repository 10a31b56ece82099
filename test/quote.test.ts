import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote } from '../src/quote.js';

/** What a real shell makes of the line: the words that a program would get. */
function words(line: string): string[] {
  const output = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      "'",
      '"',
      '\\',
      '$',
      '`',
      '(',
      ')',
      '\n',
      '\r',
      '\t',
      ' ',
      '!',
      '*',
      '~',
      '#',
      '&',
      ';',
      'a',
      '=',
      'é',
      '日',
    ),
  }),
  fc.constantFrom(
    '',
    '-n',
    '$(id)',
    '`id`',
    '${HOME}',
    "'; rm x; '",
    '~',
    '*',
    'a=b',
    '=ls',
    'app=sample-app,b%c',
    '\\',
    '!!',
    '#x',
    '%1',
    '--',
  ),
);
const word = hostile.filter((text) => !text.includes('\0'));

describe('quote', () => {
  it('brings every word through a real shell unchanged', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (argv) => {
        expect(words(quote(argv))).toEqual(argv);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps a first word from being grammar: an assignment, a keyword, a job', () => {
    for (const first of ['PATH=/nowhere', 'if', 'time', '!', '{', '%1', '~']) {
      const line = `${quote([first, 'x'])} || echo "not found: $?"`;
      const output = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      expect(output).toBe('not found: 127\n');
    }
  });

  it('leaves ordinary commands readable', () => {
    expect(quote(['/usr/bin/curl', '-sS', 'http://10.0.0.1:8080/', 'a b'])).toBe(
      "/usr/bin/curl -sS http://10.0.0.1:8080/ 'a b'",
    );
  });

  it('refuses a NUL and an empty command', () => {
    expect(() => quote(['a', 'b\0c'])).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }) as Error);
    expect(() => quote([])).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }) as Error);
  });
});
