import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../src/event/event.js';
import { Turnstile } from '../../src/run/turnstile.js';

function warning(message: string): EventBody {
  return { type: 'warning', message };
}

function listen(): { turnstile: Turnstile; heard: string[] } {
  const heard: string[] = [];
  const turnstile = new Turnstile((event) => heard.push(event.type === 'warning' ? event.message : event.type));
  return { turnstile, heard };
}

describe('a turnstile', () => {
  it('lets the first piece speak at once and holds the others back', () => {
    const { turnstile, heard } = listen();
    turnstile.outlet(1)(warning('b1'));
    turnstile.outlet(0)(warning('a1'));
    expect(heard).toEqual(['a1']);
    turnstile.done(0);
    expect(heard).toEqual(['a1', 'b1']);
    turnstile.outlet(1)(warning('b2'));
    expect(heard).toEqual(['a1', 'b1', 'b2']);
  });

  it('does not hear a piece that has ended', () => {
    const { turnstile, heard } = listen();
    turnstile.outlet(1)(warning('b1'));
    turnstile.done(1);
    turnstile.outlet(1)(warning('late'));
    turnstile.done(0);
    turnstile.outlet(0)(warning('late'));
    expect(heard).toEqual(['b1']);
  });

  it('never interleaves pieces, loses nothing and keeps each one’s order, whoever speaks or ends first', () => {
    const script = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 }).chain((lengths) =>
      fc.tuple(
        fc.constant(lengths),
        // Every piece says its events and then ends; the order between pieces is anything.
        fc.shuffledSubarray(
          lengths.flatMap((length, piece) => Array.from({ length: length + 1 }, (_, n) => ({ piece, n }))),
          { minLength: lengths.reduce((sum, length) => sum + length + 1, 0) },
        ),
      ),
    );
    fc.assert(
      fc.property(script, ([lengths, order]) => {
        const { turnstile, heard } = listen();
        const said = lengths.map(() => 0);
        for (const { piece } of order) {
          const n = said[piece] ?? 0;
          said[piece] = n + 1;
          if (n < (lengths[piece] ?? 0)) turnstile.outlet(piece)(warning(`${piece}.${n}`));
          else turnstile.done(piece);
        }
        const wanted = lengths.flatMap((length, piece) => Array.from({ length }, (_, n) => `${piece}.${n}`));
        expect(heard).toEqual(wanted);
      }),
    );
  });
});
