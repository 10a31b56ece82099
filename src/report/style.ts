import { styleText } from 'node:util';
import type { Verdict } from '../event/event.js';

/** What the place that a report is shown at can do. */
export interface Screen {
  /** Width in columns. */
  readonly columns: number;
  /** Colours may be used; nothing is told by colour alone. */
  readonly color: boolean;
  /** Characters outside ASCII may be used for symbols and bars. Texts keep their language. */
  readonly unicode: boolean;
  /** A person watches: a line may be rewritten. */
  readonly tty: boolean;
}

/** Where nobody tells a width: what mail and log viewers show without wrapping. */
const DEFAULT_COLUMNS = 80;
/** Below this no layout holds; above it lines are too long to read. */
const [LEAST_COLUMNS, MOST_COLUMNS] = [60, 140];

/**
 * The screen behind a stream. NO_COLOR (no-color.org: any value but the empty one) beats FORCE_COLOR, which beats what
 * the stream is; a dumb terminal has neither colour nor rewriting. A locale other than UTF-8 gets ASCII symbols; no
 * locale at all is taken for UTF-8, as in most containers and under cron on Raspberry Pi OS.
 */
export function screenOf(
  stdout: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): Screen {
  const dumb = env['TERM'] === 'dumb';
  const tty = stdout.isTTY === true && !dumb;
  const forced = env['FORCE_COLOR'];
  const color = env['NO_COLOR'] ? false : forced === undefined ? tty : forced !== '0' && forced !== 'false';
  // A file or a pipe has no width; COLUMNS is how a person gives it one.
  const told = stdout.columns ?? Number.parseInt(env['COLUMNS'] ?? '', 10);
  const columns = Number.isInteger(told) && told > 0 ? told : DEFAULT_COLUMNS;
  // The order is POSIX's (Base Definitions, 8.2): the first that is set and not empty decides.
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'UTF-8';
  return {
    columns: Math.min(Math.max(columns, LEAST_COLUMNS), MOST_COLUMNS),
    color,
    unicode: /utf-?8/i.test(locale),
    tty,
  };
}

/** What a piece of text is, not which colour it has. */
export type Role = Verdict | 'heading' | 'quiet' | 'warning' | 'selected' | 'plain';

const ROLES = {
  passed: 'green',
  failed: ['bold', 'red'],
  inconclusive: 'yellow',
  skipped: 'gray',
  heading: 'bold',
  quiet: 'gray',
  warning: 'yellow',
  selected: 'inverse',
  plain: 'reset',
} as const satisfies Record<Role, Parameters<typeof styleText>[0]>;

/** The signs of a display; each has an ASCII twin. */
export interface Signs extends Readonly<Record<Verdict, string>> {
  readonly full: string;
  readonly empty: string;
  readonly arrow: string;
  readonly dot: string;
  readonly more: string;
  readonly rule: string;
}

const UNICODE: Signs = {
  passed: '✓',
  failed: '✗',
  inconclusive: '?',
  skipped: '-',
  full: '█',
  empty: '·',
  arrow: '→',
  dot: '·',
  more: '…',
  rule: '─',
};
const ASCII: Signs = {
  passed: '+',
  failed: 'x',
  inconclusive: '?',
  skipped: '-',
  full: '#',
  empty: '.',
  arrow: '->',
  dot: '|',
  more: '...',
  rule: '-',
};

/** The signs that a screen can show. */
export function signsOf(screen: Pick<Screen, 'unicode'>): Signs {
  return screen.unicode ? UNICODE : ASCII;
}

const TWINS: Readonly<Record<string, string>> = { '×': 'x', χ: 'X', '²': '2', '…': '~', '’': "'", '–': '-', '→': '>' };

/** Words of others on a screen without Unicode: what has an ASCII twin of the same width becomes it. */
export function spelled(screen: Pick<Screen, 'unicode'>, text: string): string {
  return screen.unicode ? text : text.replaceAll(/[×χ²…’–→]/g, (sign) => TWINS[sign] ?? sign);
}

/** Colours text where the screen has colour. The decision is the screen's, so styleText must not look at a stream itself. */
export function paint(screen: Pick<Screen, 'color'>, role: Role, text: string): string {
  if (!screen.color || role === 'plain' || text === '') return text;
  const format = ROLES[role];
  return styleText(typeof format === 'string' ? format : [...format], text, { validateStream: false });
}
