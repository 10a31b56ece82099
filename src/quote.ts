import { PilabError } from './errors.js';

/** First words that stay as they are in every POSIX shell. */
const PLAIN_FIRST = /^[\w@+:,./-]+$/;
/** Further words: no shell takes these for an assignment, a job (`%1`) or, as zsh does with `=name`, for a path. */
const PLAIN = /^[\w@+:,./-][\w@%+=:,./-]*$/;
/** Plain-looking words that a shell takes for its own grammar when they come first. */
const RESERVED = new Set(
  'case coproc do done elif else esac fi for function if in select then time until while'.split(' '),
);

/**
 * An argument vector as one line for a POSIX shell. SSH's exec request goes through the login shell of the user, so every
 * word that leaves pilab for a host passes through here, and so does every line that a person may paste. The words arrive
 * exactly as given, whatever they hold.
 * @throws PilabError `BAD_ARGUMENT` for a NUL, which no argument can hold, and for no words at all.
 */
export function quote(argv: readonly string[]): string {
  if (argv.length === 0) throw badArgument('a command needs at least one word');
  return argv.map((word, index) => (index === 0 ? quoteFirst(word) : quoteWord(word))).join(' ');
}

/** One word that is not the first of a line. @throws PilabError like {@link quote} */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw badArgument('an argument holds a NUL character');
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function quoteFirst(word: string): string {
  const quoted = quoteWord(word);
  return quoted === word && (RESERVED.has(word) || !PLAIN_FIRST.test(word)) ? `'${word}'` : quoted;
}

function badArgument(message: string): PilabError {
  return new PilabError({ code: 'BAD_ARGUMENT', message });
}
