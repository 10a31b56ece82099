import type { Spread } from '../event/event.js';
import { cutFront, padEnd, padStart, widthOf, wrap } from './layout.js';
import type { View } from './view.js';

/** A bar longer than this tells no more. */
const LONGEST_BAR = 48;

/**
 * A bar for each backend. Where evenness is what was judged, the band that chance allows stands between `[` and `]`, and
 * below it what the sample is worth: a spread that looks even proves only what so many answers could have shown.
 */
export function spreadLines(view: View, spread: Spread, indent: number, even: boolean): string[] {
  const { screen, signs, words } = view;
  const names = Object.keys(spread.counts);
  const most = Math.max(1, ...Object.values(spread.counts));
  const countWidth = String(most).length;
  // Name, count, percent, bar and the gaps between them fill one line.
  const fixed = indent + 2 + countWidth + 2 + 7 + 2;
  // Behind the bar of a stranger stands that it is one.
  const remark = spread.unexpected.length === 0 ? 0 : widthOf(words.unexpected) + 1;
  const barRoom = Math.max(24, 16 + remark);
  const nameWidth = Math.min(Math.max(...names.map(widthOf), 1), Math.max(12, screen.columns - fixed - barRoom));
  const barWidth = Math.min(LONGEST_BAR, screen.columns - fixed - nameWidth - 1 - remark);
  const scale = Math.max(most, even ? spread.band[1] : 0) * 1.04;
  const bars = names.map((name) => {
    const count = spread.counts[name] ?? 0;
    const stranger = spread.unexpected.includes(name);
    const share = `${((count / Math.max(1, spread.total)) * 100).toFixed(1)} %`;
    const inBand = !even || (!stranger && count >= spread.band[0] && count <= spread.band[1]);
    const bar =
      stranger || !even
        ? signs.full.repeat(filledCells(count, scale, barWidth))
        : barOf(count, spread.band, scale, barWidth, signs);
    return [
      ' '.repeat(indent),
      padEnd(cutFront(name, nameWidth, signs.more), nameWidth),
      `  ${padStart(String(count), countWidth)}`,
      `  ${padStart(share, 7)}  `,
      view.paint(inBand ? 'plain' : 'warning', bar.trimEnd()),
      stranger ? ` ${view.paint('failed', words.unexpected)}` : '',
    ].join('');
  });
  return even ? [...bars, ...worth(view, spread, indent)] : bars;
}

/** Total, test and power in one line where it fits. */
function worth(view: View, spread: Spread, indent: number): string[] {
  const { words, signs, screen } = view;
  const { total, chiSquare, pValue, detects, band } = spread;
  const chi = screen.unicode ? 'χ²' : 'chi-square';
  const parts = [
    words.band(band[0], band[1]),
    `${chi} ${chiSquare.toFixed(2)}, p ${pValue < 0.0001 ? '< 0.0001' : pValue.toFixed(4)}`,
    detects === 'none' ? words.detectsNothing(total) : words.detects(detects, total),
  ];
  return wrap(parts.join(` ${signs.dot} `), screen.columns - indent).map(
    (line) => ' '.repeat(indent) + view.paint('quiet', line),
  );
}

/** A bar, with the band that chance allows between `[` and `]`; `scale` is the count that fills the width. */
export function barOf(
  count: number,
  [low, high]: readonly [number, number],
  scale: number,
  width: number,
  signs: { readonly full: string; readonly empty: string },
): string {
  const filled = filledCells(count, scale, width);
  const bar = Array.from({ length: width }, (_, cell) => (cell < filled ? signs.full : ' '));
  const [from, to] = [Math.min(cells(low, scale, width), width - 2), Math.min(cells(high, scale, width), width - 1)];
  for (let cell = from; cell <= to; cell += 1) if (cell >= filled) bar[cell] = signs.empty;
  bar[from] = '[';
  bar[Math.max(to, from + 1)] = ']';
  return bar.join('');
}

function cells(count: number, scale: number, width: number): number {
  return Math.round((count / scale) * width);
}

/** One answer is not none: it has a cell, however small its share is. */
function filledCells(count: number, scale: number, width: number): number {
  return Math.max(count > 0 ? 1 : 0, cells(count, scale, width));
}
