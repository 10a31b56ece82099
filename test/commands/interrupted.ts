/** A program that is stopped in two ways; see signals.test.ts. */
import { interruptible } from '../../src/commands/signals.js';

const { signal } = interruptible(() => process.argv.slice(2));
signal.addEventListener('abort', () => process.stderr.write(`stopped: ${(signal.reason as Error).message}\n`));
process.stdout.write('ready\n');
// Goes on talking, and lives until it is told to end.
setInterval(() => process.stdout.write('.\n'), 10);
setTimeout(() => process.exit(99), 15_000);
