/** Options of a {@link PilabError}. */
export interface PilabErrorOptions {
  /** Stable, upper-case word for scripts and tests, e.g. `LAB_INVALID`. */
  readonly code: string;
  /** What went wrong and where: file:line:column, host or step. Never holds a secret. */
  readonly message: string;
  /** What the person can do next. */
  readonly hint?: string;
  /** Process exit code. @default 2 (bad input) — 3 is "could not measure". */
  readonly exitCode?: number;
  /** The error below this one. */
  readonly cause?: unknown;
}

/** The one root of the errors that pilab itself raises; anything else that escapes is a defect. */
export class PilabError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor({ code, message, hint, exitCode = 2, cause }: PilabErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PilabError';
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** The message of anything thrown, for use inside another message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
