import { Command, InvalidArgumentError, Option } from 'commander';
import type { Language } from '../text.js';
import type { Recording } from './cast-file.js';
import { allOrProblems } from './join-errors.js';
import { elsewhere, labOf, labOption } from './lab-option.js';

interface VerifyOptions {
  readonly lab: string;
  readonly dryRun?: true;
  readonly jobs: number;
  readonly from: readonly string[];
  readonly display: 'auto' | 'plain' | 'json' | 'tap' | 'tui';
  readonly lang?: Language;
  readonly junit?: string;
  readonly json?: string;
  readonly record?: string;
  readonly cast?: string;
}

/** Playbooks at once when nothing is said: more than that makes the run no shorter on two cores, and each of them slower. */
const JOBS = 3;

/** `pilab verify [playbook…]`: runs playbooks on a cluster and says what holds. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('run playbooks on the cluster and judge what is seen against what should be seen')
    .argument('[playbook...]', 'names of shipped playbooks, or files (default: all shipped ones)')
    .addOption(labOption())
    .option('--dry-run', 'print the plan; the cluster is not touched')
    .addOption(
      new Option('-j, --jobs <number>', 'how many playbooks run side by side').argParser(atLeastOne).default(JOBS),
    )
    .addOption(
      new Option('--from <step>', 'start there, as in clusterip/7: earlier steps only prepare; may be repeated')
        .argParser((step: string, before: readonly string[]) => [...before, step])
        .default([], 'the first step'),
    )
    .addOption(
      new Option('--display <kind>', 'how to show the run')
        .choices(['auto', 'tui', 'plain', 'json', 'tap'])
        .default('auto'),
    )
    .addOption(
      new Option('--lang <language>', 'language of titles and explanations (default: the locale’s)').choices([
        'en',
        'ja',
      ]),
    )
    .option('--junit <file>', 'write a JUnit report')
    .option('--json <file>', 'write a JSON report')
    .option('--record <file>', 'write the record there (default: the user’s state folder)')
    .option('--cast <file>', 'record the display as an asciicast, with a marker for each step')
    .action(async (names: string[], options: VerifyOptions) => {
      const code = options.dryRun === true ? undefined : await elsewhere(options.lab);
      process.exitCode = code ?? (await verify(names, options));
    });
}

async function verify(names: readonly string[], options: VerifyOptions): Promise<number> {
  const [{ loadPlaybooks }, { planRun, runId }] = await Promise.all([
    import('../playbook/library.js'),
    import('../plan/plan.js'),
  ]);
  // All input is read and judged before the cluster hears of us.
  const [lab, playbooks] = await allOrProblems([labOf(options.lab), loadPlaybooks(names)]);
  const plan = planRun(playbooks, lab, runId(new Date()), options.from);
  if (options.dryRun === true) {
    const { showPlan } = await import('./displays.js');
    process.stdout.write(showPlan(plan, options));
    return 0;
  }
  const recording = await recordingOf(options);
  if (options.display === 'tui') {
    const { canShowTui, openTui } = await import('./tui/open.js');
    const { jobs, from, ...start } = options;
    if (canShowTui()) return openTui({ ...start, playbooks: names, jobs, start: { ...start, from, recording } });
  }
  const { verifyPlan } = await import('./verify-plan.js');
  return verifyPlan(plan, lab, { ...options, recording });
}

async function recordingOf({ cast, lang }: VerifyOptions): Promise<Recording | undefined> {
  if (cast === undefined) return undefined;
  const [{ recordDisplay }, { localeLanguage }] = await Promise.all([import('./cast-file.js'), import('./locale.js')]);
  return recordDisplay(cast, 'pilab verify', lang ?? localeLanguage(process.env));
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('It must be a number from 1 on.');
  return Number(text);
}
