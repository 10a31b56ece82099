import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** A look at the screen costs a few milliseconds. */
const LOOK_EVERY_MS = 50;
/** The shell's own prompt: nothing of pilab looks like it. */
const PROMPT = 'shell>';

/** A terminal (tmux) with a shell in it, in which a person would type. */
export interface TerminalPane {
  /** Types a line and presses Enter. */
  type(line: string): Promise<void>;
  /** Presses keys by tmux's names (`Enter`, `C-c`, `NPage`), or characters. */
  press(...keys: readonly string[]): Promise<void>;
  /** What stands on the screen now; lines without trailing blanks. */
  screen(options?: { readonly colours?: boolean }): Promise<string>;
  /** Looks until the screen holds this. @throws with the last screen when it does not within the limit */
  until(wanted: string | RegExp, limitMs?: number): Promise<string>;
  resize(columns: number, rows: number): Promise<void>;
  /** Everything that a program can leave behind: alternate screen, hidden cursor, the line discipline (`stty -a`). */
  modes(): Promise<TerminalModes>;
  /** What a program has put into the terminal's clipboard (OSC 52). */
  clipboard(): Promise<string>;
  /** Process id of what the shell has started; undefined: nothing. */
  child(): Promise<number | undefined>;
  /** Hangs up. */
  close(): Promise<void>;
}

/** See {@link TerminalPane.modes}. */
export interface TerminalModes {
  readonly alternate: string;
  readonly cursor: string;
  readonly stty: string;
}

/** @param env set besides PATH and TERM; nothing else of ours is inherited */
export async function terminalPane(options: {
  readonly columns: number;
  readonly rows: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}): Promise<TerminalPane> {
  const { columns, rows, cwd, env } = options;
  const name = `pilab-test-${randomBytes(4).toString('hex')}`;
  const tmux = async (...argv: readonly string[]): Promise<string> => {
    const inherited = { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8' };
    const result = await execa('tmux', ['-u', '-L', name, '-f', '/dev/null', ...argv], {
      cwd,
      extendEnv: false,
      env: { ...inherited, ...env },
      stdin: 'ignore',
      stripFinalNewline: true,
    });
    return result.stdout;
  };
  // dash edits no lines, so the terminal is in its ordinary state while it waits for one; -m: job control.
  const shell = ['env', `PS1=${PROMPT} `, 'dash', '-i', '-m'];
  await tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '--', ...shell);
  await tmux('set-option', '-s', 'set-clipboard', 'on');
  onTestFinished(async () => {
    await tmux('kill-server').catch(() => undefined);
  });
  const of = (format: string): Promise<string> => tmux('display-message', '-p', format);
  const pane: TerminalPane = {
    type: async (line) => {
      await tmux('send-keys', '-l', '--', line);
      await tmux('send-keys', 'Enter');
    },
    press: async (...keys) => {
      await tmux('send-keys', '--', ...keys);
    },
    screen: async ({ colours = false } = {}) => tmux('capture-pane', '-p', ...(colours ? ['-e'] : [])),
    until: async (wanted, limitMs = 10_000) => {
      const holds = (screen: string): boolean =>
        typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen);
      const endAt = performance.now() + limitMs;
      for (;;) {
        const screen = await pane.screen();
        if (holds(screen)) return screen;
        if (performance.now() > endAt) throw new Error(`not on the screen: ${String(wanted)}\n${screen}`);
        await sleep(LOOK_EVERY_MS);
      }
    },
    resize: async (width, height) => {
      await tmux('resize-window', '-x', String(width), '-y', String(height));
    },
    modes: async () => {
      const [alternate = '', cursor = '', tty = ''] = (await of('#{alternate_on} #{cursor_flag} #{pane_tty}')).split(
        ' ',
      );
      const { stdout } = await execa('stty', ['-F', tty, '-a']);
      // The size is the terminal's own, and reaches it a moment after it was asked for.
      return { alternate, cursor, stty: stdout.replace(/rows \d+; columns \d+; /, '') };
    },
    clipboard: () => tmux('show-buffer'),
    child: async () => {
      const shellPid = await of('#{pane_pid}');
      const [first = ''] = (await readFile(`/proc/${shellPid}/task/${shellPid}/children`, 'utf8')).split(' ');
      return first === '' ? undefined : Number.parseInt(first, 10);
    },
    close: async () => {
      await tmux('kill-server');
    },
  };
  await pane.until(PROMPT);
  return pane;
}
