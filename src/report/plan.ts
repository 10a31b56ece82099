import type { PlaybookInfo, StepInfo } from '../event/event.js';
import type { Language } from '../text.js';
import { INDENT } from './judgement-lines.js';
import { allHarmless, padStart } from './layout.js';
import { spelled, type Screen } from './style.js';
import { hanging, viewOf, type View } from './view.js';

/** How playbooks would be started. */
export interface Schedule {
  /** How many at once. */
  readonly jobs: number;
  /** Names of all playbooks, first to last. */
  readonly order: readonly string[];
}

/** What a run would do, for `--dry-run`; ends with a line end. References stay as they are: nothing was asked yet. */
export function printPlan(
  playbooks: readonly PlaybookInfo[],
  schedule: Schedule,
  screen: Screen,
  lang: Language,
): string {
  const view = viewOf(screen, lang);
  const { words } = view;
  const steps = playbooks.reduce((sum, playbook) => sum + playbook.steps.length, 0);
  const lines = [
    ...hanging(view, '', 0, words.planTitle, 'quiet'),
    ...allHarmless(playbooks).flatMap((playbook) => [
      '',
      ...hanging(view, '', 0, `${playbook.name}  ${view.say(playbook.title)}`, 'heading'),
      ...hanging(view, '', 0, `${words.namespaces}: ${playbook.namespaces.join(', ')}`, 'quiet'),
      ...locksLines(view, playbook),
      ...playbook.steps.flatMap((step) => plannedStep(view, step)),
    ]),
    '',
    ...orderLines(view, schedule),
    words.total(playbooks.length, steps),
  ];
  return `${spelled(screen, lines.join('\n'))}\n`;
}

function locksLines(view: View, { locks = [] }: PlaybookInfo): string[] {
  return locks.length === 0 ? [] : hanging(view, '', 0, `${view.words.locks}: ${locks.join(', ')}`, 'quiet');
}

/** The order tells something only of several, and only when some of them run at once. */
function orderLines(view: View, { jobs, order }: Schedule): string[] {
  if (jobs <= 1 || order.length <= 1) return [];
  const names = order.map((name) => allHarmless(name)).join(', ');
  return hanging(view, '', 0, `${view.words.order(Math.min(jobs, order.length))}: ${names}`);
}

function plannedStep(view: View, { id, kind, title, claims, from, command }: StepInfo): string[] {
  const { words } = view;
  const number = padStart(id.slice(id.lastIndexOf('/') + 1), INDENT - 3);
  const facts = [
    kind,
    ...(claims.length === 0 ? [] : [`${words.claims} ${claims.join(' ')}`]),
    ...(from === 'api' ? [] : [`${words.from} ${from}`]),
  ];
  const indent = ' '.repeat(INDENT);
  return [
    ...hanging(view, `  ${number} `, INDENT, view.say(title)),
    ...hanging(view, indent, INDENT, facts.join(` ${view.signs.dot} `), 'quiet'),
    ...command
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => hanging(view, `${indent}$ `, INDENT + 4, line, 'quiet')),
  ];
}
