import type { Lab } from '../lab/lab.js';
import type { PlaybookInfo, StepInfo } from '../event/event.js';
import type { Playbook, Step } from '../playbook/schema.js';
import { NODE_PARTS } from '../model/node.js';
import { PilabError } from '../errors.js';
import { locksOf } from './locks.js';
import { typedCommandOf } from './typed.js';
import { defaultTitle } from './title.js';

/** A playbook with everything that is decided before the first call to a cluster. */
export interface PlannedPlaybook {
  readonly playbook: Playbook;
  /** The namespace that the run makes and removes. */
  readonly namespace: string;
  /** A second namespace, for probes from `neighbour`; undefined when no step needs it. */
  readonly neighbour: string | undefined;
  /** Cluster-wide things that it takes for itself while it runs, until its namespaces are gone. */
  readonly locks: readonly string[];
  /** Same length and order as `playbook.steps`. */
  readonly steps: readonly StepInfo[];
  /** Number of the first step that is wanted: before it, steps that only look are skipped. @default 1 */
  readonly start?: number;
}

/** What a run is going to do. */
export interface Plan {
  /** Run id: sorts by time, and is a valid label value. */
  readonly run: string;
  /** In the order in which they were named, which is that of every report; how they are started is `startOrder`'s affair. */
  readonly playbooks: readonly PlannedPlaybook[];
}

/** Label that marks everything a run creates; its value is the run's id. */
export const RUN_LABEL = 'pilab.dev/run';
/** Label of the namespaces of a walkthrough that is to go on later. */
export const PAUSED_LABEL = 'pilab.dev/paused';
/** Labels of everything that pilab creates. */
export function runLabels(run: string): Record<string, string> {
  return { 'app.kubernetes.io/managed-by': 'pilab', [RUN_LABEL]: run };
}

/** `20261126-110749-3f9a`: UTC time, then four characters that keep two runs of one second apart. */
export function runId(now: Date, random: () => number = Math.random): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const tail = Math.floor(random() * 0x10000)
    .toString(16)
    .padStart(4, '0');
  return `${stamp}-${tail}`;
}

/**
 * Orders and names everything; touches nothing.
 * @param from ids of steps (`clusterip/7`) to start at; those before it that prepare something happen all the same
 * @throws PilabError `PLAN_UNKNOWN_HOST` when a step names a host that the lab lacks, `PLAN_UNKNOWN_STEP`.
 */
export function planRun(playbooks: readonly Playbook[], lab: Lab, run: string, from: readonly string[] = []): Plan {
  const problems = playbooks.flatMap((playbook) => playbook.steps.flatMap((step) => unknownHost(step, lab)));
  if (problems.length > 0) {
    throw new PilabError({
      code: 'PLAN_UNKNOWN_HOST',
      message: problems.join('\n'),
      hint: `${lab.file} names these hosts: ${lab.hosts.map((host) => host.name).join(', ')}`,
    });
  }
  const starts = startsOf(playbooks, from);
  return { run, playbooks: playbooks.map((playbook) => planPlaybook(playbook, run, starts.get(playbook.name))) };
}

function startsOf(playbooks: readonly Playbook[], from: readonly string[]): Map<string, number> {
  return new Map(
    from.map((id) => {
      const [, name = '', number = ''] = /^(.+)\/(\d+)$/.exec(id) ?? [];
      const playbook = playbooks.find((each) => each.name === name);
      const start = Number.parseInt(number, 10);
      if (playbook === undefined || !(start >= 1 && start <= playbook.steps.length)) {
        throw new PilabError({
          code: 'PLAN_UNKNOWN_STEP',
          message: `no step "${id}" in what is to be run`,
          hint: `a step is PLAYBOOK/NUMBER: ${playbooks.map((each) => `${each.name}/1 to ${each.name}/${each.steps.length}`).join(', ')}`,
        });
      }
      return [name, start];
    }),
  );
}

/** A playbook as it would be planned for a run, without asking whether a lab has its hosts. */
export function planPlaybook(playbook: Playbook, run: string, start?: number): PlannedPlaybook {
  const namespace = `pilab-${playbook.name}-${run.slice(-4)}`;
  const steps = playbook.steps.map((step, index) => describeStep(step, `${playbook.name}/${index + 1}`));
  const usesNeighbour = playbook.steps.some(needsNeighbour);
  const neighbour = usesNeighbour ? `${namespace}-b` : undefined;
  return {
    playbook,
    namespace,
    neighbour,
    locks: locksOf(playbook),
    steps,
    ...(start === undefined ? {} : { start }),
  };
}

function unknownHost(step: Step, lab: Lab): string[] {
  if (step.kind !== 'probe') return [];
  const [, kind, name] = /^(pod|host)@(.+)$/.exec(step.from) ?? [];
  if (
    name === undefined ||
    name === 'each' ||
    NODE_PARTS.some((part) => part === name) ||
    (kind === 'pod' && name === 'all')
  )
    return [];
  if (lab.hosts.some((host) => host.name === name)) return [];
  const { file, line, column } = step.where;
  return [`${file}:${line}:${column}: from: ${step.from}: the lab has no host "${name}"`];
}

function describeStep(step: Step, id: string): StepInfo {
  return {
    id,
    kind: step.kind,
    title: step.title ?? defaultTitle(step),
    ...(step.say === undefined ? {} : { say: step.say }),
    claims: claimsOf(step),
    from: step.kind === 'probe' ? step.from : 'api',
    ...spreadOf(step),
    command: typedCommandOf(step),
    where: `${step.where.file}:${step.where.line}`,
  };
}

function spreadOf(step: Step): Pick<StepInfo, 'spread'> {
  if (step.kind !== 'probe' || step.tool !== 'curl') return {};
  const { spread } = step.expect;
  return spread === undefined ? {} : { spread };
}

/** The claims that a step proves: none for steps that only prepare. */
export function claimsOf(step: Step): readonly string[] {
  switch (step.kind) {
    case 'probe':
      return step.probe;
    case 'check':
      return step.check;
    case 'try':
      return step.try;
    default:
      return [];
  }
}

/** Every namespace that the run makes for a playbook. */
export function namespacesOf({ namespace, neighbour }: PlannedPlaybook): string[] {
  return [namespace, ...(neighbour === undefined ? [] : [neighbour])];
}

/** What `run-started` says of a planned playbook. */
export function infoOf(planned: PlannedPlaybook): PlaybookInfo {
  const { playbook, locks, steps } = planned;
  return { name: playbook.name, title: playbook.title, namespaces: namespacesOf(planned), locks, steps };
}

/** Probes from there, or puts something there. */
function needsNeighbour(step: Step): boolean {
  return (step.kind === 'probe' && step.from === 'neighbour') || JSON.stringify(step).includes('${neighbour}');
}
