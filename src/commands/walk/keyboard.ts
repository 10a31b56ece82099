import { emitKeypressEvents } from 'node:readline';
import type { KeyPress } from '../../tui/key-press.js';

/** What readline tells of a key. */
interface Pressed {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
}

/** The presenter's keys, one at a time. */
export interface Keyboard {
  /** Forgets what was pressed before: while a step runs, keys must not make a class skip ahead. */
  discard(): void;
  /** The next key. The abort ends the waiting. */
  next(signal: AbortSignal): Promise<KeyPress>;
  /** Gives the terminal back as it was; safe to call more than once. */
  close(): void;
}

const NAMES: Readonly<Record<string, string>> = { return: 'enter', escape: 'esc' };
/** Keys that type nothing. */
const SPECIAL = new Set(['up', 'down', 'left', 'right', 'pageup', 'pagedown', 'home', 'end', 'backspace', 'tab']);

/**
 * Takes the keys of a terminal, unbuffered and without echo. Ctrl-C stays what it is elsewhere, a SIGINT to this process;
 * Ctrl-Z gives the terminal back and stops all that belongs to this command, until `fg`.
 * @param display what is on the terminal meanwhile
 */
export function keyboardOn(
  stdin: NodeJS.ReadStream,
  display: {
    /** Before Ctrl-Z stops the process. */
    leaveTerminal(): void;
    /** After `fg`. */
    redraw(): void;
  },
): Keyboard {
  let closed = false;
  let waiting: ((key: KeyPress) => void) | undefined;
  let pressed: KeyPress[] = [];
  const raw = (on: boolean): void => {
    try {
      stdin.setRawMode(on);
    } catch {
      // The terminal is gone.
    }
  };
  const onKey = (text: string | undefined, sent: Pressed): void => {
    const key = keyPress(text, sent);
    if (key.name === 'ctrl-c') {
      process.kill(process.pid, 'SIGINT');
    } else if (key.name === 'ctrl-z') {
      display.leaveTerminal();
      raw(false);
      // To the whole group, as the terminal does it: a pilab that waits for this one stops with it.
      process.kill(0, 'SIGTSTP');
    } else if (waiting === undefined) {
      pressed.push(key);
    } else {
      waiting(key);
    }
  };
  const onCont = (): void => {
    if (closed) return;
    raw(true);
    display.redraw();
  };
  const onLost = (): void => undefined;
  const close = (): void => {
    if (closed) return;
    closed = true;
    stdin.off('keypress', onKey);
    process.off('SIGCONT', onCont).off('exit', close);
    raw(false);
    // Nothing else keeps the process.
    stdin.pause();
  };
  emitKeypressEvents(stdin);
  stdin.on('keypress', onKey).on('error', onLost);
  process.on('SIGCONT', onCont).on('exit', close);
  raw(true);
  stdin.resume();
  return {
    discard: () => void (pressed = []),
    next: (signal) => {
      // A question of SSH in between leaves the terminal as readline likes it.
      raw(true);
      stdin.resume();
      const before = pressed.shift();
      if (before !== undefined) return Promise.resolve(before);
      return new Promise<KeyPress>((resolve, reject) => {
        const onAbort = (): void => {
          waiting = undefined;
          reject(signal.reason instanceof Error ? signal.reason : new Error('interrupted'));
        };
        if (signal.aborted) {
          onAbort();
          return;
        }
        signal.addEventListener('abort', onAbort, { once: true });
        waiting = (key) => {
          waiting = undefined;
          signal.removeEventListener('abort', onAbort);
          resolve(key);
        };
      });
    },
    close,
  };
}

/** One key, whatever the terminal sent for it. */
export function keyPress(text: string | undefined, { name = '', ctrl = false }: Pressed): KeyPress {
  if (ctrl && name.length === 1) return { name: `ctrl-${name}`, text: '' };
  if (name in NAMES) return { name: NAMES[name] ?? name, text: '' };
  if (name === 'enter') return { name: 'enter', text: '' };
  if (SPECIAL.has(name)) return { name, text: '' };
  if (name === 'space') return { name: 'space', text: ' ' };
  const typed = text ?? '';
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /^[\u0000-\u001f\u007f]/.test(typed) ? { name, text: '' } : { name: typed, text: typed };
}
