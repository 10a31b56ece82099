/**
 * The candidate that a mistyped word most likely means, or undefined when none is close: at most one edit for each
 * three letters (two at least), a swap of neighbours counting as one. Upper and lower case are not told apart.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    const longest = Math.max(word.length, candidate.length);
    // Two edits turn any two-letter word into any other: a hint must keep more than half of the word.
    const close = distance <= Math.max(2, Math.floor(longest / 3)) && distance * 2 < longest;
    if (close && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `did you mean "address"?`, or the whole list when it is short and nothing is close. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const close = nearest(word, candidates);
  if (close !== undefined) return `did you mean "${close}"?`;
  return candidates.length > 0 && candidates.length <= 20 ? `known: ${candidates.join(', ')}` : undefined;
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
