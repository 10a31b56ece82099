/** Escape sequences of xterm and all that follow it (xterm control sequences, ctlseqs). */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[2J\u001b[H';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const CLEAR = '\u001b[2J\u001b[H';

/** The terminal, as far as the screen needs it. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** Takes the whole terminal, and gives it back as it was, once, however often it is asked. */
export interface Stage {
  enter(): void;
  leave(): void;
  clear(): void;
  readonly entered: boolean;
}

/** @param alternate false: the screen reader's linear text stays in the ordinary flow of the terminal */
export function stageOn({ stdin, stdout }: Terminal, alternate: boolean): Stage {
  let entered = false;
  const write = (text: string): void => {
    // A terminal that has hung up takes nothing any more; that must not hide why we leave.
    if (stdout.writable) stdout.write(text);
  };
  return {
    get entered() {
      return entered;
    },
    enter: () => {
      if (entered) return;
      entered = true;
      // At once, so that keys pressed before the first picture are not echoed into it.
      stdin.setRawMode(true);
      if (alternate) write(ENTER);
    },
    leave: () => {
      if (!entered) return;
      entered = false;
      try {
        stdin.setRawMode(false);
      } catch {
        // The terminal is gone.
      }
      write(alternate ? LEAVE : '\u001b[?25h');
    },
    clear: () => {
      if (entered && alternate) write(CLEAR);
    },
  };
}

/** OSC 52: puts text into the clipboard of the terminal, also over SSH; terminals that do not know it ignore it. */
export function clipboardSequence(text: string): string {
  return `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
}
