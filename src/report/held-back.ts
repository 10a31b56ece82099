import { criticalPath } from '../event/critical-path.js';
import type { RunState } from '../event/state.js';
import { duration } from './layout.js';
import { hanging, type View } from './view.js';

/** Links of the chain that are named; of a longer one the last. */
const LINKS = 4;
/** Steps that are named. */
const STEPS = 2;
/** A shorter link made nobody wait: a playbook that was skipped. */
const LEAST_MS = 1000;

/** What made a run of several playbooks as long as it was; nothing when they ran one after the other anyway. */
export function heldBackLines(view: View, state: RunState): string[] {
  const { words, signs } = view;
  const path = criticalPath(state).filter(({ durationMs }) => durationMs >= LEAST_MS);
  const ran = state.playbooks.filter(({ durationMs = 0 }) => durationMs >= LEAST_MS);
  const hasBeside = ran.length > path.length || path.some(({ waitedFor }) => waitedFor !== undefined);
  if (ran.length < 2 || path.length === 0 || !hasBeside) return [];
  const links = path.slice(-LINKS).map(({ playbook, durationMs, waitedFor }) => {
    const why = waitedFor === undefined ? '' : ` (${words.waitedFor(waitedFor)})`;
    return `${playbook} ${duration(durationMs)}${why}`;
  });
  const steps = path
    .flatMap((link) => link.steps)
    .sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0))
    .slice(0, STEPS)
    .map(({ info, durationMs = 0 }) => `${info.id} ${view.say(info.title)} ${duration(durationMs)}`);
  const chain = [...(path.length > LINKS ? [signs.more] : []), ...links].join(` ${signs.arrow} `);
  const text = `${words.heldBack}: ${chain}${steps.length === 0 ? '' : `; ${words.ofWhich} ${steps.join(', ')}`}`;
  return hanging(view, '  ', 2, text, 'quiet');
}
