import type { EventBody } from '../event/event.js';

type Emit = (event: EventBody) => void;

/**
 * Lets several pieces of work run side by side and tells of them one after the other: the first one's events go straight
 * through, those of the next are held back until it is its turn. A reader of the stream never sees steps interleaved.
 */
export class Turnstile {
  readonly #held = new Map<number, EventBody[]>();
  #turn = 0;

  constructor(private readonly emit: Emit) {}

  /** The outlet of piece `index`, counted from 0. It is closed when the piece is done: work that an abort overtook is not heard. */
  outlet(index: number): Emit {
    return (event) => {
      if (this.#finished.has(index)) return;
      if (index === this.#turn) this.emit(event);
      else this.#held.set(index, [...(this.#held.get(index) ?? []), event]);
    };
  }

  /** Piece `index` has told everything. Pieces may finish in any order. */
  done(index: number): void {
    this.#finished.add(index);
    while (this.#finished.has(this.#turn)) {
      this.#turn += 1;
      for (const event of this.#held.get(this.#turn) ?? []) this.emit(event);
      this.#held.delete(this.#turn);
    }
  }

  readonly #finished = new Set<number>();
}
