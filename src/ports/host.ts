/** Options of one command on a host. */
export interface ExecOptions {
  /** Run as root, the way the lab file says. @default false */
  readonly sudo?: boolean;
  /** Milliseconds until the command is given up. @default the adapter's own command time-out (60 s) */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly stdin?: string;
  /** Called with each piece of standard output as it comes in. */
  readonly onStdout?: (chunk: string) => void;
}

/** What a command left behind. A non-zero exit is a result, not an exception. */
export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** `null` when the command died by a signal or its exit status was lost. */
  readonly exitCode: number | null;
  /** Name without `SIG`, when a signal ended it. */
  readonly signal?: string;
  readonly durationMs: number;
}

/**
 * A machine that runs commands: a lab host over SSH, or the operator's own machine.
 * A lost connection, a time-out or an abort rejects with a PilabError that names the host.
 */
export interface Host {
  readonly name: string;
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
}
