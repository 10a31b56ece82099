// Healthy runs of the whole chapter in a row: not one false alarm is allowed. Not part of CI: ten take about twenty minutes.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const runs = Number(process.argv[2] ?? 10);
let alarms = 0;
for (let run = 1; run <= runs; run++) {
  const startedAt = Date.now();
  const argv = [CLI, 'verify', '--lab', 'rack', '--display', 'json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', maxBuffer: 2 ** 29 });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`run ${run} of ${runs}: exit ${status}, ${seconds} s`);
  if (status === 0) continue;
  alarms += 1;
  for (const line of [...blamed(stdout), stderr.trim()].filter(Boolean)) console.log(`  ${line}`);
}
console.log(`${runs - alarms} passed, ${alarms} failed`);
process.exitCode = alarms === 0 ? 0 : 1;

/** Step, place and finding of everything that did not pass. */
function blamed(stdout) {
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  return events
    .filter(({ type, judgement }) => type === 'judged' && ['failed', 'inconclusive'].includes(judgement.verdict))
    .flatMap(({ step, judgement: { place, verdict, findings } }) =>
      findings
        .filter((finding) => !['passed', 'skipped'].includes(finding.verdict))
        .map(
          ({ what, expected, observed }) => `${step} ${place} ${verdict}: ${what}: ${observed} instead of ${expected}`,
        ),
    );
}
