import { max, median, min } from 'simple-statistics';

/**
 * One line of the result.
 * @typedef {object} Row
 * @property {string} what
 * @property {'ms' | 's' | 'x' | 'keys'} unit `x`: how many times
 * @property {readonly number[]} values one for each repetition
 * @property {{ readonly most: number } | { readonly least: number }} [target] for the median; left out: only shown
 * @property {boolean} [unfinished] true: the measure was ended by its limit, so the real value is higher
 */

/** Whether the median keeps the target; undefined when there is none. @param {Row} row */
export function kept({ values, target }) {
  if (target === undefined) return undefined;
  const middle = median([...values]);
  return 'most' in target ? middle <= target.most : middle >= target.least;
}

/** The rows as text. @param {readonly Row[]} rows */
export function table(rows) {
  const head = ['measure', 'target', 'min', 'median', 'max', ''];
  const lines = [head, ...rows.map(cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) => line.map((cell, column) => pad(cell, widths[column], column)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Words stand on the left, numbers on the right. */
function pad(cell, width, column) {
  return column === 0 || column === 5 ? cell.padEnd(width) : cell.padStart(width);
}

/** @param {Row} row */
function cells(row) {
  const { what, unit, values, target, unfinished = false } = row;
  const sign = unfinished ? '> ' : '';
  const one = values.length === 1;
  const goal = target === undefined ? '' : 'most' in target ? `≤ ${target.most}` : `≥ ${target.least}`;
  return [
    what,
    goal === '' ? '' : `${goal} ${unit}`,
    one ? '' : shown(min([...values]), unit),
    sign + shown(median([...values]), unit),
    one ? '' : shown(max([...values]), unit),
    { true: 'ok', false: 'MISSED', undefined: '' }[String(kept(row))],
  ];
}

function shown(value, unit) {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}
