import { frameLines } from './frame.js';
import { loadMount } from './load-mount.js';
import type { Mounted } from './mount.js';
import type { Store } from './store.js';
import { clipboardSequence, stageOn, type Terminal } from './terminal.js';

/** An open screen. */
export interface OpenScreen {
  /** Puts text into the terminal's clipboard. */
  copy(text: string): void;
  /** Draws everything again. */
  redraw(): void;
  /** Gives the terminal back, as it was, and stops this process until `fg`. */
  suspend(): void;
  /** Gives the terminal back for good; safe to call at any time, more than once. */
  close(): void;
}

/**
 * Takes the terminal and shows the store on it. The first picture is drawn at once, without ink, which takes longer to
 * load than a person likes to wait; then ink takes over.
 * @param linear plain lines in the ordinary flow of the terminal, for screen readers
 */
export function openScreen(store: Store, terminal: Terminal, linear: boolean): OpenScreen {
  const { stdout } = terminal;
  const stage = stageOn(terminal, !linear);
  let mounted: Mounted | undefined;
  let closed = false;

  const show = (): void => {
    stage.enter();
    if (!linear) stdout.write(frameLines(store.get()).join('\r\n'));
    void loadMount().then((mount) => {
      // Left or stepped aside in the meantime.
      if (closed || !stage.entered || mounted !== undefined) return;
      stage.clear();
      mounted = mount(store, terminal, linear);
    }, crash);
  };
  const hide = (): void => {
    mounted?.unmount();
    mounted = undefined;
    stage.leave();
  };
  const onResize = (): void => {
    const { columns, rows } = stdout;
    const { size } = store.get();
    if (columns === size.columns && rows === size.rows) return;
    if (!linear) {
      mounted?.forget();
      stage.clear();
    }
    store.dispatch({ type: 'resize', columns, rows });
  };
  const onContinue = (): void => {
    if (closed || stage.entered) return;
    store.dispatch({ type: 'resize', columns: stdout.columns, rows: stdout.rows });
    show();
  };
  const crash = (error: unknown): void => {
    hide();
    throw error;
  };
  stdout.on('resize', onResize);
  process.on('SIGCONT', onContinue);
  // Whatever ends the process, the terminal is given back.
  process.on('exit', hide);
  show();
  return {
    copy: (text) => void stdout.write(clipboardSequence(text)),
    redraw: () => {
      hide();
      show();
    },
    suspend: () => {
      hide();
      // To the whole group, as the terminal does it for Ctrl-Z: a pilab that waits for this one stops with it.
      process.kill(0, 'SIGTSTP');
    },
    close: () => {
      if (closed) return;
      closed = true;
      stdout.off('resize', onResize);
      process.off('SIGCONT', onContinue);
      process.off('exit', hide);
      hide();
      // The last text stays; ink leaves the cursor at the end of its last line.
      if (linear) stdout.write('\n');
    },
  };
}
