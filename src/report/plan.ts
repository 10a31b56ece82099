import type { PlaybookInfo, StepInfo } from '../event/event.js';
import type { Language } from '../text.js';
import { INDENT } from './judgement-lines.js';
import { allHarmless, padStart } from './layout.js';
import { spelled, type Screen } from './style.js';
import { hanging, viewOf, type View } from './view.js';

/** What a run would do, for `--dry-run`; ends with a line end. References stay as they are: nothing was asked yet. */
export function printPlan(playbooks: readonly PlaybookInfo[], screen: Screen, lang: Language): string {
  const view = viewOf(screen, lang);
  const { words } = view;
  const steps = playbooks.reduce((sum, playbook) => sum + playbook.steps.length, 0);
  const lines = [
    ...hanging(view, '', 0, words.planTitle, 'quiet'),
    ...allHarmless(playbooks).flatMap((playbook) => [
      '',
      ...hanging(view, '', 0, `${playbook.name}  ${view.say(playbook.title)}`, 'heading'),
      ...hanging(view, '', 0, `${words.namespaces}: ${playbook.namespaces.join(', ')}`, 'quiet'),
      ...playbook.steps.flatMap((step) => plannedStep(view, step)),
    ]),
    '',
    words.total(playbooks.length, steps),
  ];
  return `${spelled(screen, lines.join('\n'))}\n`;
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
