import type { Spread } from '../event/event.js';
import { cut, padEnd, widthOf } from '../report/layout.js';
import type { Pane } from './pane.js';

/** Answers that came in through one entry. */
export interface HeatRow {
  readonly entry: string;
  readonly spread: Spread;
}

/** From no answer to all of them: a shade says it at a glance, the number beside it says it exactly. */
const SHADES = { unicode: [' ', '░', '▒', '▓', '█'], ascii: [' ', '.', ':', '+', '#'] } as const;
/** Shade, number, mark and a gap: `▒▒ 33 %!  `. */
const CELL = 10;

/**
 * Entry × backend: each row is what one entry's answers were shared into. `!` marks a cell outside of what chance allows
 * (where evenness is expected), a backend that never answered, and one that should not have.
 */
export function heatLines(pane: Pane, rows: readonly HeatRow[], even: boolean): string[] {
  const { screen, signs, tui } = pane;
  const pods = [...new Set(rows.flatMap(({ spread }) => Object.keys(spread.counts)))].sort();
  const entryWidth = Math.min(Math.max(...rows.map(({ entry }) => widthOf(entry))), Math.max(10, screen.columns >> 2));
  const fit = Math.max(1, Math.floor((screen.columns - entryWidth - 2) / CELL));
  const shown = pods.slice(0, fit);
  const head = shown.map((pod) => padEnd(lastPart(pod, CELL - 2), CELL)).join('');
  return [
    pane.paint('quiet', `${' '.repeat(entryWidth + 2)}${head}${pods.length > fit ? signs.more : ''}`.trimEnd()),
    ...rows.map(({ entry, spread }) => {
      const cells = shown.map((pod) => cellOf(pane, pod, spread, even)).join('');
      return `${padEnd(cut(entry, entryWidth, signs.more), entryWidth)}  ${cells}`.trimEnd();
    }),
    pane.paint('quiet', cut(tui.heatKey, screen.columns, signs.more)),
  ];
}

function cellOf(pane: Pane, pod: string, { counts, total, band, unexpected }: Spread, even: boolean): string {
  const count = counts[pod];
  if (count === undefined) return padEnd('-', CELL);
  const share = count / Math.max(1, total);
  const shades = pane.screen.unicode ? SHADES.unicode : SHADES.ascii;
  const shade = shades[count === 0 ? 0 : Math.max(1, Math.ceil(share * (shades.length - 1)))] ?? ' ';
  const odd = unexpected.includes(pod) || (even ? count < band[0] || count > band[1] : count === 0);
  const text = padEnd(`${shade}${shade} ${Math.round(share * 100)} %${odd ? '!' : ''}`, CELL);
  return odd ? pane.paint('warning', text) : text;
}

/** Names of pods differ at their end. */
function lastPart(pod: string, width: number): string {
  const part = pod.slice(pod.lastIndexOf('-') + 1);
  return part.length > width ? part.slice(-width) : part;
}
