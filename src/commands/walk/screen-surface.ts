import type { Reporter, RunEvent } from '../../event/event.js';
import { allHarmless } from '../../report/layout.js';
import { endLines } from '../../report/run-lines.js';
import { screenOf, spelled } from '../../report/style.js';
import { viewOf } from '../../report/view.js';
import type { Stop } from '../../event/stop.js';
import type { Language, Text } from '../../text.js';
import { keepEvent } from '../../tui/keep.js';
import { newRun } from '../../tui/state.js';
import { stageOn, type Terminal } from '../../tui/terminal.js';
import { bodyLines, bodyRows, pageLines, startOf, type WalkPage } from '../../tui/walk/page.js';
import type { Surface } from './presenter.js';

/** Events are drawn together, so often at most. */
const FRAME_MS = 50;

export interface ScreenOptions {
  readonly terminal: Terminal;
  readonly lang: Language;
  readonly name: string;
  readonly title: Text;
  readonly total: number;
  readonly notes: boolean;
  /** Told with the first step. */
  readonly opening: readonly string[];
}

/** A walkthrough on the whole terminal, a step at a time. */
export class ScreenSurface implements Surface, Reporter {
  readonly stays = true;
  #page: WalkPage;
  #timer: NodeJS.Timeout | undefined;
  readonly #stage;

  constructor(private readonly options: ScreenOptions) {
    const { terminal, lang, name, title, total, notes } = options;
    const { stdout } = terminal;
    const { color, unicode } = screenOf(stdout, process.env);
    this.#stage = stageOn(terminal, true);
    this.#page = {
      ...{ lang, name, title, total, notes },
      look: { color, unicode },
      size: { columns: stdout.columns, rows: stdout.rows },
      run: newRun('live'),
      ...{ at: undefined, told: false, help: false, said: [], hint: undefined, question: undefined, scroll: undefined },
    };
    stdout.on('resize', this.#onResize);
    // Whatever ends the process, the terminal is given back.
    process.once('exit', () => this.leaveTerminal());
  }

  onEvent(event: RunEvent): void {
    this.#page = { ...this.#page, run: keepEvent(this.#page.run, event) };
    if (event.type === 'cleanup-started') this.#page = { ...this.#page, at: undefined, hint: undefined, said: [] };
    this.#timer ??= setTimeout(this.#draw, FRAME_MS);
  }

  /** The end stays readable in the ordinary flow of the terminal. */
  onEnd(): void {
    this.leaveTerminal();
    const { terminal, lang } = this.options;
    const screen = screenOf(terminal.stdout, process.env);
    const lines = endLines(viewOf(screen, lang), this.#page.run.state);
    terminal.stdout.write(`${spelled(screen, lines.join('\n'))}\n`);
  }

  show(stop: Stop | undefined): void {
    this.#stage.enter();
    const at = stop === undefined ? 'end' : allHarmless(stop);
    const { notes, opening } = this.options;
    const said = this.#stage.entered && this.#page.at === undefined ? opening : [];
    this.#change({ at, told: stop?.verdict !== undefined, notes, help: false, said, scroll: undefined });
  }

  leave(): void {
    this.#change({ told: true, said: [], scroll: undefined });
  }

  notes(): void {
    this.#change({ notes: !this.#page.notes });
  }

  help(): void {
    this.#change({ help: !this.#page.help, scroll: undefined });
  }

  say(sentence: string): void {
    this.#change({ said: [...this.#page.said, sentence], scroll: undefined });
  }

  hint(where: string | undefined): void {
    this.#change({ hint: where });
  }

  question(text: string | undefined, typed: string): void {
    this.#change({ question: text === undefined ? undefined : { text, typed } });
  }

  scroll(by: 1 | -1): void {
    const count = bodyLines(this.#page).length;
    const step = Math.max(1, Math.floor(bodyRows(this.#page) / 2));
    this.#change({ scroll: Math.max(0, startOf(this.#page, count) + by * step) });
  }

  /** After `fg`, and when something else has written to the terminal. */
  redraw(): void {
    this.#stage.enter();
    this.#stage.clear();
    this.#draw();
  }

  /** Gives the terminal back as it was; safe to call more than once. */
  readonly leaveTerminal = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stage.leave();
  };

  readonly #onResize = (): void => {
    const { columns, rows } = this.options.terminal.stdout;
    this.#stage.clear();
    this.#change({ size: { columns, rows } });
  };

  #change(parts: Partial<WalkPage>): void {
    this.#page = { ...this.#page, ...parts };
    this.#draw();
  }

  /**
   * Home, each line on an empty one, then nothing below (ECMA-48: CUP, EL, ED). Meanwhile what is too wide is cut off and not
   * wrapped (DECAWM): a bar that does not fit must not push the last line away.
   */
  readonly #draw = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#stage.entered) return;
    const lines = pageLines(this.#page).map((line) => `\u001b[2K${line}`);
    this.options.terminal.stdout.write(`\u001b[?7l\u001b[H${lines.join('\r\n')}\u001b[J\u001b[?7h`);
  };
}
