import { writeFile } from 'node:fs/promises';
import type { Reporter } from '../event/event.js';
import { initialState, namespacesLeft, reduce, type RunState } from '../event/state.js';
import { startOrder } from '../plan/order.js';
import { infoOf, type Plan } from '../plan/plan.js';
import { jsonReport, ndjsonReporter } from '../report/json.js';
import { junitReport } from '../report/junit.js';
import { multiplex } from '../report/multiplex.js';
import { plainReporter } from '../report/plain.js';
import { printPlan } from '../report/plan.js';
import { screenOf } from '../report/style.js';
import { tapReport } from '../report/tap.js';
import type { Language } from '../text.js';
import { messageOf } from '../errors.js';
import type { Recording } from './cast-file.js';
import { localeLanguage } from './locale.js';
import { defaultRecord, recordFile } from './record-file.js';

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
  const display = show ?? displayOf(options, write);
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

function displayOf({ display, lang }: DisplayOptions, write: (text: string) => void): Reporter | undefined {
  if (display === 'json') return ndjsonReporter(write);
  // TAP is one document about the whole run, written at its end.
  if (display === 'tap') return undefined;
  return plainReporter({ ...screenOf(process.stdout, process.env), write, lang: lang ?? localeLanguage(process.env) });
}

/** The plan in words, for `--dry-run`. */
export function showPlan(plan: Plan, { jobs, lang }: { readonly jobs: number; readonly lang?: Language }): string {
  const screen = screenOf(process.stdout, process.env);
  const order = startOrder(plan.playbooks, jobs).map(({ playbook }) => playbook.name);
  const schedule = { jobs, order };
  return printPlan(plan.playbooks.map(infoOf), schedule, screen, lang ?? localeLanguage(process.env));
}
