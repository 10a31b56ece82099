import { binomialBand } from '../check/chi-square.js';
import { ALPHA } from '../check/spread.js';
import type { LiveCount } from '../event/state.js';
import { cutFront, padEnd, padStart, widthOf } from '../report/layout.js';
import { barOf } from '../report/spread-bars.js';
import type { Pane } from './pane.js';

/** Below this many expected answers a band is as wide as the bar. */
const LEAST_FOR_BAND = 5;

/**
 * Bars that grow while answers come in. Their scale is that of the whole sample, so that they grow into the band which
 * chance allows for it; the band is drawn only where evenness is what the step expects. Nothing is judged before the end.
 */
export function liveLines(pane: Pane, { place, done, total, counts }: LiveCount, even: boolean): string[] {
  const { screen, signs, tui } = pane;
  const names = Object.keys(counts).sort();
  const band = even ? bandOf(total, names.length) : undefined;
  const share = total / Math.max(1, names.length);
  const scale = Math.max(1, share, band?.[1] ?? 0, ...Object.values(counts)) * 1.04;
  const countWidth = String(total).length;
  const nameWidth = Math.min(Math.max(1, ...names.map(widthOf)), Math.max(8, Math.floor(screen.columns * 0.4)));
  const barWidth = Math.max(6, Math.min(48, screen.columns - nameWidth - countWidth - 5));
  return [
    pane.paint('quiet', `${place}  ${tui.answers}: ${padStart(String(done), countWidth)}/${total}`),
    ...names.map((name) => {
      const count = counts[name] ?? 0;
      const cells = Math.max(count > 0 ? 1 : 0, Math.round((count / scale) * barWidth));
      const bar = band === undefined ? signs.full.repeat(cells) : barOf(count, band, scale, barWidth, signs);
      const label = padEnd(cutFront(name, nameWidth, signs.more), nameWidth);
      return `${label}  ${padStart(String(count), countWidth)}  ${bar.trimEnd()}`;
    }),
    ...(band === undefined ? [] : [pane.paint('quiet', tui.evenBand)]),
  ];
}

/** The band for the whole sample, over the backends that have answered so far. */
function bandOf(total: number, backends: number): readonly [number, number] | undefined {
  if (backends < 2 || total / backends < LEAST_FOR_BAND) return undefined;
  return binomialBand(total, 1 / backends, ALPHA / backends);
}
