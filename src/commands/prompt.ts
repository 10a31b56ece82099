import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { PilabError } from '../errors.js';
import type { Pausable } from '../report/pausable.js';
import type { Prompt } from '../ssh/prompt.js';

/**
 * The person at the terminal. Asks on standard error, so that standard output stays a clean stream of results. Without a
 * terminal nothing is confirmed, and a secret is refused with what to do instead.
 */
export function terminalPrompt(): Prompt {
  const terminal = process.stdin.isTTY && process.stderr.isTTY;
  return {
    interactive: terminal,
    confirm: async (question) => terminal && /^y(es)?$/i.test((await ask(`${question} (yes/no) `, false)).trim()),
    secret: (question) => {
      if (!terminal) {
        return Promise.reject(
          new PilabError({
            code: 'NO_TERMINAL',
            message: `cannot ask "${question.trim()}": no terminal`,
            hint: 'use an SSH agent or a key without passphrase; for sudo, "sudo: { env: NAME }" in the lab file',
          }),
        );
      }
      return ask(question, true);
    },
  };
}

/** Somebody was asked, and gave no answer: nothing may be tried in its place. */
export function notAnswered(question: string): PilabError {
  return new PilabError({ code: 'NO_ANSWER', message: `not answered: ${question.trim()}`, exitCode: 3 });
}

/** Asks while a display on the same terminal is held, so that nothing is written over the question. */
export function askingAside(prompt: Prompt, display: Pausable): Prompt {
  const aside = async <T>(ask: () => Promise<T>): Promise<T> => {
    display.pause();
    try {
      return await ask();
    } finally {
      display.resume();
    }
  };
  return {
    interactive: prompt.interactive,
    confirm: (question) => aside(() => prompt.confirm(question)),
    secret: (question) => aside(() => prompt.secret(question)),
  };
}

async function ask(question: string, hidden: boolean): Promise<string> {
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: hidden ? muted : process.stderr, terminal: true });
  try {
    if (hidden) process.stderr.write(question);
    const answer = await reader.question(hidden ? '' : question);
    if (hidden) process.stderr.write('\n');
    return answer;
  } finally {
    reader.close();
  }
}
