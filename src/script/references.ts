import type { Lab } from '../lab/lab.js';
import { parseTemplate, type Reference } from '../playbook/reference.js';
import { readingOf, type Reading } from './readings.js';
import { Placeholders } from './shell.js';

/** The references of a playbook as shell variables: collects what must be read, and when. */
export class References {
  readonly placeholders = new Placeholders();
  readonly #now = new Set<string>();
  readonly #once = new Set<string>();

  constructor(private readonly lab: Lab | undefined) {}

  /** The text with a placeholder for each reference. */
  text(text: string): string {
    return parseTemplate(text)
      .map((part) => (typeof part === 'string' ? part : this.placeholders.add(`\${${this.use(part).variable}}`)))
      .join('');
  }

  /** Words of a command: one that is exactly a list becomes as many words as the list has items. */
  words(texts: readonly string[]): string[] {
    return texts.map((text) => {
      const [only, second] = parseTemplate(text);
      if (only === undefined || typeof only === 'string' || second !== undefined) return this.text(text);
      const { variable, list } = this.use(only);
      return this.placeholders.add(`\${${variable}}`, { split: list });
    });
  }

  /** Any value with its texts so. */
  all<T>(value: T): T {
    return walked(value, (text) => this.text(text)) as T;
  }

  /** Like {@link all} for what becomes JSON: a text that is exactly one reference becomes its value, number or list. */
  json(value: unknown): unknown {
    return walked(value, (text) => {
      const [only, second] = parseTemplate(text);
      if (only === undefined || typeof only === 'string' || second !== undefined) return this.text(text);
      const { variable, list } = this.use(only);
      const expansion = list ? `$(json_list $${variable})` : `$(json_value "$${variable}")`;
      return this.placeholders.add(expansion, { json: true });
    });
  }

  /** Notes that the reference is needed from here on. */
  use(reference: Reference): Reading {
    const reading = readingOf(reference, this.lab);
    for (const line of reading.lines) (reading.once ? this.#once : this.#now).add(line);
    return reading;
  }

  /** Lines that read what was used since the last call. */
  readNow(): string[] {
    const lines = [...this.#now];
    this.#now.clear();
    return lines;
  }

  /** Lines that read what stays the same, for before the first step. */
  readOnce(): string[] {
    return [...this.#once];
  }

  /** A line as the shell shall have it. */
  expand(line: string): string {
    return this.placeholders.expand(line);
  }
}

function walked(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((each) => walked(each, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walked(each, replace)]));
}
