import { performance } from 'node:perf_hooks';
import { CLI, program } from './rack.mjs';

const ROUNDS = 3;
/** The row that the same work by hand is set beside. */
export const VERIFY = 'pilab verify clusterip';

/** `pilab verify clusterip --lab rack` as a person starts it: the way into the rack's network and the clean-up included. */
export async function verifyRows({ note, signal }) {
  note(`pilab verify clusterip, ${ROUNDS} times`);
  const values = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const argv = [process.execPath, CLI, 'verify', 'clusterip', '--lab', 'rack', '--record', '/dev/null'];
    const result = await program(argv, { signal, timeoutMs: 90_000, env: { PILAB_IN_RACK: undefined } });
    values.push((performance.now() - startedAt) / 1000);
    if (result.exitCode !== 0) {
      const end = result.all.trimEnd().split('\n').slice(-8).join('\n');
      throw new Error(`pilab verify ended with ${result.exitCode}, so its time says nothing:\n${end}`);
    }
  }
  return [{ what: VERIFY, unit: 's', values, target: { most: 25 } }];
}
