/** One key, whatever terminal it came from. */
export interface KeyPress {
  /** `up`, `enter`, `ctrl-c`, or the character itself. */
  readonly name: string;
  /** What it types; empty for keys that type nothing. */
  readonly text: string;
}

/** The flags of ink's `useInput`, as far as they are looked at. */
export interface InkKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageDown: boolean;
  readonly pageUp: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly tab: boolean;
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
}

const SPECIAL: readonly (readonly [keyof InkKey, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageDown', 'pagedown'],
  ['pageUp', 'pageup'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  // What terminals send for Backspace (DEL, 0x7f) is "delete" to ink.
  ['delete', 'backspace'],
];

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Keys behind one call of ink: fast typing and pasting arrive as one piece, and no press of it may be lost. */
export function keyPresses(input: string, key: InkKey): KeyPress[] {
  if (key.tab) return [{ name: key.shift ? 'shift-tab' : 'tab', text: '' }];
  const special = SPECIAL.find(([flag]) => key[flag]);
  if (special !== undefined) return [{ name: special[1], text: '' }];
  if (key.ctrl && input.length === 1) return [{ name: `ctrl-${input}`, text: '' }];
  return [...graphemes.segment(input)].map(({ segment }) => typed(segment));
}

function typed(character: string): KeyPress {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\r' || character === '\n' || character === '\r\n') return { name: 'enter', text: '' };
  if (character === '\t') return { name: 'tab', text: '' };
  if (code === 0x1b) return { name: 'esc', text: '' };
  if (code === 0x7f || code === 0x08) return { name: 'backspace', text: '' };
  if (code < 0x20) return { name: `ctrl-${String.fromCharCode(code + 0x60)}`, text: '' };
  return { name: character === ' ' ? 'space' : character, text: character };
}
