import { appendFileSync, writeFileSync } from 'node:fs';
import type { Reporter } from '../event/event.js';
import { PilabError, messageOf } from '../errors.js';
import { castHeader, castLine, type CastEvent, type CastTerm } from '../report/asciicast.js';
import type { Language } from '../text.js';

/** The stream that is recorded. */
type Output = Pick<NodeJS.WriteStream, 'write' | 'on' | 'off'> &
  Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>>;

/** A recording of all that is written to an output. */
export interface Recording {
  /** Marks where each step begins. Fails at the end of a run when the file could not be written. */
  readonly reporter: Reporter;
  /** Notes the exit status; nothing comes after it, and the output is as it was. */
  end(status: number): void;
}

export interface RecordingOptions {
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly title: string;
  /** Of the markers. */
  readonly lang: Language;
  /** Milliseconds of a clock that never goes back. @default performance.now */
  readonly now?: () => number;
}

/** How wide and high a recording is when its output is no terminal. */
const NO_TERMINAL = { cols: 80, rows: 24 };

/**
 * Records an output as an asciicast v3 until {@link Recording.end}, whatever display writes to it. Each event is appended
 * at once and in one piece, so that a run that is killed leaves a recording that plays.
 * @throws PilabError `CAST_UNWRITABLE`
 */
export function recordOutput(file: string, options: RecordingOptions): Recording {
  const { output, env, title, lang, now = (): number => performance.now() } = options;
  try {
    writeFileSync(file, castHeader(termOf(output, env), Math.floor(Date.now() / 1000), title));
  } catch (error) {
    throw new PilabError({
      code: 'CAST_UNWRITABLE',
      message: `cannot write the recording ${file}: ${messageOf(error)}`,
      hint: 'choose another place with --cast FILE',
      cause: error,
    });
  }
  const startedAt = now();
  let last = 0;
  let over = false;
  let failure: unknown;
  const add = (event: CastEvent): void => {
    if (over) return;
    // Rounded from the start on, so that what is cut off does not add up.
    const ms = Math.round(now() - startedAt);
    try {
      appendFileSync(file, castLine(ms - last, event));
      last = ms;
    } catch (error) {
      // The display goes on; the run hears of it at its end.
      over = true;
      failure = error;
    }
  };
  const write = output.write.bind(output);
  const recorded = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    add({ code: 'o', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    return write(chunk, ...rest);
  };
  const onResize = (): void => add({ code: 'r', ...sizeOf(output, env) });
  output.write = recorded;
  output.on('resize', onResize);
  const titles = new Map<string, string>();
  return {
    reporter: {
      onEvent: (event) => {
        if (event.type === 'run-started') {
          for (const info of event.playbooks.flatMap(({ steps }) => steps)) titles.set(info.id, info.title[lang]);
        }
        if (event.type !== 'step-started') return;
        add({ code: 'm', label: `${event.step} ${titles.get(event.step) ?? ''}`.trimEnd() });
      },
      onEnd: () => {
        if (failure !== undefined) throw new Error(`${file}: ${messageOf(failure)}`, { cause: failure });
      },
    },
    end: (status) => {
      add({ code: 'x', status });
      over = true;
      output.write = write;
      output.off('resize', onResize);
    },
  };
}

/** Records what this process shows, to its very end. @throws PilabError `CAST_UNWRITABLE` */
export function recordDisplay(file: string, title: string, lang: Language): Recording {
  const recording = recordOutput(file, { output: process.stdout, env: process.env, title, lang });
  process.once('exit', (status) => recording.end(status));
  return recording;
}

function termOf(output: Output, env: RecordingOptions['env']): CastTerm {
  const type = env['TERM'];
  return { ...sizeOf(output, env), ...(type === undefined || type === '' ? {} : { type }) };
}

function sizeOf({ columns, rows }: Output, env: RecordingOptions['env']): { cols: number; rows: number } {
  const told = Number.parseInt(env['COLUMNS'] ?? '', 10);
  return { cols: columns ?? (told > 0 ? told : NO_TERMINAL.cols), rows: rows ?? NO_TERMINAL.rows };
}
