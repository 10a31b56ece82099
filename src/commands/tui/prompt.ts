import type { Prompt } from '../../ssh/prompt.js';
import type { Store } from '../../tui/store.js';
import { notAnswered } from '../prompt.js';

/** Questions of SSH and sudo, asked on the screen. */
export interface ScreenPrompt extends Prompt {
  /** What the person answered; undefined: nothing. */
  readonly answer: (id: number, value: string | undefined) => void;
}

/** One question at a time: the next waits until the one before has its answer. */
export function screenPrompt(store: Store): ScreenPrompt {
  const waiting = new Map<number, (value: string | undefined) => void>();
  let last: Promise<unknown> = Promise.resolve();
  let id = 0;
  const ask = (question: string, secret: boolean): Promise<string | undefined> => {
    const answered = last.then(
      () =>
        new Promise<string | undefined>((resolve) => {
          id += 1;
          waiting.set(id, resolve);
          store.dispatch({ type: 'ask', id, question, secret });
        }),
    );
    last = answered;
    return answered;
  };
  return {
    interactive: true,
    confirm: async (question) => /^y(es)?$/i.test(((await ask(`${question} (yes/no)`, false)) ?? '').trim()),
    secret: async (question) => {
      const value = await ask(question, true);
      if (value !== undefined) return value;
      throw notAnswered(question);
    },
    answer: (which, value) => {
      waiting.get(which)?.(value);
      waiting.delete(which);
    },
  };
}
