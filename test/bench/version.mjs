import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { CLI } from './rack.mjs';

const PAIRS = 15;

/** `pilab --version` beside a Node that does nothing, in turn, so that both meet the same machine. */
export async function versionRows({ note, signal }) {
  note(`pilab --version, ${PAIRS} times`);
  const ratios = [];
  const times = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    signal.throwIfAborted();
    const bare = timed(['-e', '0']);
    const version = timed([CLI, '--version']);
    times.push(version);
    ratios.push(version / bare);
  }
  return [
    { what: 'pilab --version', unit: 'ms', values: times },
    { what: '  compared with node -e 0', unit: 'x', values: ratios, target: { most: 1.5 } },
  ];
}

function timed(argv) {
  const startedAt = performance.now();
  const { status, error } = spawnSync(process.execPath, argv, { stdio: 'ignore', timeout: 10_000 });
  if (status !== 0) throw error ?? new Error(`node ${argv.join(' ')} ended with ${status}`);
  return performance.now() - startedAt;
}
