// What pilab promises about its own speed, measured on the rack (which must be up): npm run bench.
// Exit code 1 when a target is missed, 3 when something could not be measured, 130 after Ctrl-C.
import { messageOf } from '../../dist/errors.js';
import { elsewhere } from '../../dist/commands/lab-option.js';
import { interruptible } from '../../dist/commands/signals.js';
import { byHandRows } from './by-hand.mjs';
import { chapterRows } from './chapter.mjs';
import { requestRows } from './requests.mjs';
import { kept, table } from './row.mjs';
import { tuiRows } from './tui.mjs';
import { verifyRows } from './verify.mjs';
import { versionRows } from './version.mjs';

/** The parts by the names that choose them: `npm run bench -- chapter tui`; all without a name. What is done by hand is set beside verify. */
const PARTS = {
  version: versionRows,
  tui: tuiRows,
  requests: requestRows,
  verify: verifyRows,
  chapter: chapterRows,
  'by-hand': byHandRows,
};
const unknown = process.argv.slice(2).filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  process.stderr.write(`bench: there is no part ${unknown.join(', ')}; known: ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}
const chosen = Object.entries(PARTS).flatMap(([name, rows]) =>
  process.argv.length <= 2 || process.argv.includes(name) || (name === 'verify' && process.argv.includes('by-hand'))
    ? [rows]
    : [],
);

const note = (words) => void process.stderr.write(`… ${words}\n`);

async function measure() {
  const left = new Set();
  const interrupt = interruptible(() => [...left]);
  const { signal, abandon } = interrupt;
  const context = { note, signal, abandon, left, rows: [], remarks: [] };
  try {
    for (const measured of chosen) {
      context.rows.push(...(await measured(context)));
    }
    return context.rows.some((row) => kept(row) === false) ? 1 : 0;
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  } finally {
    interrupt.dispose();
    // Also what was measured before something went wrong.
    const remarks = [...context.remarks, 'A target is for the median. Work beside it makes every number larger.'];
    process.stdout.write(`\n${table(context.rows)}\n${remarks.join('\n')}\n`);
  }
}

try {
  // The rack's addresses exist only in its own network: a copy of this process does the work in there.
  process.exitCode = (await elsewhere('rack')) ?? (await measure());
} catch (error) {
  process.stderr.write(`bench: ${messageOf(error)}\n${error?.hint ? `  ${error.hint}\n` : ''}`);
  process.exitCode = error?.exitCode ?? 3;
}
