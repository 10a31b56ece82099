import { Command, InvalidArgumentError, Option } from 'commander';
import { LANGUAGES, type Language } from '../text.js';
import { elsewhere, labOf, labOption } from './lab-option.js';

/** What `pilab walk` may be told. */
export interface WalkOptions {
  readonly lab: string;
  readonly display: 'auto' | 'plain' | 'tui';
  readonly lang?: Language;
  /** Seconds. */
  readonly pace?: number;
  readonly notes?: true;
  readonly resume?: true;
  readonly cast?: string;
  readonly record?: string;
}

/** `pilab walk <playbook>`: a playbook told step by step for a class. */
export function walkCommand(): Command {
  return new Command('walk')
    .description('tell a playbook step by step for a class: the command, what to expect, what was seen')
    .argument('<playbook>', 'name of a shipped playbook, or a file')
    .addOption(labOption())
    .addOption(
      new Option(
        '--pace <seconds>',
        'go on by itself after so long, 0 for no pause (default: wait for a key)',
      ).argParser(seconds),
    )
    .option('--notes', 'show the presenter’s notes with each step')
    .option('--resume', 'go on after a break')
    .addOption(
      new Option('--display <kind>', 'how to show it (auto: tui in a terminal)')
        .choices(['auto', 'plain', 'tui'])
        .default('auto'),
    )
    .addOption(new Option('--lang <language>', 'language (default: the locale’s)').choices(LANGUAGES))
    .option('--cast <file>', 'record the display as an asciicast, with a marker for each step')
    .option('--record <file>', 'write the record there (default: the user’s state folder)')
    .action(async (name: string, options: WalkOptions) => {
      process.exitCode = (await elsewhere(options.lab)) ?? (await walk(name, options));
    });
}

async function walk(name: string, options: WalkOptions): Promise<number> {
  const [{ loadPlaybooks }, { allOrProblems }] = await Promise.all([
    import('../playbook/library.js'),
    import('./join-errors.js'),
  ]);
  const [lab, playbooks] = await allOrProblems([labOf(options.lab), loadPlaybooks([name])]);
  const [playbook] = playbooks;
  if (playbook === undefined) return 2;
  const { runWalk } = await import('./walk/run-walk.js');
  return runWalk(playbook, lab, options);
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 3600)) {
    throw new InvalidArgumentError('It must be a number of seconds from 0 to 3600.');
  }
  return value;
}
