import { writeFile } from 'node:fs/promises';
import type { Reporter } from '../event/event.js';
import { initialState, namespacesLeft, reduce, type RunState } from '../event/state.js';
import { startOrder } from '../plan/order.js';
import { infoOf, type Plan } from '../plan/plan.js';
import { jsonReport, ndjsonReporter } from '../report/json.js';
import { junitReport } from '../report/junit.js';
import { ERASE_LINE } from '../report/live-line.js';
import { multiplex } from '../report/multiplex.js';
import { pausable, type Pausable } from '../report/pausable.js';
import { plainReporter } from '../report/plain.js';
import { printPlan } from '../report/plan.js';
import { screenOf, type Screen } from '../report/style.js';
import { tapReport } from '../report/tap.js';
import type { Language } from '../text.js';
import { messageOf } from '../errors.js';
import type { Recording } from './cast-file.js';
import type { Prompt } from '../ssh/prompt.js';
import { askingAside } from './prompt.js';
import { localeLanguage } from './locale.js';
import { defaultRecord, recordFile } from './record-file.js';

/** Displays for programs. */
const STREAMS = new Set(['json', 'tap']);

/** What the person asked to see and to keep. */
export interface DisplayOptions {
  readonly display: 'auto' | 'plain' | 'json' | 'tap' | 'tui';
  readonly lang?: Language;
  readonly junit?: string;
  readonly json?: string;
  readonly record?: string;
  /** What is shown is recorded there. */
  readonly recording?: Recording;
}

/** Everything that listens to a run. */
export interface Outlets {
  readonly reporter: Reporter;
  /** Namespaces that the run has made and not yet removed. */
  left(): string[];
  /** Asks a person on the same terminal: the display waits meanwhile, so that the question stays readable. */
  asking(prompt: Prompt): Prompt;
  /** Writes the reports. @returns true when a display or a report failed; the reasons are on standard error */
  end(): Promise<boolean>;
}

/** Who shows a run instead of a stream on standard output. */
export interface Show extends Reporter {
  /** A display or a report failed. */
  readonly onTrouble: (message: string) => void;
}

/**
 * Opens the record first: a run that cannot be kept is not started.
 * @param show the terminal UI, when it shows the run
 */
export function reportersFor(plan: Plan, options: DisplayOptions, show?: Show): Outlets {
  const write = (text: string): void => void process.stdout.write(text);
  let state: RunState = initialState();
  let failed = false;
  const onFailure = (name: string, error: unknown): void => {
    failed = true;
    const message = `the ${name} failed: ${messageOf(error)}`;
    if (show === undefined) process.stderr.write(`pilab: ${message}\n`);
    else show.onTrouble(message);
  };
  const screen = screenOf(process.stdout, process.env);
  const lines = show === undefined && !STREAMS.has(options.display) ? plainOn(screen, options.lang, write) : undefined;
  // TAP is one document about the whole run, written at its end.
  const display = show ?? lines ?? (options.display === 'json' ? ndjsonReporter(write) : undefined);
  const reporter = multiplex(
    {
      state: { onEvent: (event) => void (state = reduce(state, event)) },
      record: recordFile(options.record ?? defaultRecord(plan.run)),
      // Before the display, so that a step's marker comes before its text.
      ...(options.recording === undefined ? {} : { recording: options.recording.reporter }),
      ...(display === undefined ? {} : { display }),
    },
    onFailure,
  );
  return {
    reporter,
    left: () => namespacesLeft(state),
    asking: (prompt) => (lines !== undefined && screen.tty ? askingAside(prompt, lines) : prompt),
    end: async () => {
      await reporter.onEnd();
      if (options.display === 'tap') write(tapReport(state));
      const files = [
        [options.junit, (): string => junitReport(state)],
        [options.json, (): string => `${JSON.stringify(jsonReport(state), undefined, 2)}\n`],
      ] as const;
      for (const [file, content] of files) {
        if (file === undefined) continue;
        await writeFile(file, content()).catch((error: unknown) => onFailure(`report ${file}`, error));
      }
      return failed;
    },
  };
}

function plainOn(screen: Screen, lang: Language | undefined, write: (text: string) => void): Pausable {
  const plain = plainReporter({ ...screen, write, lang: lang ?? localeLanguage(process.env) });
  return pausable(plain, () => screen.tty && write(ERASE_LINE));
}

/** The plan in words, for `--dry-run`. */
export function showPlan(plan: Plan, { jobs, lang }: { readonly jobs: number; readonly lang?: Language }): string {
  const screen = screenOf(process.stdout, process.env);
  const order = startOrder(plan.playbooks, jobs).map(({ playbook }) => playbook.name);
  const schedule = { jobs, order };
  return printPlan(plan.playbooks.map(infoOf), schedule, screen, lang ?? localeLanguage(process.env));
}
