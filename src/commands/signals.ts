/** Two chances to stop. */
export interface Interrupt {
  /** Aborted by the first signal: stop, then clean up. */
  readonly signal: AbortSignal;
  /** Aborted by the second: leave everything. */
  readonly abandon: AbortSignal;
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first Ctrl-C (or SIGTERM, SIGHUP) stops the run and lets it clean up; the second leaves at once and says what is
 * left on the cluster; a hang-up is never a second one. A closed standard output counts as a first signal.
 */
export function interruptible(left: () => readonly string[]): Interrupt {
  const stop = new AbortController();
  const abandon = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (!stop.signal.aborted) {
      process.stderr.write('\nStopping; cleaning up. Once more: leave at once.\n');
      stop.abort(new Error('interrupted'));
      return;
    }
    // One hang-up comes from several sides: the kernel, the shell, a pilab that waits for this one. Nobody insists.
    if (name === 'SIGHUP') return;
    abandon.abort(new Error('interrupted twice'));
    const rest = left();
    process.stderr.write(
      rest.length === 0
        ? '\nLeft at once; nothing of this run is on the cluster.\n'
        : `\nLeft at once. Still on the cluster: ${rest.join(', ')}\n  remove it with: pilab clean\n`,
    );
    process.exit(130);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  // Whoever reads our output has gone (`| head`): nobody sees the rest, but the cluster must still be cleaned.
  const onLostOutput = (): void => stop.abort(new Error('the output was closed'));
  process.stdout.on('error', onLostOutput);
  // A terminal that has hung up refuses what is told there, which must not end the clean-up.
  process.stderr.on('error', () => undefined);
  return {
    signal: stop.signal,
    abandon: abandon.signal,
    dispose: () => {
      for (const name of SIGNALS) process.removeListener(name, onSignal);
    },
  };
}
