import { padEnd } from '../report/layout.js';
import { hanging, viewOf, type View } from '../report/view.js';
import type { Role } from '../report/style.js';
import type { TuiState } from './state.js';
import { TUI_WORDS, type TuiWords } from './words.js';

/** A view as wide as a pane, with the words of the terminal UI. */
export interface Pane extends View {
  readonly tui: TuiWords;
}

export function paneOf({ look, lang }: Pick<TuiState, 'look' | 'lang'>, columns: number): Pane {
  return { ...viewOf({ ...look, columns, tty: true }, lang), tui: TUI_WORDS[lang] };
}

/** A headline inside a pane, with an empty line before it. */
export function section(pane: Pane, title: string): string[] {
  return ['', ...hanging(pane, '', 0, title, 'heading')];
}

/** `name   text`, the text hanging behind the widest of the names. */
export function field(pane: Pane, width: number, name: string, text: string, role: Role = 'plain'): string[] {
  return hanging(pane, pane.paint('quiet', padEnd(name, width)), width, text, role);
}
