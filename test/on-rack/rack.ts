import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { EventBody, Judgement, RunEvent, StepInfo } from '../../src/event/event.js';
import { RUN_LABEL } from '../../src/plan/plan.js';
import { RACK_NETNS, rackPaths } from '../../src/rack/state.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A run of the real program, as it told it itself. */
export interface Run {
  readonly events: readonly RunEvent[];
  readonly exitCode: number;
  readonly stderr: string;
  /** Milliseconds from the first signal that the test sent until the program had ended. */
  readonly endedAfterMs: number;
}

/** The running program, for a test that interferes. */
export interface Running {
  /** Sends a signal to the program and its copy inside the rack, as a terminal would. */
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Everything so far. */
  readonly events: readonly RunEvent[];
}

/** `pilab verify … --display json`, by default on the rack as it is; its events handed to `onEvent` as they come in. */
export async function verify(
  playbooks: readonly string[],
  onEvent: (event: RunEvent, running: Running) => void = () => undefined,
  options: readonly string[] = [],
  lab = 'rack',
): Promise<Run> {
  const argv = [CLI, 'verify', ...playbooks, '--lab', lab, '--display', 'json', ...options];
  // Another lab file is no word that leads into the rack by itself.
  const inside = lab === 'rack' ? [] : ['ip', 'netns', 'exec', RACK_NETNS];
  const [program = '', ...words] = [...inside, process.execPath, ...argv];
  // A process group of its own: a Ctrl-C in a terminal reaches pilab and its copy inside the rack alike.
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const events: RunEvent[] = [];
  let [stderr, signalledAt] = ['', 0];
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  const running: Running = {
    events,
    kill: (signal) => {
      signalledAt ||= performance.now();
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    },
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as RunEvent;
    events.push(event);
    onEvent(event, running);
  }
  const exitCode = await exited;
  return { events, exitCode, stderr, endedAfterMs: Math.round(performance.now() - signalledAt) };
}

/** `pilab …` to its end. */
export async function pilab(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const result = await execa(process.execPath, [CLI, ...argv], { reject: false, stdin: 'ignore' });
  return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
}

/** kubectl at the operator's place. */
export async function kubectl(...argv: string[]): Promise<string> {
  const { kubectl: program, kubeconfig } = rackPaths();
  const command = ['netns', 'exec', RACK_NETNS, program, '--kubeconfig', kubeconfig, ...argv];
  return (await execa('ip', command)).stdout;
}

/** Applies an object in the namespace that it names. */
export async function apply(object: object): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'pilab-object-')), 'object.json');
  writeFileSync(file, JSON.stringify(object));
  await kubectl('apply', '-f', file);
}

/** A command as root on a node, past its sshd. */
export async function onNode(node: string, ...argv: string[]): Promise<string> {
  return (await execa(process.execPath, [CLI, 'rack', 'sh', node, '--', ...argv], { stdin: 'ignore' })).stdout;
}

/** Something that breaks while a run goes on. */
export interface Fault {
  /** English title of the step after which it breaks. */
  readonly after: string;
  /** Breaks it, and returns only when it is broken: the run stands still meanwhile. */
  readonly inject: (namespace: string) => Promise<unknown>;
  /** English title of the step after which it may be whole again. @default the end of the run */
  readonly until?: string;
  readonly heal?: () => Promise<unknown>;
}

/** A run in the middle of which something breaks. It is healed again whatever happens. */
export async function verifyWithFault(playbooks: readonly string[], fault: Fault): Promise<Run> {
  let [injected, healed] = [false, false];
  const work: Promise<unknown>[] = [];
  const heal = async (): Promise<void> => {
    if (!injected || healed) return;
    healed = true;
    await fault.heal?.();
  };
  try {
    const run = await verify(playbooks, (event, running) => {
      if (event.type !== 'step-finished') return;
      const title = titleOf(running.events, event.step);
      if (title === fault.after && !injected) {
        injected = true;
        running.kill('SIGSTOP');
        work.push(fault.inject(namespaceOf(running.events)).finally(() => running.kill('SIGCONT')));
      }
      if (title === fault.until) work.push(heal());
    });
    await Promise.all(work);
    if (!injected) throw new Error(`no step is called "${fault.after}"`);
    return run;
  } finally {
    await Promise.allSettled(work);
    await heal();
  }
}

/** What the plan said of the steps of a playbook. @param playbook @default all of them */
export function playbookSteps(events: readonly RunEvent[], playbook?: string): readonly StepInfo[] {
  const start = events.find((event) => event.type === 'run-started');
  const named = start?.playbooks.filter(({ name }) => playbook === undefined || name === playbook);
  return named?.flatMap(({ steps }) => steps) ?? [];
}

function titleOf(events: readonly RunEvent[], step: string): string {
  return playbookSteps(events).find(({ id }) => id === step)?.title.en ?? '';
}

/** The first namespace of a playbook. @param playbook @default the run's first one */
export function namespaceOf(events: readonly RunEvent[], playbook?: string): string {
  const start = events.find((event) => event.type === 'run-started');
  return start?.playbooks.find(({ name }) => playbook === undefined || name === playbook)?.namespaces[0] ?? '';
}

/** The judgements of the step with this English title. @throws when there is no such step, or it never ran */
export function judged(run: Run, title: string, playbook?: string): Judgement[] {
  const ids = playbookSteps(run.events, playbook)
    .filter((info) => info.title.en === title)
    .map(({ id }) => id);
  const found = run.events.filter((event) => event.type === 'judged' && ids.includes(event.step));
  if (found.length === 0) throw new Error(`no judgement of a step called "${title}": ${run.stderr}`);
  return found.flatMap((event) => (event.type === 'judged' ? [event.judgement] : []));
}

/** Place → verdict, of the step with this English title. */
export function verdicts(run: Run, title: string, playbook?: string): Record<string, string> {
  // A variant for another proxy mode has no place.
  const told = judged(run, title, playbook);
  const ran = told.filter(({ place }) => place !== '');
  return Object.fromEntries((ran.length > 0 ? ran : told).map(({ place, verdict }) => [place, verdict]));
}

/** English titles of the steps that ended with a verdict, in order. */
export function stepsThat(run: Run, verdict: string, playbook?: string): string[] {
  const ids = new Set(playbookSteps(run.events, playbook).map(({ id }) => id));
  return run.events.flatMap((event) =>
    event.type === 'step-finished' && event.verdict === verdict && ids.has(event.step)
      ? [titleOf(run.events, event.step)]
      : [],
  );
}

/** The finding of a judgement about one thing. */
export function finding(judgement: Judgement | undefined, what: string): Judgement['findings'][number] | undefined {
  return judgement?.findings.find((each) => each.what === what);
}

/** The last event of a run. */
export function finish(run: Run): EventBody & { readonly type: 'run-finished' } {
  const last = run.events.at(-1);
  if (last?.type !== 'run-finished') throw new Error(`the run did not finish: ${run.stderr}`);
  return last;
}

/** Namespaces of runs that are still on the cluster, a line each. @param run @default all runs, somebody else's too */
export function leftovers(run?: Run): Promise<string> {
  const start = run?.events.find((event) => event.type === 'run-started');
  const label = start === undefined ? `app.kubernetes.io/managed-by=pilab,${RUN_LABEL}` : `${RUN_LABEL}=${start.run}`;
  return kubectl('get', 'namespaces', '-l', label, '-o', 'name');
}
