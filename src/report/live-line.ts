import { countSteps, type PlaybookState, type RunState } from '../event/state.js';
import { cut, padStart, widthOf } from './layout.js';
import type { View } from './view.js';

/** Takes the line away: back to its start, and erase to its end (ECMA-48: CR, EL). */
export const ERASE_LINE = '\r\u001b[2K';

/**
 * What is going on, on one line: how many playbooks run, the running step of the one that is being told, and the answers
 * that have come in. Empty when nothing runs.
 * @param speaker the playbook whose lines are being written
 */
export function liveLine(view: View, state: RunState, speaker: string | undefined): string {
  const { screen, signs, words } = view;
  // One column stays free: a full line makes some terminals wrap.
  const fit = (text: string): string => cut(text, screen.columns - 1, signs.more);
  const running = state.playbooks.filter(isRunning);
  const steps = (playbook: PlaybookState): PlaybookState['steps'] =>
    playbook.steps.filter(({ progress }) => progress === 'running');
  const told = running.find((each) => each.info.name === speaker && steps(each).length > 0);
  const shown = told ?? running.find((each) => steps(each).length > 0);
  const step = shown === undefined ? undefined : steps(shown)[0];
  if (shown === undefined || step === undefined) {
    return state.playbooks.some(isCleaning) ? fit(`  ${words.cleaning} ${signs.more}`) : '';
  }
  const counts = step.live.map(({ place, done, total, counts: each }) =>
    [place, `${done}/${total}`, Object.values(each).join(' + ')].filter((part) => part !== '').join(' '),
  );
  const which = running.length > 1 ? `${words.running(running.length)} ${shown.info.name} ` : '';
  const { failed } = countSteps(state);
  // Of playbooks that are told later, too.
  const bad = failed === 0 || which === '' ? '' : `${signs.failed} ${failed} `;
  // The counts are what moves: where it gets narrow, the title gives way.
  const rest = counts.map((each) => ` ${signs.dot} ${each}`).join('');
  const head = `  ${bad}${which}${progressOf(running.length > 1 ? [shown] : state.playbooks)} `;
  const room = Math.max(12, screen.columns - 1 - widthOf(head + rest));
  return view.paint('quiet', fit(head + cut(view.say(step.info.title), room, signs.more) + rest));
}

function isRunning({ progress, stepsOverMs }: PlaybookState): boolean {
  return progress === 'running' && stepsOverMs === undefined;
}

function isCleaning({ stepsOverMs, cleanedMs }: PlaybookState): boolean {
  return stepsOverMs !== undefined && cleanedMs === undefined;
}

/** `12/70`: how many steps are done. */
function progressOf(playbooks: readonly PlaybookState[]): string {
  const steps = playbooks.flatMap((playbook) => playbook.steps);
  const done = steps.filter((step) => step.progress === 'done').length;
  return `${padStart(String(done), String(steps.length).length)}/${steps.length}`;
}
