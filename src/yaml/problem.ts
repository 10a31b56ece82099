/** Where something stands in a file; line and column from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A mistake in a file that a person wrote: where, what is wrong, and what would be right. */
export interface Problem extends Position {
  /** What is wrong, e.g. `unknown key "adress"`. */
  readonly message: string;
  /** What would be right, e.g. `did you mean "address"?`. */
  readonly hint?: string;
}

/** `lab.yaml:3:5: unknown key "adress"; did you mean "address"?` */
export function formatProblem({ file, line, column, message, hint }: Problem): string {
  return `${file}:${line}:${column}: ${message}${hint === undefined ? '' : `; ${hint}`}`;
}

/** One line a problem, in the order of the file, each said once. */
export function formatProblems(problems: readonly Problem[]): string {
  const sorted = problems.toSorted(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
  return [...new Set(sorted.map(formatProblem))].join('\n');
}
