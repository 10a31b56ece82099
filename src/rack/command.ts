import { execa } from 'execa';
import { messageOf, PilabError } from '../errors.js';

/** How to run a command of the rack. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Record<string, string>;
  /** Text for standard input. @default nothing: the command reads end-of-file */
  readonly input?: string;
  /** Give up after so many milliseconds. @default never */
  readonly timeout?: number;
}

/** Last lines of a command's complaints: where the reason nearly always is. */
function tail(text: string, lines = 12): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Runs an argument vector and gives its standard output; a failure is an error that quotes the command's last words. */
export async function command(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const [file = '', ...args] = argv;
  const { input, ...rest } = options;
  try {
    const result = await execa(file, args, {
      ...rest,
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
      maxBuffer: 64 * 1024 * 1024,
    });
    return result.stdout;
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : '';
    throw new PilabError({
      code: 'RACK_COMMAND_FAILED',
      message: `${argv.slice(0, 6).join(' ')}${argv.length > 6 ? ' …' : ''} failed:\n${tail(stderr) || messageOf(error)}`,
      exitCode: 3,
      cause: error,
    });
  }
}

/**
 * Wraps a builder that starts others: they end with us, even when we are killed, and their mounts are nobody else's.
 * Otherwise what an interrupted build left running would still write into the folder that the next one starts afresh.
 */
export function contained(argv: readonly string[]): string[] {
  const apart = ['unshare', '--mount', '--pid', '--mount-proc', '--fork', '--kill-child'];
  return ['setpriv', '--pdeathsig', 'KILL', '--', ...apart, '--', ...argv];
}

/** Whether an argument vector succeeds; its output is dropped. */
export async function succeeds(argv: readonly string[], options: CommandOptions = {}): Promise<boolean> {
  try {
    await command(argv, options);
    return true;
  } catch {
    return false;
  }
}

/** Path of a static file that ships with the rack. */
export function rackFile(name: string): string {
  return new URL(`./files/${name}`, import.meta.url).pathname;
}
