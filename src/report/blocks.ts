/**
 * Lets playbooks that run side by side be told one after the other: the lines of the first to begin are written as they
 * come, those of the others are kept until everything of those before them is written.
 */
export class Blocks {
  /** Kept lines of those that have begun and not been told to their end, in the order in which they began. */
  readonly #kept = new Map<string, string[]>();
  readonly #closed = new Set<string>();

  constructor(private readonly write: (lines: readonly string[]) => void) {}

  /** The playbook whose lines are written as they come; undefined between playbooks. */
  get speaker(): string | undefined {
    return this.#kept.keys().next().value;
  }

  /** More lines of a playbook; its first ones give it its place. */
  add(name: string, lines: readonly string[]): void {
    const kept = this.#kept.get(name);
    if (kept === undefined) this.#kept.set(name, []);
    if (this.speaker === name) this.write(lines);
    else this.#kept.get(name)?.push(...lines);
  }

  /** A playbook has told everything. */
  close(name: string): void {
    this.#closed.add(name);
    for (let speaker = this.speaker; speaker !== undefined && this.#closed.has(speaker); speaker = this.speaker) {
      this.#next(speaker);
    }
  }

  /** Writes what is still kept: nothing more will come. */
  flush(): void {
    for (let speaker = this.speaker; speaker !== undefined; speaker = this.speaker) this.#next(speaker);
  }

  #next(speaker: string): void {
    this.#kept.delete(speaker);
    const next = this.speaker;
    if (next !== undefined) this.write(this.#kept.get(next)?.splice(0) ?? []);
  }
}
