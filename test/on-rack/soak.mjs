// Healthy runs in a row: not one false alarm is allowed. Not part of CI: twenty take about twelve minutes.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const runs = Number(process.argv[2] ?? 20);
let alarms = 0;
for (let run = 1; run <= runs; run++) {
  const startedAt = Date.now();
  const argv = [CLI, 'verify', 'pod-network', 'clusterip', '--lab', 'rack'];
  const { status, stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`run ${run} of ${runs}: exit ${status}, ${seconds} s`);
  if (status !== 0) {
    alarms += 1;
    console.log(stdout);
  }
}
console.log(`${runs - alarms} passed, ${alarms} failed`);
process.exitCode = alarms === 0 ? 0 : 1;
