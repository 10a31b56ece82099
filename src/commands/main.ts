import { Command, CommanderError } from 'commander';
import { PilabError } from '../errors.js';
import { bareOptions, openBare } from './tui/bare.js';
import { version } from './version.js';

/** What the shell gets for wrong arguments and other bad input. */
const BAD_INPUT = 2;
/** A defect of ours: nothing could be measured. */
const DEFECT = 3;

/** Runs the command line. Every error ends here, as a message for a person; nothing else prints errors. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', onLostOutput);
  try {
    const bare = bareOptions(argv);
    const code = bare === undefined ? undefined : await openBare(bare);
    if (code !== undefined) return code;
    const program = await buildProgram();
    // Without a terminal, `pilab` is no order: it shows its help.
    await program.parseAsync(bare === undefined ? [...argv] : [], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
    if (error instanceof PilabError) {
      process.stderr.write(`${explain(error)}\n`);
      return error.exitCode;
    }
    // Node's own way would end with 1, which says that an expectation failed.
    process.stderr.write(
      `pilab has a defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return DEFECT;
  }
}

/** What a write says when its reader has gone: a pipe that was closed (`| head`), a terminal that hung up. */
const NOBODY_READS: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO']);

/** Nobody reads: there is nothing to say. What listens besides, such as a run, stops for it. Anything else is told. */
function onLostOutput(error: NodeJS.ErrnoException): void {
  if (NOBODY_READS.has(error.code)) return;
  process.exitCode = DEFECT;
  process.stderr.write(`pilab: the output cannot be written: ${error.message}\n`);
}

/** The whole command line. Each verb's file loads what is heavy only when the verb runs. */
export async function buildProgram(): Promise<Command> {
  const { verifyCommand } = await import('./verify.js');
  const { walkCommand } = await import('./walk.js');
  const { cleanCommand } = await import('./clean.js');
  const { claimsCommand } = await import('./claims.js');
  const { addonsCommand } = await import('./addons.js');
  const { exportCommand } = await import('./export.js');
  const { schemaCommand } = await import('./schema.js');
  const { rackCommand } = await import('./rack.js');
  return new Command('pilab')
    .description('Verify Services, cluster DNS and load balancing on a Raspberry Pi kubeadm cluster')
    .version(version())
    .exitOverride()
    .usage('[--lab FILE] [--lang en|ja] | [options] [command]')
    .addHelpText('after', '\nWithout a command, in a terminal: the terminal UI.')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .addCommand(overridden(verifyCommand()))
    .addCommand(overridden(walkCommand()))
    .addCommand(overridden(claimsCommand()))
    .addCommand(overridden(cleanCommand()))
    .addCommand(overridden(addonsCommand()))
    .addCommand(overridden(exportCommand()))
    .addCommand(overridden(schemaCommand()))
    .addCommand(overridden(rackCommand()));
}

/** commander must throw instead of ending the process, in subcommands too. */
function overridden(command: Command): Command {
  command.exitOverride();
  for (const each of command.commands) overridden(each);
  return command;
}

function explain(error: PilabError): string {
  return [
    `pilab: ${error.message}`,
    ...(error.hint === undefined ? [] : error.hint.split('\n').map((line) => `  ${line}`)),
    `  [${error.code}]`,
  ].join('\n');
}
