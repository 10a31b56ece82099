import { Command } from 'commander';
import { PilabError } from '../errors.js';
import type { Prompt } from '../ssh/prompt.js';
import { elsewhere, labOf, labOption } from './lab-option.js';

/** `pilab clean`: removes what interrupted runs left on the cluster. */
export function cleanCommand(): Command {
  return new Command('clean')
    .description('remove what interrupted runs left on the cluster, after saying what')
    .addOption(labOption())
    .option('--dry-run', 'only say what is there')
    .option('-y, --yes', 'do not ask')
    .action(async (options: { readonly lab: string; readonly dryRun?: true; readonly yes?: true }) => {
      process.exitCode = (await elsewhere(options.lab)) ?? (await clean(options));
    });
}

async function clean(options: { readonly lab: string; readonly dryRun?: true; readonly yes?: true }): Promise<number> {
  const [{ openSession }, { removeNamespaces }, { findLeftovers }, { terminalPrompt }, { removePaused }] =
    await Promise.all([
      import('./session.js'),
      import('../run/teardown.js'),
      import('../run/leftovers.js'),
      import('./prompt.js'),
      import('./walk/paused.js'),
    ]);
  const session = await openSession(await labOf(options.lab));
  try {
    const found = await findLeftovers(session.cluster);
    if (found.length === 0) {
      process.stdout.write('Nothing is left of any run.\n');
      return 0;
    }
    for (const { namespace, run, createdAt, paused } of found) {
      const why = paused ? '  a paused walkthrough: it cannot go on afterwards' : '';
      process.stdout.write(`namespace/${namespace}  run ${run}  made ${createdAt}${why}\n`);
    }
    if (options.dryRun === true) return 0;
    if (options.yes !== true && !(await confirmed(terminalPrompt(), found.length))) return 0;
    const left = await removeNamespaces(
      session.cluster,
      found.map((each) => each.namespace),
      new AbortController().signal,
    );
    // What cannot go on is not offered any longer.
    if (left.length === 0) await Promise.all(found.map(({ run }) => removePaused(run)));
    process.stdout.write(left.length === 0 ? `Removed ${found.length}.\n` : `Still there: ${left.join(', ')}\n`);
    return left.length === 0 ? 0 : 3;
  } finally {
    session.close();
  }
}

/** A run that is still going on looks like one that left something, so nothing is removed unasked. */
async function confirmed(prompt: Prompt, count: number): Promise<boolean> {
  const question = `Remove ${count} namespace(s) with everything in them?`;
  if (prompt.interactive) return prompt.confirm(question);
  throw new PilabError({
    code: 'NO_TERMINAL',
    message: `cannot ask "${question}": no terminal`,
    hint: 'pilab clean --yes removes them without asking',
  });
}
