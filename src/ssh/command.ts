import type { ClientChannel } from 'ssh2';
import type { PilabError } from '../errors.js';
import type { ExecResult } from '../ports/host.js';
import type { Connection } from './connection.js';
import { sshError } from './errors.js';

/** One command on a connection, quoted already. */
export interface Command {
  /** A line for the login shell. */
  readonly line: string;
  /** The program's name, for messages: whole command lines may hold tokens. */
  readonly program: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly stdin?: string;
  readonly onStdout?: (chunk: string) => void;
  /** Takes standard input and the start of standard error over (sudo's questions). */
  readonly dialogue?: Dialogue;
}

/** A talk with a program that asks before it starts. */
export interface Dialogue {
  /** Gets each piece of standard error; gives back what of it is the command's own. @throws to end the command */
  onStderr(chunk: string, channel: ClientChannel): string;
  /** Looks at the result; an error here is the command's. */
  onEnd(result: ExecResult): PilabError | undefined;
}

/**
 * Runs a command to its end. A time-out or an abort ends the remote process as well as SSH can: a KILL signal, then the
 * channel is closed. OpenSSH's sshd passes signals on since 7.9, but not to processes of another user, so what runs
 * under sudo only notices that its standard streams are gone.
 * @throws PilabError `SSH_TIMEOUT`, `SSH_ABORTED`, `SSH_LOST`, `SSH_CHANNEL`, or the dialogue's own
 */
export async function runCommand(connection: Connection, command: Command): Promise<ExecResult> {
  const { signal, timeoutMs, program } = command;
  const name = connection.host.name;
  const started = performance.now();
  let channel: ClientChannel | undefined;
  let timer: NodeJS.Timeout | undefined;
  const settled = new AbortController();
  try {
    return await new Promise<ExecResult>((resolve, reject) => {
      const abort = (): void => reject(sshError('SSH_ABORTED', name, `${program} was interrupted`));
      if (signal?.aborted) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort, { signal: settled.signal });
      timer = setTimeout(() => {
        reject(
          sshError('SSH_TIMEOUT', name, `${program} did not finish within ${timeoutMs / 1000} s`, {
            hint: 'ssh.commandTimeout in the lab file sets the limit',
          }),
        );
      }, timeoutMs);
      // An end of standard input right away would bar a later signal (ssh2 sends none after EOF), so a command without
      // input reads /dev/null and the channel stays open.
      const line = command.stdin === undefined && !command.dialogue ? `${command.line} </dev/null` : command.line;
      connection
        .exec(line, (opened) => {
          if (settled.signal.aborted) {
            kill(opened);
            return;
          }
          channel = opened;
          collect(connection, opened, command, started).then(resolve, reject);
        })
        .catch(reject);
    });
  } catch (error) {
    if (channel !== undefined) kill(channel);
    throw error;
  } finally {
    clearTimeout(timer);
    settled.abort();
  }
}

function collect(
  connection: Connection,
  channel: ClientChannel,
  { stdin, onStdout, dialogue }: Command,
  started: number,
): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    let exitCode: number | null = null;
    let signal: string | undefined;
    let open = 2;
    const onClosed = (): void => {
      if (--open > 0) return;
      // Without a status and without a connection nobody knows how the command ended.
      if (connection.lost && exitCode === null && signal === undefined) {
        reject(connection.lossError());
        return;
      }
      const result = { stdout, stderr, exitCode, signal, durationMs: performance.now() - started };
      const error = dialogue?.onEnd(result);
      if (error === undefined) resolve(result);
      else reject(error);
    };
    // Exceptions of a listener must not reach ssh2's parser, which would take them for a broken protocol.
    const guarded = (task: () => void) => (): void => {
      try {
        task();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    channel.setEncoding('utf8');
    channel.stderr.setEncoding('utf8');
    channel.on('data', (chunk: string) => {
      stdout += chunk;
      guarded(() => onStdout?.(chunk))();
    });
    channel.stderr.on('data', (chunk: string) => {
      guarded(() => (stderr += dialogue === undefined ? chunk : dialogue.onStderr(chunk, channel)))();
    });
    channel.on('exit', (code: number | null, name?: string) => {
      exitCode = code;
      signal = name?.replace(/^SIG/, '');
    });
    // Writing to a command that has ended already.
    channel.on('error', () => undefined);
    channel.on('close', onClosed);
    channel.stderr.on('close', onClosed);
    if (dialogue === undefined && stdin !== undefined) channel.end(stdin);
  });
}

function kill(channel: ClientChannel): void {
  channel.on('error', () => undefined);
  channel.signal('KILL');
  channel.close();
  // Nobody reads the rest.
  channel.resume();
  channel.stderr.resume();
}
