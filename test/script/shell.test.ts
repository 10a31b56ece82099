import { quote, quoteWord } from '../../src/quote.js';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Placeholders, comment } from '../../src/script/shell.js';

/** Texts that mean something to a shell. */
const hostile = fc.oneof(
  fc.string().filter((text) => !text.includes('\0')),
  fc.constantFrom('', '$(id)', '`id`', "a'b", "''", '"', '\\', '\n', ';id', '$v', '${v}', '!x', '#', '~', '*'),
);

/** The words that a shell makes of a line. */
function wordsOf(line: string, values: readonly string[] = []): string[] {
  const script = `set -f; show() { printf '%s\\0' "$@"; }; v0=$1; v1=$2; show ${line}`;
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', values[0] ?? '', values[1] ?? ''], { encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}

describe('words of a script', () => {
  it('arrive exactly as they are', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(wordsOf(quoteWord(text))).toEqual([text]);
      }),
      { numRuns: 60 },
    );
  });

  it('have values put in wherever a place was left for them, and only there', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 3 }), hostile, hostile, (parts, first, second) => {
        const placeholders = new Placeholders();
        const marks = [placeholders.add('${v0}'), placeholders.add('${v1}')];
        const word = parts.map((part, index) => `${part}${marks[index % 2] ?? ''}`).join('');
        const filled = parts.map((part, index) => `${part}${[first, second][index % 2] ?? ''}`).join('');
        expect(wordsOf(placeholders.expand(quote(['x', word, 'y'])), [first, second])).toEqual(['x', filled, 'y']);
      }),
      { numRuns: 60 },
    );
  });

  it('have values put in for another shell too, when the values are plain', () => {
    const placeholders = new Placeholders();
    const url = `http://${placeholders.add('${v0}')}:80/?a=$x`;
    const inner = quote(['curl', '-s', url]);
    const line = placeholders.expand(quote(['sh', '-c', inner]));
    expect(wordsOf(line, ['10.96.0.1'])).toEqual(['sh', '-c', "curl -s 'http://10.96.0.1:80/?a=$x'"]);
  });

  it('take JSON values without the quotes of a text', () => {
    const placeholders = new Placeholders();
    const json = JSON.stringify({ port: placeholders.add('$v0', { json: true }), name: placeholders.add('$v1') });
    expect(wordsOf(placeholders.expand(quoteWord(json)), ['80', 'web'])).toEqual(['{"port":80,"name":"web"}']);
  });
});

describe('a comment', () => {
  it('cannot be left, whatever the text holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const lines = comment(text)
          .join('\n')
          .split(/[\n\r]/);
        expect(lines.every((line) => line.startsWith('#'))).toBe(true);
      }),
    );
    expect(comment('one\r\ntwo\u2028three\0')).toEqual(['# one', '# two', '# three\ufffd']);
  });
});
