import { stringify } from 'yaml';
import type { Judgement } from '../event/event.js';
import { namespacesLeft, type PlaybookState, type RunState, type StepState } from '../event/state.js';
import { isGood, nameOf, openReason, runTrouble, skipReason } from './prose.js';

/**
 * The run as TAP 14: a subtest for each playbook, a test point for each step, diagnostics as YAML. What could not be
 * measured is `not ok`. A run that broke off bails out, so that no consumer takes it for a whole one.
 */
export function tapReport(state: RunState): string {
  const lines = ['TAP version 14'];
  if (state.start?.lab.simulated === true) lines.push('# SIMULATED: no real cluster was measured');
  const trouble = runTrouble(state);
  // What is left on the cluster is the end of a whole run, and a test point; everything else in the list cuts it short.
  const left = state.end === undefined ? [] : namespacesLeft(state);
  const broken = trouble.filter((_, index) => left.length === 0 || index < trouble.length - 1);
  lines.push(`1..${state.playbooks.length + (left.length > 0 ? 1 : 0)}`);
  for (const [index, playbook] of state.playbooks.entries()) lines.push(...subtest(playbook, index + 1, state));
  if (left.length > 0) {
    lines.push(
      `not ok ${state.playbooks.length + 1} - clean-up`,
      ...indented(diagnostics({ left, hint: 'pilab clean' }), 2),
    );
  }
  if (broken[0] !== undefined) lines.push(`Bail out! ${oneLine(broken[0])}`);
  return `${lines.join('\n')}\n`;
}

function subtest(playbook: PlaybookState, number: number, state: RunState): string[] {
  const { info, steps, verdict } = playbook;
  const inner = [`1..${steps.length}`, ...steps.flatMap((step, index) => point(step, index + 1, state))];
  const skip = steps.length > 0 && steps.every((step) => step.verdict === 'skipped');
  return [
    `# Subtest: ${escaped(info.name)}`,
    ...indented(inner, 4),
    `${verdict !== undefined && isGood(playbook) ? 'ok' : 'not ok'} ${number} - ${escaped(`${info.name} ${info.title.en}`)}${skip ? ' # SKIP' : ''}`,
  ];
}

function point(step: StepState, number: number, state: RunState): string[] {
  const name = `${number} - ${escaped(nameOf(step))}`;
  const { verdict, durationMs } = step;
  if (verdict === 'passed')
    return [`ok ${name}`, ...(durationMs === undefined ? [] : indented(diagnostics({ duration_ms: durationMs }), 2))];
  if (verdict === 'skipped') return [`ok ${name} # SKIP ${escaped(skipReason(step))}`];
  if (verdict === undefined) {
    const reason = openReason(step, state);
    return step.progress === 'waiting'
      ? [`ok ${name} # SKIP ${reason}`]
      : [`not ok ${name}`, ...indented(diagnostics({ verdict: reason }), 2)];
  }
  const places = step.judgements
    .filter((each) => each.verdict !== 'passed')
    .map(({ place, subject, verdict: word, findings, spread, matrix, evidence, next }) => ({
      place,
      subject,
      verdict: word,
      findings: findings.map(({ why, ...rest }) => ({ ...rest, ...(why === undefined ? {} : { why: why.en }) })),
      ...(spread === undefined ? {} : { answers: spread.counts }),
      ...(matrix === undefined ? {} : { matrix: countsByEntry(matrix) }),
      evidence,
      next: next.map(({ en }) => en),
    }));
  const facts = { verdict, duration_ms: durationMs, at: step.info.where, claims: step.info.claims, places };
  return [`not ok ${name}`, ...indented(diagnostics(facts), 2)];
}

function diagnostics(value: object): string[] {
  // Long lines stay whole and strings are never shared, so that line-based consumers can read them.
  const yaml = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
  return ['---', ...yaml.split('\n'), '...'];
}

function indented(lines: readonly string[], spaces: number): string[] {
  const indent = ' '.repeat(spaces);
  return lines.map((line) => (line === '' ? line : indent + line));
}

/** A description ends at a line end, and a `#` begins a directive. */
function escaped(text: string): string {
  return oneLine(text).replaceAll(/[\\#]/g, '\\$&');
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}

/** Entry → pod → answers. */
function countsByEntry(matrix: NonNullable<Judgement['matrix']>): Record<string, Readonly<Record<string, number>>> {
  return Object.fromEntries(matrix.map(({ entry, spread }) => [entry, spread.counts]));
}
