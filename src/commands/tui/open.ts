import { screenOf } from '../../report/style.js';
import type { Language } from '../../text.js';
import type { Effect } from '../../tui/action.js';
import { openScreen, type OpenScreen } from '../../tui/open.js';
import { initialTui } from '../../tui/state.js';
import { createStore, type Store } from '../../tui/store.js';
import { localeLanguage } from '../locale.js';
import type { Workbench, WorkbenchOptions } from './workbench.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** True where the terminal UI can be shown: a person at both ends, and a terminal that can rewrite its lines. */
export function canShowTui(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && screenOf(process.stdout, process.env).tty;
}

/**
 * The terminal UI, from its first picture to the restored terminal. What takes long to load is loaded after that picture.
 * @returns the exit code of the last run, 0 without any
 */
export async function openTui(options: WorkbenchOptions & { readonly lang?: Language }): Promise<number> {
  const { stdin, stdout } = process;
  const { color, unicode } = screenOf(stdout, process.env);
  const linear = process.env['INK_SCREEN_READER'] === 'true';
  let work: Workbench | undefined;
  const early: Effect[] = [];
  const store = createStore(
    initialTui({
      lang: options.lang ?? localeLanguage(process.env),
      look: { color, unicode },
      size: { columns: stdout.columns, rows: stdout.rows },
      labOption: options.lab,
    }),
    (effect) => {
      if (work === undefined) early.push(effect);
      else work.perform(effect);
    },
  );
  const screen = openScreen(store, { stdin, stdout }, linear);
  const unguard = guard(store, screen, () => work?.left() ?? []);
  try {
    return await new Promise<number>((resolve, reject) => {
      import('./workbench.js')
        .then(async ({ Workbench }) => {
          work = new Workbench(store, screen, options, resolve);
          early.splice(0).forEach(work.perform);
          await work.open();
        })
        .catch(reject);
    });
  } finally {
    unguard();
    screen.close();
    // Nothing else may keep the process: a line to a host that does not answer, or the terminal's input.
    stdin.pause();
  }
}

/** Signals mean what Ctrl-C means; a defect gives the terminal back before it is told. */
function guard(store: Store, screen: OpenScreen, left: () => readonly string[]): () => void {
  const onSignal = (): void => store.dispatch({ type: 'press', key: { name: 'ctrl-c', text: '' } });
  const onDefect = (error: unknown): void => {
    screen.close();
    const rest = left();
    process.stderr.write(
      `pilab has a defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n` +
        (rest.length === 0 ? '' : `Still on the cluster: ${rest.join(', ')}\n  remove it with: pilab clean\n`),
    );
    process.exit(3);
  };
  // A terminal that has hung up: nobody sees the rest, but the cluster must still be cleaned. A hang-up shows itself in
  // several ways at once (the signal, also passed on by a pilab that waits for us; failing writes), and must not be
  // taken for the second Ctrl-C, which leaves everything.
  const onLost = (): void => {
    screen.close();
    if (!store.get().leaving) onSignal();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  process.on('SIGHUP', onLost);
  process.on('uncaughtException', onDefect);
  process.stdout.on('error', onLost);
  process.stdin.on('error', onLost);
  return () => {
    for (const name of SIGNALS) process.off(name, onSignal);
    process.off('SIGHUP', onLost);
    process.off('uncaughtException', onDefect);
  };
}
