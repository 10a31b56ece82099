import type { Language, Text } from '../text.js';
import { wrap } from './layout.js';
import { paint, signsOf, type Role, type Screen, type Signs } from './style.js';
import { WORDS, type Words } from './words.js';

/** A screen and a language, with what follows from them: all that a function from state to lines needs. */
export interface View {
  readonly screen: Screen;
  readonly words: Words;
  readonly signs: Signs;
  readonly paint: (role: Role, text: string) => string;
  readonly say: (text: Text) => string;
}

export function viewOf(screen: Screen, lang: Language): View {
  return {
    screen,
    words: WORDS[lang],
    signs: signsOf(screen),
    paint: (role, text) => paint(screen, role, text),
    say: (text) => text[lang],
  };
}

/** Text wrapped to the screen; `first` begins the first line, and the others are indented to its width. */
export function hanging(view: View, first: string, firstWidth: number, text: string, role: Role = 'plain'): string[] {
  const lines = wrap(text, view.screen.columns - firstWidth);
  const indent = ' '.repeat(firstWidth);
  return lines.map((line, index) => ((index === 0 ? first : indent) + view.paint(role, line)).trimEnd());
}
