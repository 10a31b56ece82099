import type { Observation } from './observation.js';
import { frameArgv, unframe, unmeasured } from './frame.js';

/** The argument vector that runs `argv` as it is (no shell sees it) and frames what it leaves. */
export function commandArgv(argv: readonly string[], nonce: string): string[] {
  return frameArgv(argv, nonce);
}

/** Reads the output of {@link commandArgv}. A command that is not there could not be observed. Never throws. */
export function parseCommand(argv: readonly string[], nonce: string, output: string): Observation {
  const framed = unframe(nonce, output);
  if ('kind' in framed) return framed;
  if (framed.exit === 126 || framed.exit === 127) {
    return unmeasured(`${argv[0] ?? ''} cannot be run there (status ${framed.exit}): ${framed.stderr.slice(0, 200)}`);
  }
  return { kind: 'command', exitCode: framed.exit, stdout: framed.stdout, stderr: framed.stderr };
}
