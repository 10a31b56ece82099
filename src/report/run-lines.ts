import type { ClusterFacts, Verdict } from '../event/event.js';
import { countSteps, namespacesLeft, type PlaybookState, type RunState } from '../event/state.js';
import { heldBackLines } from './held-back.js';
import { duration, padEnd, widthOf } from './layout.js';
import { hanging, type View } from './view.js';

/** What is known before the first call: run and lab. */
export function startLines(view: View, start: NonNullable<RunState['start']>): string[] {
  const { words } = view;
  return [
    ...(start.lab.simulated ? [view.paint('warning', words.simulated)] : []),
    ...fact(view, words.run, `${start.run}  pilab ${start.pilab}  ${moment(start.startedAt)}`),
    ...fact(view, words.lab, start.lab.name),
  ];
}

/** `2026-11-26T11:07:49.120Z` → `2026-11-26 11:07:49 UTC`: the run's id counts in UTC too. */
function moment(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}

/** What the cluster says of itself. */
export function factsLines(view: View, facts: ClusterFacts): string[] {
  const { words } = view;
  const lines = fact(
    view,
    words.cluster,
    `Kubernetes ${facts.serverVersion}, ${words.proxy} ${facts.proxyMode}, ${words.podNetwork} ${facts.cni}`,
  );
  const rows = facts.nodes.map(({ name, role, address, architecture, ready, kubeletVersion }) => [
    name,
    address,
    architecture,
    [
      ...(role === 'control-plane' ? [words.controlPlane] : []),
      ...(ready ? [] : [words.notReady]),
      // Only a node that runs another version than the API server is worth a word.
      ...(kubeletVersion === facts.serverVersion ? [] : [`kubelet ${kubeletVersion}`]),
    ].join(', '),
  ]);
  return [
    ...lines,
    ...rows.flatMap((row, index) =>
      fact(view, index === 0 ? words.nodes : '', columnsOf(row, rows), !facts.nodes[index]?.ready),
    ),
  ];
}

function columnsOf(row: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = row.map((_, column) => Math.max(...rows.map((each) => widthOf(each[column] ?? ''))));
  return row
    .map((cell, column) => padEnd(cell, widths[column] ?? 0))
    .join('  ')
    .trimEnd();
}

function fact(view: View, name: string, text: string, warn = false): string[] {
  const { words } = view;
  const label = Math.max(...[words.run, words.lab, words.cluster, words.nodes].map(widthOf));
  return hanging(view, `${view.paint('quiet', padEnd(name, label))}  `, label + 2, text, warn ? 'warning' : 'plain');
}

/** The headline of a playbook. */
export function playbookLines(view: View, { info }: PlaybookState): string[] {
  const { words } = view;
  return [
    '',
    ...hanging(view, '', 0, `${info.name}  ${view.say(info.title)}`, 'heading'),
    ...hanging(view, '', 0, `${words.namespaces}: ${info.namespaces.join(', ')}`, 'quiet'),
  ];
}

/** How the clean-up of a playbook went. */
export function cleanupLines(view: View, { info, left }: PlaybookState, durationMs: number): string[] {
  const { words, signs } = view;
  if (left.length > 0) return hanging(view, '! ', 2, `${words.left}: ${left.join(', ')}`, 'warning');
  const done = `${signs.passed}     ${words.cleaned}: ${info.namespaces.join(', ')}  ${duration(durationMs)}`;
  return hanging(view, '', 6, done, 'quiet');
}

function leftLines(view: View, { end }: RunState, left: readonly string[]): string[] {
  const { words } = view;
  if (end?.kept !== undefined) {
    const { playbook, next } = end.kept;
    return [
      ...hanging(view, '! ', 2, `${words.kept(next)}: ${left.join(', ')}`, 'warning'),
      ...hanging(view, '  ', 2, words.keptHint(playbook)),
    ];
  }
  return [
    ...hanging(view, '! ', 2, `${words.left}: ${left.join(', ')}`, 'warning'),
    ...hanging(view, '  ', 2, words.leftHint),
  ];
}

/** The end: what did not pass, the counts, and what is left. */
export function endLines(view: View, state: RunState): string[] {
  const { words, signs, paint, screen } = view;
  const { end } = state;
  const counts = end?.steps ?? countSteps(state);
  const verdict = end?.verdict ?? (counts.failed > 0 ? 'failed' : 'inconclusive');
  const steps = state.playbooks.flatMap((playbook) => playbook.steps);
  const waiting = steps.filter((step) => step.progress === 'waiting').length;
  const shown: Verdict[] = ['passed', 'failed', 'inconclusive', 'skipped'];
  const numbers = shown
    .filter((each) => counts[each] > 0)
    .map((each) => paint(each, `${signs[each]} ${counts[each]} ${words.verdict[each]}`));
  if (waiting > 0) numbers.push(paint('quiet', words.notReached(waiting)));
  const trouble = steps.filter((step) => step.verdict === 'failed' || step.verdict === 'inconclusive');
  const running = steps.filter((step) => step.progress === 'running');
  const left = namespacesLeft(state);
  return [
    '',
    paint('quiet', signs.rule.repeat(screen.columns)),
    ...(end?.interrupted === true ? [paint('warning', words.interrupted)] : []),
    ...(end === undefined ? [paint('warning', words.unfinished)] : []),
    ...(trouble.length + running.length === 0 ? [] : [paint('heading', words.notPassed)]),
    ...trouble.flatMap(({ info, verdict: each = 'inconclusive' }) =>
      listed(view, paint(each, signs[each]), info.id, view.say(info.title)),
    ),
    ...running.flatMap(({ info }) =>
      listed(view, paint('warning', '!'), info.id, `${view.say(info.title)} (${words.endedIn})`),
    ),
    ...errorLines(view, end?.error),
    ...(end !== undefined && left.length > 0 ? leftLines(view, state, left) : []),
    // A run that was cut short has no right to "all is well".
    ...(verdict === 'passed' && (end?.interrupted === true || end?.error !== undefined)
      ? []
      : hanging(view, `${paint(verdict, signs[verdict])} `, 2, words.outcome[verdict], verdict)),
    ...flow([...numbers, duration(end?.durationMs ?? state.ms)], screen.columns),
    ...(end === undefined ? [] : heldBackLines(view, state)),
  ];
}

/** Painted pieces with commas, on as many lines as they need. */
function flow(pieces: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last}, ${piece},`) <= columns) lines[lines.length - 1] = `${last}, ${piece}`;
    else lines.push(`  ${piece}`);
  }
  return lines;
}

function listed(view: View, sign: string, id: string, title: string): string[] {
  const width = Math.max(16, widthOf(id));
  return hanging(view, `  ${sign} ${padEnd(id, width)}  `, 4 + width + 2, title);
}

function errorLines(view: View, error: NonNullable<RunState['end']>['error']): string[] {
  if (error === undefined) return [];
  const { words } = view;
  return [
    ...hanging(view, '! ', 2, `${words.runError}: ${error.code}`, 'failed'),
    ...hanging(view, '  ', 2, error.message),
    ...(error.hint === undefined ? [] : hanging(view, '  ', 2, `${words.hint}: ${error.hint}`)),
  ];
}
