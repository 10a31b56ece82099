import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const words = new Intl.Segmenter('ja', { granularity: 'word' });

/** Must not begin a line in Japanese typesetting (JIS X 4051), resp. must not end one. */
const NEVER_FIRST = /^[、。，．・：；？！）」』】〉》’”ー々っゃゅょぁぃぅぇぉッャュョァィゥェォ,.:;!?)\]}]/u;
const AFTER_PUNCTUATION = /[、。）」』】：；]$/u;
const NEVER_LAST = /[（「『【〈《‘“([{]$/u;

/** Columns that a text takes on a terminal: wide characters take two, colour none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Text of others, made harmless for a terminal: no control codes, tabs as spaces. Line ends stay. */
export function harmless(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replaceAll('\r\n', '\n')
      .replaceAll('\t', '  ')
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
  );
}

/**
 * All texts of a JSON value, keys too, made {@link harmless}. Displays do this once, where an event comes in: a record
 * may be of another machine, and names of pods are what a web server calls itself.
 */
export function allHarmless<T>(value: T): T {
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return harmless(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [harmless(key), cleaned(each)]));
}

/**
 * Breaks plain text (no colour) into lines of at most `width` columns: at spaces, and in Japanese between words, with
 * its rules for punctuation. What has no place to break is broken anywhere. Never returns an empty list.
 */
export function wrap(text: string, width: number): string[] {
  const limit = Math.max(2, width);
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, limit));
}

function wrapParagraph(text: string, limit: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text)) {
    if (line !== '' && widthOf(line + piece.trimEnd()) > limit) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
    while (widthOf(line.trimEnd()) > limit) {
      const [head, tail] = splitAt(line, limit);
      lines.push(head);
      line = tail;
    }
  }
  lines.push(line.trimEnd());
  return lines;
}

/** What stays together, trailing spaces included. */
function pieces(text: string): string[] {
  const found: string[] = [];
  for (const chunk of text.match(/\S+\s*|^\s+/g) ?? []) {
    let piece = '';
    for (const { segment } of words.segment(chunk)) {
      if (piece !== '' && mayBreak(piece, segment)) {
        found.push(piece);
        piece = '';
      }
      piece += segment;
    }
    found.push(piece);
  }
  return found;
}

function mayBreak(before: string, after: string): boolean {
  if (after.trim() === '' || NEVER_FIRST.test(after) || NEVER_LAST.test(before)) return false;
  // Hiragana mostly ends what the word before it began (届|き, Pod|を): readers stumble over a line that starts with it.
  if (/^\p{Script=Hiragana}/u.test(after)) return AFTER_PUNCTUATION.test(before);
  return isWide(before.at(-1) ?? '') || isWide(after.at(0) ?? '');
}

function isWide(character: string): boolean {
  return widthOf(character) === 2;
}

function splitAt(text: string, limit: number): [head: string, tail: string] {
  let width = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    width += widthOf(segment);
    // A first character wider than the limit goes over it: a line must take something, or this never ends.
    if (width > limit && index > 0) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}

/** Plain text on one line of at most `width` columns, with `more` where it was cut. */
export function cut(text: string, width: number, more: string): string {
  const line = text.replaceAll('\n', ' ');
  if (widthOf(line) <= width) return line;
  const room = Math.max(0, width - widthOf(more));
  const [head] = room === 0 ? [''] : splitAt(line, room);
  return head.trimEnd() + more;
}

/** Like {@link cut}, but keeps the end, where the names of pods differ. */
export function cutFront(text: string, width: number, more: string): string {
  if (widthOf(text) <= width) return text;
  const all = [...graphemes.segment(text)].map(({ segment }) => segment);
  while (all.length > 0 && widthOf(more + all.join('')) > width) all.shift();
  return more + all.join('');
}

/** At most `lines` lines of `width` columns; what does not fit is cut off. */
export function clamp(text: string, width: number, lines: number, more: string): string[] {
  const all = wrap(text, width);
  if (all.length <= lines) return all;
  const last = `${all[lines - 1] ?? ''} ${all[lines] ?? ''}`;
  return [...all.slice(0, lines - 1), cut(last, width, more)];
}

/** Fills up with spaces on the right to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Fills up with spaces on the left to `width` columns. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** `640 ms`, `4.02 s`, `38.2 s`, `3 min 7 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
