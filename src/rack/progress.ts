/** A step of a long job. */
export interface Task {
  readonly title: string;
  /** `say` tells what goes on inside; shown beside the title. */
  run(say: (what: string) => void): Promise<unknown>;
}

/** Where progress goes, injected so that tests can read it. */
export interface Screen {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** Standard error as a screen: standard output stays free for results. */
export function stderrScreen(): Screen {
  const { stderr } = process;
  return {
    isTTY: stderr.isTTY && process.env['TERM'] !== 'dumb',
    columns: stderr.columns,
    write: (text) => void stderr.write(text),
  };
}

/** A short span for people: 9 s, 1 min 5 s. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Without a terminal a task is announced only when it has taken this long, */
const LONG_MS = 5_000;
/** and says that it still runs this often. */
const STILL_MS = 30_000;

/** Shows tasks as they run: what, for how long, what comes next. */
export class Progress {
  readonly #screen: Screen;
  readonly #now: () => number;
  #drawn = false;

  constructor(screen: Screen = stderrScreen(), now: () => number = Date.now) {
    this.#screen = screen;
    this.#now = now;
  }

  /** Runs tasks one after another; the first failure ends it. */
  async run(tasks: readonly Task[]): Promise<void> {
    for (const [index, task] of tasks.entries())
      await this.#one(task, `${index + 1}/${tasks.length}`, tasks[index + 1]);
  }

  /** A line that stays. */
  line(text: string): void {
    this.#clear();
    this.#screen.write(`${text}\n`);
  }

  async #one(task: Task, place: string, next: Task | undefined): Promise<void> {
    const start = this.#now();
    const inside = { text: '' };
    let speakAt = LONG_MS;
    const show = (): void => {
      const elapsed = this.#now() - start;
      const what = inside.text === '' ? task.title : `${task.title}: ${inside.text}`;
      const then = next ? `; next: ${next.title}` : '';
      if (this.#screen.isTTY) this.#draw(`… ${place} ${what}, ${span(elapsed)}${then}`);
      else if (elapsed >= speakAt) {
        speakAt += STILL_MS;
        this.line(`… ${place} ${what}, ${span(elapsed)} so far${then}`);
      }
    };
    const timer = setInterval(show, 500);
    try {
      if (this.#screen.isTTY) show();
      await task.run((what) => {
        inside.text = what;
      });
      this.line(`✔ ${place} ${task.title} (${span(this.#now() - start)})`);
    } catch (error) {
      this.line(`✘ ${place} ${task.title} (${span(this.#now() - start)})`);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  #draw(text: string): void {
    this.#screen.write(`\r\u001B[K${text.slice(0, Math.max(20, this.#screen.columns - 1))}`);
    this.#drawn = true;
  }

  #clear(): void {
    if (this.#drawn) this.#screen.write('\r\u001B[K');
    this.#drawn = false;
  }
}
