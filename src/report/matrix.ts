import type { Judgement } from '../event/event.js';
import { cutFront, padEnd, padStart, wrap, widthOf } from './layout.js';
import type { View } from './view.js';

/** Of a pod's name its end tells it from the others. */
const NAME_WIDTH = 12;
/** A narrower column tells no name any more: then only counts are listed. */
const LEAST_WIDTH = 6;

/**
 * Entries by backends: a row for each place where traffic entered, a column for each pod, in the cells how many answers.
 * Where the columns do not fit, a line of counts for each entry.
 */
export function matrixLines(view: View, matrix: NonNullable<Judgement['matrix']>, indent: number): string[] {
  const { screen, signs, words } = view;
  const pods = [...new Set(matrix.flatMap(({ spread }) => Object.keys(spread.counts)))].sort();
  const head = words.entry;
  const first = Math.max(widthOf(head), ...matrix.map(({ entry }) => widthOf(entry)));
  const room = Math.floor((screen.columns - indent - first) / Math.max(1, pods.length)) - 2;
  const width = Math.min(NAME_WIDTH, Math.max(...pods.map(widthOf), LEAST_WIDTH), room);
  const start = ' '.repeat(indent);
  if (pods.length === 0) return [];
  if (width < LEAST_WIDTH) {
    const rows = matrix.map(({ entry, spread }) => `${entry} ${Object.values(spread.counts).join('+')}`);
    return wrap(rows.join(', '), screen.columns - indent).map((line) => start + view.paint('quiet', line));
  }
  const names = pods.map((pod) => `  ${padStart(cutFront(pod, width, signs.more), width)}`).join('');
  return [
    start + view.paint('quiet', padEnd(head, first) + names),
    ...matrix.map(({ entry, spread }) => {
      const cells = pods.map((pod) => {
        const count = spread.counts[pod];
        const cell = `  ${padStart(count === undefined ? '-' : String(count), width)}`;
        return view.paint(spread.unexpected.includes(pod) ? 'failed' : 'plain', cell);
      });
      return start + view.paint('quiet', padEnd(entry, first)) + cells.join('');
    }),
  ];
}
