import { describe, expect, it } from 'vitest';
import { walkPrompt } from '../../../src/commands/walk/questions.js';
import type { Prompt } from '../../../src/ssh/prompt.js';
import type { KeyPress } from '../../../src/tui/key-press.js';

/** A walkthrough whose presenter presses these keys, and has pressed `before` while a step ran. */
function asked(keys: readonly string[], before: readonly string[] = []) {
  let pressed = [...before];
  const left = [...keys];
  const shown: string[] = [];
  const keyboard = {
    discard: () => void (pressed = []),
    close: () => undefined,
    next: (signal: AbortSignal): Promise<KeyPress> => {
      signal.throwIfAborted();
      const name = pressed.shift() ?? left.shift() ?? 'enter';
      return Promise.resolve({ name, text: name.length === 1 ? name : '' });
    },
  };
  const surface = {
    question: (text: string | undefined, typed: string) =>
      void shown.push(text === undefined ? '-' : `${text} ${typed}`),
    say: (sentence: string) => void shown.push(sentence),
  };
  const terminal: Prompt = {
    interactive: false,
    confirm: () => Promise.resolve(false),
    secret: () => Promise.resolve('from the terminal'),
  };
  const end = new AbortController();
  const prompt = walkPrompt(terminal, () => ({ surface, keyboard, signal: end.signal }));
  return { prompt, terminal, shown, end };
}

describe('what SSH asks in the middle of a walkthrough', () => {
  it('is asked where it is shown, a secret as stars, without what was typed before', async () => {
    const { prompt, shown } = asked(['p', 'x', 'backspace', 'w', 'enter'], ['j', 'j']);
    expect(prompt.interactive).toBe(true);
    expect(await prompt.secret('sudo password for the lab: ')).toBe('pw');
    expect(shown).toContain('sudo password for the lab: **');
    expect(shown.at(-1)).toBe('-');
    expect(shown.join('')).not.toContain('pw');
  });

  it('says what comes before a question of several lines, and takes only a yes for a yes', async () => {
    const question = 'The host raspi001 is new.\nSHA256:abc\nTrust it?';
    const { prompt, shown } = asked(['y', 'e', 's', 'enter']);
    expect(await prompt.confirm(question)).toBe(true);
    expect(shown.slice(0, 3)).toEqual(['The host raspi001 is new.', 'SHA256:abc', 'Trust it? (yes/no) ']);
    expect(await asked(['n', 'enter']).prompt.confirm(question)).toBe(false);
    expect(await asked(['esc']).prompt.confirm(question)).toBe(false);
  });

  it('is not asked any longer when the walkthrough is interrupted', async () => {
    const { prompt, end, shown } = asked(['x']);
    end.abort(new Error('interrupted'));
    await expect(prompt.secret('sudo password: ')).rejects.toThrow('interrupted');
    expect(shown.at(-1)).toBe('-');
  });

  it('tries nothing in place of a secret that is not given', async () => {
    const { prompt } = asked(['x', 'esc']);
    await expect(prompt.secret('sudo password: ')).rejects.toMatchObject({ code: 'NO_ANSWER' });
  });

  it('is asked in the terminal as usual before the first step is shown', async () => {
    const { terminal } = asked([]);
    const early = walkPrompt(terminal, () => undefined);
    expect(early.interactive).toBe(false);
    expect(await early.secret('Passphrase: ')).toBe('from the terminal');
  });
});
