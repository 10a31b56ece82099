import type { Reporter, RunEvent } from '../event/event.js';
import { initialState, reduce, type PlaybookState, type RunState } from '../event/state.js';
import type { Language } from '../text.js';
import { Blocks } from './blocks.js';
import { allHarmless } from './layout.js';
import { ERASE_LINE, liveLine } from './live-line.js';
import { cleanupLines, endLines, factsLines, playbookLines, startLines } from './run-lines.js';
import { stepLines } from './step-lines.js';
import { spelled, type Screen } from './style.js';
import { hanging, viewOf, type View } from './view.js';

export interface PlainOptions extends Screen {
  readonly write: (text: string) => void;
  readonly lang: Language;
  /** True: a step that ends now is not told, though its result is known. @default never */
  readonly quiet?: () => boolean;
}

/**
 * The terminal's plain display: each step once it is done, each playbook as a whole, in the order in which they began.
 * What was written is never taken back, except, on a terminal, one line about what is going on.
 */
export function plainReporter({ write, lang, quiet = () => false, ...screen }: PlainOptions): Reporter {
  const view = viewOf(screen, lang);
  let state = initialState();
  let live = '';

  const print = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    write(`${erase()}${spelled(screen, lines.join('\n'))}\n`);
  };
  const erase = (): string => {
    const before = live === '' ? '' : ERASE_LINE;
    live = '';
    return before;
  };
  const blocks = new Blocks(print);
  return {
    onEvent: (raw) => {
      // What was observed is never shown, and may be a thousand requests.
      const event = raw.type === 'observed' ? raw : allHarmless(raw);
      state = reduce(state, event);
      const playbook = playbookOf(state, event);
      if (event.type === 'run-finished') blocks.flush();
      const lines = event.type === 'step-finished' && quiet() ? [] : linesOf(view, state, event);
      if (playbook === undefined) print(lines);
      else blocks.add(playbook.info.name, lines);
      if (event.type === 'cleanup-finished') blocks.close(event.playbook);
      if (!screen.tty) return;
      const now = event.type === 'run-finished' ? '' : spelled(screen, liveLine(view, state, blocks.speaker));
      if (now === live) return;
      write(erase() + now);
      live = now;
    },
    onEnd: () => {
      if (state.start === undefined || state.end !== undefined) return;
      // Without its last event, the run was cut short: say so instead of just ending.
      blocks.flush();
      print(endLines(view, state));
    },
  };
}

/** What an event adds to the display. */
function linesOf(view: View, state: RunState, event: RunEvent): readonly string[] {
  switch (event.type) {
    case 'run-started':
      return startLines(view, event);
    case 'cluster-read':
      return factsLines(view, event.facts);
    case 'step-finished': {
      const step = playbookOf(state, event)?.steps.find(({ info }) => info.id === event.step);
      return step === undefined ? [] : stepLines(view, step);
    }
    case 'warning':
      return event.step === undefined
        ? hanging(view, '! ', 2, `${view.words.warning}: ${event.message}`, 'warning')
        : [];
    case 'cleanup-finished': {
      const playbook = playbookOf(state, event);
      return playbook === undefined ? [] : cleanupLines(view, playbook, event.durationMs);
    }
    case 'run-finished':
      return endLines(view, state);
    case 'playbook-started': {
      const playbook = playbookOf(state, event);
      return playbook === undefined ? [] : playbookLines(view, playbook);
    }
    case 'playbook-finished':
    case 'step-started':
    case 'progress':
    case 'measured':
    case 'observed':
    case 'judged':
    case 'cleanup-started':
      return [];
  }
}

/** The playbook in whose block an event is told. */
function playbookOf(state: RunState, event: RunEvent): PlaybookState | undefined {
  switch (event.type) {
    case 'playbook-started':
    case 'cleanup-finished':
      return state.playbooks.find(({ info }) => info.name === event.playbook);
    case 'step-finished':
      return state.playbooks.find(({ info }) => info.name === event.step.slice(0, event.step.lastIndexOf('/')));
    default:
      return undefined;
  }
}
