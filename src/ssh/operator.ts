import { StringDecoder } from 'node:string_decoder';
import { execa } from 'execa';
import { messageOf } from '../errors.js';
import type { Host } from '../ports/host.js';
import { sshError } from './errors.js';

const COMMAND_TIMEOUT_MS = 60_000;

/**
 * The operator's own machine as a host: commands run as they are, without a shell. `sudo` is nothing extra for root and
 * `sudo -n` for everybody else.
 */
export function operatorHost(): Host {
  const name = 'operator';
  return {
    name,
    exec: async (argv, { sudo = false, timeoutMs = COMMAND_TIMEOUT_MS, signal, stdin, onStdout } = {}) => {
      const [program, ...rest] = sudo && process.getuid?.() !== 0 ? ['sudo', '-n', '--', ...argv] : argv;
      if (program === undefined) throw sshError('SSH_CHANNEL', name, 'a command needs at least one word');
      const timeout = AbortSignal.timeout(timeoutMs);
      const stop = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
      const child = execa(program, rest, {
        reject: false,
        cancelSignal: stop,
        killSignal: 'SIGKILL',
        stripFinalNewline: false,
        maxBuffer: Number.MAX_SAFE_INTEGER,
        ...(stdin === undefined ? { stdin: 'ignore' } : { input: stdin }),
      });
      // A grandchild that outlives the kill would hold the streams open, and us with them.
      stop.addEventListener('abort', () => {
        child.stdout.destroy();
        child.stderr.destroy();
      });
      const decoder = new StringDecoder('utf8');
      let listenerError: unknown;
      child.stdout.on('data', (chunk: Buffer) => {
        try {
          onStdout?.(decoder.write(chunk));
        } catch (error) {
          listenerError ??= error;
        }
      });
      const result = await child;
      if (listenerError !== undefined) throw listenerError as Error;
      if (signal?.aborted && result.isCanceled) throw sshError('SSH_ABORTED', name, `${program} was interrupted`);
      if (result.isCanceled) {
        throw sshError('SSH_TIMEOUT', name, `${program} did not finish within ${timeoutMs / 1000} s`);
      }
      if (result.exitCode === undefined && result.signal === undefined) {
        throw sshError('SSH_CHANNEL', name, `${program} could not be started: ${messageOf(result.cause)}`, {
          hint: `is ${program} installed?`,
          cause: result.cause,
        });
      }
      return {
        stdout: result.stdout,
        stderr: result.stderr,
        exitCode: result.exitCode ?? null,
        signal: result.signal?.replace(/^SIG/, ''),
        durationMs: result.durationMs,
      };
    },
  };
}
