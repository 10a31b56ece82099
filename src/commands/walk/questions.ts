import type { Prompt } from '../../ssh/prompt.js';
import { notAnswered } from '../prompt.js';
import type { Keyboard } from './keyboard.js';

/** Where a question is put, and who answers it. */
export interface Asking {
  readonly surface: {
    /** A question, with what has been typed so far; undefined: it is answered. */
    question(text: string | undefined, typed: string): void;
    say(sentence: string): void;
  };
  readonly keyboard: Keyboard;
  /** Ends the waiting for an answer. */
  readonly signal: AbortSignal;
}

/** A question that one key answers: y, or n (also Esc and q). Other keys answer nothing. */
export async function askYesNo({ surface, keyboard, signal }: Asking, question: string): Promise<boolean> {
  surface.question(question, '');
  try {
    for (;;) {
      const { name } = await keyboard.next(signal);
      if (name === 'y' || name === 'Y') return true;
      if (name === 'n' || name === 'N' || name === 'esc' || name === 'q') return false;
    }
  } finally {
    surface.question(undefined, '');
  }
}

/**
 * A line that the person types; undefined: Esc.
 * @param shown what is seen of it; a secret is not shown as it is
 */
export async function askLine(
  { surface, keyboard, signal }: Asking,
  question: string,
  shown: (typed: string) => string = (typed) => typed,
): Promise<string | undefined> {
  let typed = '';
  try {
    for (;;) {
      surface.question(question, shown(typed));
      const { name, text } = await keyboard.next(signal);
      if (name === 'enter') return typed;
      if (name === 'esc') return undefined;
      if (name === 'backspace') typed = typed.replace(/\P{Mark}\p{Mark}*$/u, '');
      else typed += text;
    }
  } finally {
    surface.question(undefined, '');
  }
}

/**
 * What SSH and sudo ask in the middle of a walkthrough, asked where it is shown. Before that, nothing is shown yet and the
 * terminal is free.
 * @param asking undefined: the keyboard is not taken yet
 */
export function walkPrompt(terminal: Prompt, asking: () => Asking | undefined): Prompt {
  return {
    get interactive() {
      return asking() !== undefined || terminal.interactive;
    },
    confirm: async (question) => {
      const at = asking();
      if (at === undefined) return terminal.confirm(question);
      const lines = question.trim().split('\n');
      for (const line of lines.slice(0, -1)) at.surface.say(line);
      at.keyboard.discard();
      return /^y(es)?$/i.test(((await askLine(at, `${lines.at(-1) ?? ''} (yes/no)`)) ?? '').trim());
    },
    secret: async (question) => {
      const at = asking();
      if (at === undefined) return terminal.secret(question);
      // What was typed for something else is no password.
      at.keyboard.discard();
      const value = await askLine(at, question.trim(), (typed) => '*'.repeat(typed.length));
      if (value !== undefined) return value;
      throw notAnswered(question);
    },
  };
}
