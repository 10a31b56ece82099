/** A placeholder: letters that quoting leaves alone, so that a command stays as plain as it is without it. */
const PLACEHOLDER = /PILAB_VALUE_(\d+)_/g;
const WHOLE = /^PILAB_VALUE_(\d+)_$/;
const IN_JSON = /"PILAB_VALUE_(\d+)_"/g;

/** A comment, one line for each of the text's; what is no printable character cannot end it. */
export function comment(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return lines.map((line) => `# ${line.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')}`.trimEnd());
}

/**
 * Places in a command where the shell is to put a value. Commands are made with a mark there, which their quoting keeps;
 * then {@link Placeholders.expand} puts the shell's own words in its place, always inside double quotes. A text that happens
 * to hold such a mark gets a value that the script has anyway, and no more.
 */
export class Placeholders {
  readonly #known: { readonly expansion: string; readonly json: boolean; readonly split: boolean }[] = [];

  /**
   * @param expansion what the shell expands inside double quotes: `${name}`
   * @param options.split a list, whose items become words of their own where it is a whole word: it holds plain texts only
   */
  add(
    expansion: string,
    { json = false, split = false }: { readonly json?: boolean; readonly split?: boolean } = {},
  ): string {
    this.#known.push({ expansion, json, split });
    return `PILAB_VALUE_${this.#known.length - 1}_`;
  }

  /** The command with the marks replaced; everything else keeps its meaning. */
  expand(command: string): string {
    // A JSON value brings its own quotes, where it needs any.
    const text = command.replaceAll(IN_JSON, (all, number: string) =>
      this.#known[Number(number)]?.json === true ? all.slice(1, -1) : all,
    );
    let done = '';
    let at = 0;
    while (at < text.length) {
      const word = /^[\w@%+=:,./-]*/.exec(text.slice(at))?.[0] ?? '';
      const end = text.charAt(at) === "'" ? text.indexOf("'", at + 1) : -1;
      if (end !== -1) {
        done += this.#single(text.slice(at + 1, end));
        at = end + 1;
      } else if (text.charAt(at) === '\\') {
        done += text.slice(at, at + 2);
        at += 2;
      } else if (word !== '') {
        done += this.#bare(word);
        at += word.length;
      } else {
        done += text.charAt(at);
        at += 1;
      }
    }
    return done;
  }

  /** A word without quotes. */
  #bare(word: string): string {
    if (word.search(PLACEHOLDER) === -1) return word;
    const [, only = ''] = WHOLE.exec(word) ?? [];
    const known = only === '' ? undefined : this.#known[Number(only)];
    return known?.split === true ? known.expansion : `"${this.#put(word)}"`;
  }

  /** What stands in single quotes: nothing is expanded there, so they become double ones, or are interrupted. */
  #single(text: string): string {
    const literal = text.replaceAll(PLACEHOLDER, '');
    if (literal === text) return `'${text}'`;
    if (!/["$`\\!]/.test(literal)) return `"${this.#put(text)}"`;
    return `'${text.replaceAll(PLACEHOLDER, (mark) => `'"${this.#put(mark)}"'`)}'`.replaceAll(
      /^''(?=")|(?<=")''$/g,
      '',
    );
  }

  #put(text: string): string {
    return text.replaceAll(PLACEHOLDER, (all, number: string) => this.#known[Number(number)]?.expansion ?? all);
  }
}
