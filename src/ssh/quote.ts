import { PilabError } from '../errors.js';

/** Words that stay as they are in every POSIX shell, wherever they stand. */
const PLAIN = /^[A-Za-z0-9_@+:,./-]+$/;
/** Plain-looking words that a shell takes for its own grammar when they come first. */
const RESERVED = new Set(
  'case coproc do done elif else esac fi for function if in select then time until while'.split(' '),
);

/**
 * An argument vector as one line for a POSIX shell: SSH's exec request goes through the login shell of the user, so
 * every word that leaves pilab for a host passes through here. The words arrive exactly as given, whatever they hold.
 * @throws PilabError `SSH_BAD_ARGUMENT` for a NUL, which no argument can hold, and for no words at all.
 */
export function quote(argv: readonly string[]): string {
  if (argv.length === 0) throw badArgument('a command needs at least one word');
  return argv.map((word, index) => (index === 0 && RESERVED.has(word) ? `'${word}'` : quoteWord(word))).join(' ');
}

function quoteWord(word: string): string {
  if (word.includes('\0')) throw badArgument('an argument holds a NUL character');
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function badArgument(message: string): PilabError {
  return new PilabError({ code: 'SSH_BAD_ARGUMENT', message });
}
