import type { Judgement } from '../event/event.js';
import type { PlaybookState, RunState, StepState } from '../event/state.js';
import { namespacesLeft } from '../event/state.js';

/** One line about what did not pass, for the head of a failure. */
export function headlineOf(step: StepState): string {
  const lines = step.judgements.flatMap(({ place, verdict, findings }) =>
    findings
      .filter((finding) => finding.verdict !== 'passed' && verdict !== 'passed')
      .map(({ what, expected, observed }) => `${place}: ${what}: expected ${expected}; observed ${observed}`),
  );
  const more = lines.length > 1 ? ` (and ${lines.length - 1} more)` : '';
  return (lines[0] ?? 'no reason is recorded') + more;
}

/** Why a step was skipped. */
export function skipReason(step: StepState): string {
  const finding = step.judgements.flatMap(({ findings }) => findings)[0];
  return finding?.why?.en ?? finding?.observed ?? 'skipped';
}

/** Everything about the places of a step that did not pass, in English, for reports that programs keep. */
export function troubleOf(step: StepState): string {
  const trouble = step.judgements.filter(({ verdict }) => verdict === 'failed' || verdict === 'inconclusive');
  return [...trouble.map(proseOf), ...step.warnings.map((text) => `warning: ${text}`), `at ${step.info.where}`].join(
    '\n\n',
  );
}

function proseOf({ place, subject, findings, spread, evidence, next }: Judgement): string {
  return [
    `${place}  ${subject}`,
    ...findings.flatMap(({ what, expected, observed, verdict, why }) => [
      `[${verdict}] ${what}: expected ${expected}; observed ${observed}`,
      ...(why === undefined || verdict === 'passed' ? [] : [`  ${why.en}`]),
    ]),
    ...(spread === undefined
      ? []
      : [
          `answers: ${Object.entries(spread.counts)
            .map(([name, count]) => `${name} ${count}`)
            .join(', ')}`,
        ]),
    ...evidence.map(({ place: where, command, output }) => `${where} $ ${command}\n${output}`),
    ...(next.length === 0 ? [] : ['look next:', ...next.map(({ en }) => `- ${en}`)]),
  ].join('\n');
}

/** What reports call a step: its id, what it proves, its title. */
export function nameOf({ info }: StepState): string {
  const claims = info.claims.length === 0 ? '' : `[${info.claims.join(' ')}] `;
  return `${info.id} ${claims}${info.title.en}`;
}

/** How far a step without a verdict came, and what that is worth. */
export function openReason(step: StepState, run: RunState): string {
  if (step.progress === 'waiting') return 'not reached';
  return run.end?.interrupted === true ? 'interrupted' : 'the run ended in the middle of it';
}

/** Trouble outside any step: without it in a report, a broken run could look like a good one. */
export function runTrouble(state: RunState): string[] {
  const { start, end } = state;
  const left = namespacesLeft(state);
  return [
    ...(start === undefined ? ['the record is empty'] : []),
    ...(start !== undefined && end === undefined ? ['the record ends in the middle of the run'] : []),
    ...(end?.interrupted === true ? ['interrupted'] : []),
    ...(end?.error === undefined ? [] : [`${end.error.code}: ${end.error.message}`]),
    ...(end !== undefined && left.length > 0 ? [`left on the cluster: ${left.join(', ')}`] : []),
  ];
}

/** True only when every step that should have run has passed or was skipped for a reason. */
export function isGood({ steps }: PlaybookState): boolean {
  return steps.every(({ verdict }) => verdict === 'passed' || verdict === 'skipped');
}
