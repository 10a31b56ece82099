import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sideBySide, type Locked } from '../../src/run/side-by-side.js';

interface Piece extends Locked {
  readonly name: string;
  /** Turns of the event loop until its slot is free, and from there to its end. */
  readonly turns: readonly [work: number, cleanUp: number];
}

const always = (): boolean => true;

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function piece(name: string, locks: readonly string[] = [], work = 3, cleanUp = 0): Piece {
  return { name, locks, turns: [work, cleanUp] };
}

/** `+a` when a piece starts, `/a` when it frees its slot, `-a` when it ends. */
async function told(
  pieces: readonly Piece[],
  slots: number,
  open: (log: string[]) => boolean = always,
): Promise<string[]> {
  const log: string[] = [];
  await sideBySide(pieces, { slots, open: () => open(log) }, async ({ name, turns: [work, cleanUp] }, freeSlot) => {
    log.push(`+${name}`);
    await turns(work);
    log.push(`/${name}`);
    freeSlot();
    await turns(cleanUp);
    log.push(`-${name}`);
  });
  return log;
}

const starts = (log: readonly string[]): string[] => log.filter((each) => each.startsWith('+'));

describe('work side by side', () => {
  it('starts as many as there are slots, in their order, and the next as soon as one is free', async () => {
    const log = await told([piece('a', [], 5), piece('b', [], 1), piece('c', [], 1)], 2);
    expect(log.filter((each) => !each.startsWith('-'))).toEqual(['+a', '+b', '/b', '+c', '/c', '/a']);
  });

  it('frees a slot before the end, and a lock only at the end', async () => {
    const log = await told([piece('a', ['port'], 1, 9), piece('b', ['port']), piece('c')], 1);
    expect(log).toEqual(['+a', '/a', '+c', '/c', '-c', '-a', '+b', '/b', '-b']);
  });

  it('lets a later piece overtake one that waits for a lock', async () => {
    const log = await told([piece('a', ['port'], 9), piece('b', ['port']), piece('c', [], 1)], 2);
    expect(starts(log)).toEqual(['+a', '+c', '+b']);
  });

  it('starts nothing more once it is closed, and waits for what runs', async () => {
    const log = await told([piece('a'), piece('b', [], 9), piece('c')], 2, (said) => !said.includes('/a'));
    expect(log).toEqual(['+a', '+b', '/a', '-a', '/b', '-b']);
  });

  it('throws what a piece threw, but only when all that runs is over, and starts nothing more', async () => {
    const log: string[] = [];
    const work = sideBySide([piece('a'), piece('b', [], 9), piece('c')], { slots: 2, open: always }, async (each) => {
      await turns(each.turns[0]);
      log.push(each.name);
      if (each.name === 'a') throw new Error('a broke');
    });
    await expect(work).rejects.toThrow('a broke');
    expect(log).toEqual(['a', 'b']);
  });

  it('ends, does every piece once, keeps to its slots, and never two with one lock, whatever they need', async () => {
    const somePiece = fc.record({
      locks: fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
      turns: fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })),
    });
    const some = fc.array(somePiece, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(some, fc.integer({ min: 1, max: 4 }), async (drafts, slots) => {
        const pieces = drafts.map((draft, index) => ({ ...draft, name: String(index) }));
        const log = await told(pieces, slots);
        expect(starts(log).sort()).toEqual(pieces.map(({ name }) => `+${name}`).sort());
        const busy = new Set<string>();
        const alive = new Set<string>();
        for (const each of log) {
          const name = each.slice(1);
          if (each.startsWith('+')) {
            busy.add(name);
            alive.add(name);
          }
          if (each.startsWith('/')) busy.delete(name);
          if (each.startsWith('-')) alive.delete(name);
          const held = [...alive].flatMap((one) => pieces[Number(one)]?.locks ?? []);
          expect(new Set(held).size).toBe(held.length);
          expect(busy.size).toBeLessThanOrEqual(slots);
        }
      }),
    );
  });
});
