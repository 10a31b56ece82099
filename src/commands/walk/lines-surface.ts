import type { Reporter, RunEvent } from '../../event/event.js';
import { initialState, reduce } from '../../event/state.js';
import { allHarmless, cut, widthOf } from '../../report/layout.js';
import { ERASE_LINE } from '../../report/live-line.js';
import { pausable, type Pausable } from '../../report/pausable.js';
import { plainReporter } from '../../report/plain.js';
import { stepLines } from '../../report/step-lines.js';
import { spelled, type Screen } from '../../report/style.js';
import { hanging, viewOf } from '../../report/view.js';
import type { Stop } from '../../event/stop.js';
import type { Language } from '../../text.js';
import {
  changedLines,
  endIntro,
  expectLines,
  helpLines,
  hintLine,
  noteLines,
  stepIntro,
  type WalkView,
} from '../../tui/walk/lines.js';
import type { Surface } from './presenter.js';

export interface LinesOptions {
  readonly screen: Screen;
  readonly lang: Language;
  readonly write: (text: string) => void;
  /** Steps in all. */
  readonly total: number;
  /** Notes are shown with each step. */
  readonly notes: boolean;
  /** Told before the first step. */
  readonly opening: readonly string[];
}

/** A walkthrough line by line: what was written stays, except for the line of hints on a terminal. */
export class LinesSurface implements Surface, Reporter {
  readonly stays = false;
  readonly #view: WalkView;
  readonly #plain: Pausable;
  #state = initialState();
  #begun = false;
  /** What is on the last line now, and what should be. */
  #line = '';
  #wanted = '';

  constructor(private readonly options: LinesOptions) {
    const { screen, lang, write } = options;
    this.#view = { ...viewOf(screen, lang), lang };
    // What was seen before a break is shown when somebody goes back to it.
    const plain = plainReporter({ ...screen, lang, write, quiet: () => !this.#begun });
    this.#plain = pausable(plain, () => screen.tty && write(ERASE_LINE));
  }

  onEvent(event: RunEvent): void {
    if (event.type !== 'observed') this.#state = reduce(this.#state, allHarmless(event));
    this.#plain.onEvent(event);
  }

  onEnd(): void {
    void this.#plain.onEnd?.();
  }

  show(stop: Stop | undefined): void {
    if (!this.#begun) {
      this.#begun = true;
      this.#print(this.options.opening.flatMap((line) => hanging(this.#view, '', 0, line, 'quiet')));
    }
    if (stop === undefined) {
      this.#print(endIntro(this.#view));
      return;
    }
    const shown = allHarmless(stop);
    this.#print(stepIntro(this.#view, shown, this.options.total));
    if (this.options.notes && stop.notes !== undefined) this.#print(noteLines(this.#view, shown));
    if (stop.verdict === undefined) return;
    const seen = this.#state.playbooks.flatMap(({ steps }) => steps).find(({ info }) => info.id === stop.info.id);
    this.#print(expectLines(this.#view, shown));
    if (seen?.verdict !== undefined) this.#print(stepLines(this.#view, seen));
    this.#print(changedLines(this.#view, shown));
  }

  leave(stop: Stop): void {
    if (stop.verdict === undefined) this.#print(expectLines(this.#view, allHarmless(stop)));
  }

  notes(stop: Stop): void {
    this.#print(noteLines(this.#view, allHarmless(stop)));
  }

  help(): void {
    this.#print(helpLines(this.#view, false));
  }

  say(sentence: string): void {
    this.#print(hanging(this.#view, '  ', 2, sentence, 'warning'));
  }

  hint(where: string | undefined): void {
    const { screen } = this.options;
    this.#want(where === undefined ? '' : this.#view.paint('quiet', hintLine(this.#view, where, screen)));
  }

  question(text: string | undefined, typed: string): void {
    if (text === undefined) {
      this.#want('');
      this.#plain.resume();
      return;
    }
    this.#plain.pause();
    const { columns, tty } = this.options.screen;
    // Where a line cannot be drawn again, only the question is told.
    if (!tty && typed !== '') return;
    const room = columns - 2 - Math.min(widthOf(typed), 30);
    this.#want(`${cut(text, room, this.#view.signs.more)} ${typed}`);
  }

  leaveTerminal(): void {
    this.#put('');
  }

  scroll(): void {
    // The terminal scrolls by itself.
  }

  /** What was on the last line is gone. */
  redraw(): void {
    this.#line = '';
    if (this.#wanted !== '') this.#put(this.#wanted);
  }

  #print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#put('');
    this.options.write(`${spelled(this.options.screen, lines.join('\n'))}\n`);
  }

  #want(line: string): void {
    this.#wanted = line;
    this.#put(line);
  }

  /** The last line, which is taken back. On a terminal that cannot do that, it is a line of its own. */
  #put(line: string): void {
    const { screen, write } = this.options;
    if (line === this.#line) return;
    const text = spelled(screen, line);
    if (screen.tty) write((this.#line === '' ? '' : ERASE_LINE) + text);
    else if (line !== '') write(`${text}\n`);
    this.#line = line;
  }
}
