import { constants } from 'node:os';
import { Command, Option } from 'commander';

/** `pilab rack`: a real kubeadm cluster of container nodes on this machine. */
export function rackCommand(): Command {
  return new Command('rack')
    .description('a real kubeadm cluster of container nodes on this machine, for who has no Pis at hand (needs root)')
    .addCommand(upCommand())
    .addCommand(statusCommand())
    .addCommand(downCommand())
    .addCommand(shellCommand());
}

function upCommand(): Command {
  return new Command('up')
    .description('bring the rack up, or repair it; the first time builds everything it needs (about 20 minutes)')
    .action(async () => {
      const { rackUp } = await import('../rack/up.js');
      const { Progress } = await import('../rack/progress.js');
      const { rackPaths } = await import('../rack/state.js');
      const forget = onInterrupt('interrupted; pilab rack up goes on from here');
      const outcome = await rackUp(new Progress()).finally(forget);
      const what = outcome === 'made' ? 'the rack is up' : 'the rack was up already';
      process.stdout.write(`${what}; lab file: ${rackPaths().labFile} (or --lab rack)\n`);
    });
}

/**
 * Ends this process at once when it is told to, with a word of comfort: what is complete stays in the cache, and
 * builders end with us. Gives the way to stop listening.
 */
function onInterrupt(words: string): () => void {
  const end = (signal: NodeJS.Signals): void => {
    process.stderr.write(`\n${words}\n`);
    process.exit(128 + constants.signals[signal]);
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  return () => void process.off('SIGINT', end).off('SIGTERM', end);
}

function statusCommand(): Command {
  return new Command('status')
    .description('show nodes, LAN services, versions and the size of the cache; exit code 1 when something is wrong')
    .addOption(new Option('--json', 'as JSON'))
    .action(async ({ json }: { json?: true }) => {
      const { rackStatus, statusTable } = await import('../rack/status.js');
      const status = await rackStatus();
      process.stdout.write(json ? `${JSON.stringify(status, undefined, 2)}\n` : statusTable(status));
      process.exitCode = status.healthy ? 0 : 1;
    });
}

function downCommand(): Command {
  return new Command('down')
    .description('end the rack and leave nothing of it but the cache')
    .option('--purge', 'remove the cache too')
    .action(async ({ purge }: { purge?: true }) => {
      const { rackDown } = await import('../rack/down.js');
      const { Progress } = await import('../rack/progress.js');
      await rackDown(new Progress(), { purge: purge === true });
    });
}

function shellCommand(): Command {
  return new Command('sh')
    .description("run a command (or a shell) at the operator's place in the rack's network, or as root on a node")
    .usage('[node] [-- command...]')
    .argument('[words...]', 'a node, and after -- a command')
    .addHelpText(
      'after',
      '\nExamples:\n  pilab rack sh -- kubectl get nodes\n  pilab rack sh raspi002 -- systemctl stop ssh\n',
    )
    .action(async (_words: string[], _options: unknown, command: Command) => {
      const { nodeShell, operatorShell } = await import('../rack/shell.js');
      const { node, argv } = splitWords(command.args, process.argv);
      process.exitCode = node === undefined ? await operatorShell(argv) : await nodeShell(node, argv);
    });
}

/** What stands before `--` is a node, what stands after it a command; commander drops the dashes themselves. */
export function splitWords(
  words: readonly string[],
  argv: readonly string[],
): { node: string | undefined; argv: string[] } {
  const dashes = argv.indexOf('--');
  const after = dashes === -1 ? 0 : argv.length - dashes - 1;
  const before = words.slice(0, words.length - after);
  const rest = words.slice(words.length - after);
  // Without dashes everything but the first word is the command: `rack sh raspi002 uptime`.
  return { node: before[0], argv: [...before.slice(1), ...(after > 0 ? rest : [])] };
}
