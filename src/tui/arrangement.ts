import { PLACES, type Place, type TuiState } from './state.js';

/** Below this nothing can be read. */
export const LEAST = { columns: 40, rows: 10 } as const;
/** From here on list and main pane fit side by side. */
const TWO_PANES = 72;
/** Share of the lists. On 80 columns the main pane then just holds a pod's name with a comma after it. */
const SIDE = 0.385;

/** Where everything is, in character cells. */
export interface Arrangement {
  readonly tooSmall: boolean;
  /** Width of the lists; 0: they are hidden. */
  readonly side: number;
  /** Width of the main pane; 0: it is hidden. */
  readonly main: number;
  /** Rows between header and status line. */
  readonly body: number;
  /** Rows of each list, its title included. */
  readonly lists: Readonly<Record<Place, number>>;
}

/** Header, status and hints take a row each; the last row of the terminal stays free, or ink would clear the screen each time. */
const OTHER_ROWS = 4;
/** A list that is not looked at shows its title and a few rows. */
const RESTING_ROWS = 4;

/** From size and place to boxes. `counts`: rows that each list could fill. */
export function arrange(
  { size, zoom, place }: Pick<TuiState, 'size' | 'zoom' | 'place'>,
  counts: Readonly<Record<Place, number>>,
): Arrangement {
  const { columns, rows } = size;
  const tooSmall = columns < LEAST.columns || rows < LEAST.rows;
  const body = Math.max(1, rows - OTHER_ROWS);
  const two = columns >= TWO_PANES && !zoom;
  const side = zoom ? 0 : two ? Math.min(56, Math.max(30, Math.round(columns * SIDE))) : columns;
  const main = zoom ? columns : two ? columns - side - 1 : 0;
  return { tooSmall, side, main, body, lists: listRows(place, body, counts) };
}

/** The list that is looked at gets what the others leave; they rest at a few rows, or at their title where it is low. */
function listRows(place: Place, body: number, counts: Readonly<Record<Place, number>>): Record<Place, number> {
  const most = body >= 14 ? RESTING_ROWS : 1;
  const resting = (each: Place): number => (each === place ? 0 : Math.min(most, counts[each] + 1));
  const taken = PLACES.reduce((sum, each) => sum + resting(each), 0);
  const rows = (each: Place): number => (each === place ? body - taken : resting(each));
  return { hosts: rows('hosts'), playbooks: rows('playbooks'), run: rows('run') };
}

/** First row of a list's window, so that the cursor is in it with a row of room where there is one. */
export function windowStart(cursor: number, count: number, height: number): number {
  if (count <= height) return 0;
  return Math.max(0, Math.min(count - height, cursor - Math.floor(height / 2)));
}
