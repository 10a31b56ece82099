import { setTimeout as sleep } from 'node:timers/promises';
import type { StepInfo } from '../../event/event.js';
import type { PilabError } from '../../errors.js';
import type { Kept } from '../../run/kept.js';
import type { Stop } from '../../event/stop.js';
import type { Move, Presenter } from '../../run/walk-driver.js';
import type { KeyPress } from '../../tui/key-press.js';
import { walkCommandOf } from '../../tui/walk/keys.js';
import { findStep } from '../../tui/walk/find-step.js';
import type { WalkWords } from '../../tui/walk/words.js';
import type { Keyboard } from './keyboard.js';
import { askLine, askYesNo, type Asking } from './questions.js';

/** Where a walkthrough is shown: line by line, or on a whole screen. */
export interface Surface {
  /** A step, or the end. */
  show(stop: Stop | undefined): void;
  /** It is about to be run: what should be seen. */
  leave(stop: Stop): void;
  notes(stop: Stop): void;
  help(): void;
  /** One sentence for the presenter. */
  say(sentence: string): void;
  /** What can be pressed, at `4/64`; undefined: nothing now. */
  hint(where: string | undefined): void;
  /** A question, with what has been typed so far; undefined: it is answered. */
  question(text: string | undefined, typed: string): void;
  scroll(by: 1 | -1): void;
  /** One step fills it: what was seen stays until the presenter goes on. */
  readonly stays: boolean;
}

export interface PresenterOptions {
  readonly surface: Surface;
  /** Opened when first asked for; undefined: nobody can press anything. */
  readonly keyboard: () => Keyboard | undefined;
  /** Goes on by itself after so long; undefined: waits for a key. */
  readonly paceMs: number | undefined;
  readonly words: WalkWords;
  readonly steps: readonly StepInfo[];
  readonly namespaces: readonly string[];
  readonly keep: (kept: Kept) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A person at the keys, or a clock. */
export class KeyPresenter implements Presenter {
  constructor(private readonly options: PresenterOptions) {}

  readonly keep = (kept: Kept): Promise<void> => this.options.keep(kept);

  readonly refused = ({ message, hint }: PilabError): void => {
    this.options.surface.say(message);
    if (hint !== undefined) this.options.surface.say(hint);
  };

  readonly move = async (stop: Stop | undefined): Promise<Move> => {
    const { surface } = this.options;
    surface.show(stop);
    this.options.keyboard()?.discard();
    // Who has pressed a key wants to look for longer.
    let paceMs = this.options.paceMs;
    for (;;) {
      const key = await this.#key(stop, paceMs);
      if (key !== undefined) paceMs = undefined;
      const move = await this.#moveOf(stop, key);
      if (move === undefined) continue;
      const runs = move.kind === 'again' || (move.kind === 'next' && stop?.verdict === undefined);
      if (stop === undefined || !runs) return move;
      surface.leave(stop);
      return surface.stays ? { kind: 'run' } : move;
    }
  };

  async #moveOf(stop: Stop | undefined, key: KeyPress | undefined): Promise<Move | undefined> {
    const { surface, words, steps, namespaces } = this.options;
    const number = stop?.number ?? steps.length + 1;
    switch (key === undefined ? 'next' : walkCommandOf(key)) {
      case 'next':
        return { kind: 'next' };
      case 'back':
        if (number > 1) return { kind: 'to', number: number - 1 };
        surface.say(words.first);
        return undefined;
      case 'again':
        if (stop?.again === true) return { kind: 'again' };
        if (stop?.verdict === undefined) return stop === undefined ? undefined : { kind: 'next' };
        surface.say(words.notAgain);
        return undefined;
      case 'jump':
        return this.#jump(number);
      case 'notes':
        if (stop !== undefined) surface.notes(stop);
        return undefined;
      case 'help':
        surface.help();
        return undefined;
      case 'keep':
        return (await this.#confirm(words.keep(namespaces.join(', ')))) ? { kind: 'keep' } : undefined;
      case 'quit':
        return (await this.#confirm(words.quit(namespaces.join(', ')))) ? { kind: 'quit' } : undefined;
      case 'page-up':
        surface.scroll(-1);
        return undefined;
      case 'page-down':
        surface.scroll(1);
        return undefined;
      case undefined:
        return undefined;
    }
  }

  /** undefined: the time is up. */
  async #key(stop: Stop | undefined, paceMs: number | undefined): Promise<KeyPress | undefined> {
    const { surface, words, steps, signal } = this.options;
    const keyboard = this.options.keyboard();
    if (keyboard === undefined) {
      await sleep(paceMs ?? 0, undefined, { signal });
      return undefined;
    }
    surface.hint(stop === undefined ? words.end : `${stop.number}/${steps.length}`);
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const key = keyboard.next(either);
    try {
      if (paceMs === undefined) return await key;
      return await Promise.race([key, sleep(paceMs, undefined, { signal: either })]);
    } finally {
      surface.hint(undefined);
      over.abort();
      key.catch(() => undefined);
    }
  }

  async #jump(from: number): Promise<Move | undefined> {
    const { surface, words, steps } = this.options;
    const asking = this.#asking();
    const query = asking === undefined ? undefined : await askLine(asking, `${words.jumpTo}:`);
    if (query === undefined || query.trim() === '') return undefined;
    const number = findStep(steps, query, from % steps.length);
    if (number !== undefined) return { kind: 'to', number };
    surface.say(words.notFound(query.trim()));
    return undefined;
  }

  async #confirm(question: string): Promise<boolean> {
    const { words } = this.options;
    const asking = this.#asking();
    return asking !== undefined && askYesNo(asking, `${question} (${words.yesNo})`);
  }

  /** undefined: nobody is there. */
  #asking(): Asking | undefined {
    const { surface, signal } = this.options;
    const keyboard = this.options.keyboard();
    return keyboard === undefined ? undefined : { surface, keyboard, signal };
  }
}
