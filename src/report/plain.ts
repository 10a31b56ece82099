import type { Reporter, RunEvent } from '../event/event.js';
import { initialState, reduce, type PlaybookState, type RunState } from '../event/state.js';
import type { Language } from '../text.js';
import { allHarmless, cut, widthOf } from './layout.js';
import { cleanupLines, endLines, factsLines, playbookLines, progressOf, startLines } from './run-lines.js';
import { stepLines } from './step-lines.js';
import { spelled, type Screen } from './style.js';
import { hanging, viewOf, type View } from './view.js';

export interface PlainOptions extends Screen {
  readonly write: (text: string) => void;
  readonly lang: Language;
}

/** Back to the line's start, and erase to its end (ECMA-48: CR, EL). */
const ERASE = '\r\u001b[2K';

/**
 * The terminal's plain display: each step once it is done, in the order of the events. What was written is never taken
 * back, except, on a terminal, one line about what is going on.
 */
export function plainReporter({ write, lang, ...screen }: PlainOptions): Reporter {
  const view = viewOf(screen, lang);
  let state = initialState();
  let headline: string | undefined;
  let live = '';

  const print = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    write(`${erase()}${spelled(screen, lines.join('\n'))}\n`);
  };
  const erase = (): string => {
    const before = live === '' ? '' : ERASE;
    live = '';
    return before;
  };
  /** Playbooks may run side by side: whoever speaks says first which one it is. */
  const under = (playbook: PlaybookState | undefined, lines: readonly string[]): readonly string[] => {
    if (playbook === undefined || headline === playbook.info.name) return lines;
    headline = playbook.info.name;
    return [...playbookLines(view, playbook), ...lines];
  };
  return {
    onEvent: (raw) => {
      // What was observed is never shown, and may be a thousand requests.
      const event = raw.type === 'observed' ? raw : allHarmless(raw);
      state = reduce(state, event);
      print(under(playbookOf(state, event), linesOf(view, state, event)));
      if (!screen.tty) return;
      const now = event.type === 'run-finished' ? '' : spelled(screen, liveLine(view, state, event));
      if (now === live) return;
      write(erase() + now);
      live = now;
    },
    onEnd: () => {
      // Without its last event, the run was cut short: say so instead of just ending.
      if (state.start !== undefined && state.end === undefined) print(endLines(view, state));
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
    case 'playbook-started':
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

/** The playbook that an event is about, where that decides under which headline it stands. */
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

/** What is going on, on one line: the running step, and the answers that have come in. */
function liveLine(view: View, state: RunState, event: RunEvent): string {
  const { screen, signs, words } = view;
  const running = state.playbooks.flatMap(({ steps }) => steps).find((step) => step.progress === 'running');
  // One column stays free: a full line makes some terminals wrap.
  const fit = (text: string): string => cut(text, screen.columns - 1, signs.more);
  if (running === undefined) return event.type === 'cleanup-started' ? fit(`  ${words.cleaning} ${signs.more}`) : '';
  const counts = running.live.map(({ place, done, total, counts: each }) =>
    [place, `${done}/${total}`, Object.values(each).join(' + ')].filter((part) => part !== '').join(' '),
  );
  // The counts are what moves: where it gets narrow, the title gives way.
  const rest = counts.map((each) => ` ${signs.dot} ${each}`).join('');
  const head = `  ${progressOf(state)} `;
  const room = Math.max(12, screen.columns - 1 - widthOf(head + rest));
  return view.paint('quiet', fit(head + cut(view.say(running.info.title), room, signs.more) + rest));
}
