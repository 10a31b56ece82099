import { execa, type Result } from 'execa';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { EventBody, Judgement, RunEvent } from '../../src/event/event.js';
import { RACK_NETNS, rackPaths } from '../../src/rack/state.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A run of the real program, as it told it itself. */
export interface Run {
  readonly events: readonly RunEvent[];
  readonly exitCode: number;
  readonly stderr: string;
}

/** What a test may do while the program runs. */
export interface Running {
  /** Sends a signal to the program that the person started. */
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** `pilab verify … --lab rack --display json`, its events handed to `onEvent` as they come in. */
export async function verify(
  playbooks: readonly string[],
  onEvent: (event: RunEvent, running: Running) => void = () => undefined,
  options: readonly string[] = [],
): Promise<Run> {
  const argv = [CLI, 'verify', ...playbooks, '--lab', 'rack', '--display', 'json', ...options];
  // A process group of its own, as a terminal would give it: a Ctrl-C reaches pilab and its copy inside the rack.
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const events: RunEvent[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const running: Running = { kill: (signal) => child.pid !== undefined && process.kill(-child.pid, signal) };
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as RunEvent;
    events.push(event);
    onEvent(event, running);
  }
  return { events, exitCode: await exited, stderr };
}

/** `pilab …` to its end. */
export function pilab(...argv: string[]): Promise<Result> {
  return execa(process.execPath, [CLI, ...argv], { reject: false, stdin: 'ignore' });
}

/** kubectl at the operator's place. */
export async function kubectl(...argv: string[]): Promise<string> {
  const { kubectl: program, kubeconfig } = rackPaths();
  const command = ['netns', 'exec', RACK_NETNS, program, '--kubeconfig', kubeconfig, ...argv];
  return (await execa('ip', command)).stdout;
}

/** A command as root on a node, past its sshd. */
export async function onNode(node: string, ...argv: string[]): Promise<string> {
  return (await execa(process.execPath, [CLI, 'rack', 'sh', node, '--', ...argv], { stdin: 'ignore' })).stdout;
}

/** Judgements of a kind of step or of one claim, with their step. */
export function judgements(run: Run): { readonly step: string; readonly judgement: Judgement }[] {
  return run.events.filter((event) => event.type === 'judged');
}

/** Ids of the steps that prove a claim. */
export function stepsOf(run: Run, claim: string): string[] {
  const [start] = run.events.filter((event) => event.type === 'run-started');
  return (start?.playbooks ?? []).flatMap((playbook) =>
    playbook.steps.filter((step) => step.claims.includes(claim)).map((step) => step.id),
  );
}

/** Judgements of the steps that prove a claim. */
export function judgedFor(run: Run, claim: string): Judgement[] {
  const steps = stepsOf(run, claim);
  return judgements(run)
    .filter(({ step }) => steps.includes(step))
    .map(({ judgement }) => judgement);
}

/** The last event of a run. */
export function finish(run: Run): EventBody & { readonly type: 'run-finished' } {
  const last = run.events.at(-1);
  if (last?.type !== 'run-finished') throw new Error(`the run did not finish: ${run.stderr}`);
  return last;
}

/** Calls `action` when a step of the kind has begun or finished; returns a promise of the action. */
export function once(
  test: (event: RunEvent) => boolean,
  action: (event: RunEvent) => Promise<unknown>,
): { readonly onEvent: (event: RunEvent) => void; readonly done: Promise<void> } {
  let fired = false;
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const done = new Promise<void>((onDone, onError) => ([resolve, reject] = [onDone, onError]));
  return {
    done,
    onEvent: (event) => {
      if (fired || !test(event)) return;
      fired = true;
      action(event).then(() => resolve(), reject);
    },
  };
}

/** Namespaces of runs that are still on the cluster. */
export async function leftovers(): Promise<string> {
  return kubectl('get', 'namespaces', '-l', 'app.kubernetes.io/managed-by=pilab', '-o', 'name');
}
