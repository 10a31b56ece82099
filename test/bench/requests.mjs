import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { median } from 'simple-statistics';
import { labOf } from '../../dist/commands/lab-option.js';
import { openSession } from '../../dist/commands/session.js';
import { runLabels } from '../../dist/plan/plan.js';
import { curlArgv } from '../../dist/probe/curl.js';
import { parseCurl } from '../../dist/probe/curl-output.js';
import { removeNamespaces } from '../../dist/run/teardown.js';
import { ProbePods } from '../../dist/steps/probe-pods.js';
import { IMAGE, kubectl, newRun } from './rack.mjs';
import { deploySample } from './sample.mjs';

const ROUNDS = 5;
const REQUESTS = 1000;
const NODE = 'raspi002';

/** A thousand requests the way pilab asks, beside one request the way a person asks. */
export async function requestRows({ note, signal, abandon, left }) {
  const { run, namespace } = newRun();
  const labels = runLabels(run);
  const session = await openSession(await labOf('rack'));
  const { cluster } = session;
  try {
    left.add(`namespace/${namespace}`);
    const url = await deploySample(cluster, { namespace, labels, node: NODE, signal });
    const context = { cluster, namespace, labels, url, signal };
    note(`${REQUESTS} requests from a pod of their own, ${ROUNDS} times`);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await thousandRequests(context));
    note(`one request by kubectl run, ${ROUNDS} times`);
    const single = [];
    for (let round = 0; round < ROUNDS; round++) single.push(await kubectlRun(context, round));
    return rows(rounds, single);
  } finally {
    // Not with our signal: an interrupted bench has to clean up too.
    const remains = await removeNamespaces(cluster, [namespace], abandon);
    if (remains.length === 0) left.delete(`namespace/${namespace}`);
    else process.stderr.write(`left on the cluster: ${remains.join(', ')}\n`);
    session.close();
  }
}

function rows(rounds, single) {
  const whole = rounds.map(({ wholeMs }) => wholeMs);
  // The stricter comparison: making and removing the pod counts on both sides.
  const faster = median(single) / (median(whole) / REQUESTS);
  return [
    { what: '1,000 requests, pod made and removed', unit: 's', values: whole.map(seconds), target: { most: 4 } },
    {
      what: '  one of these requests',
      unit: 'ms',
      values: rounds.map(({ requestsMs }) => requestsMs / REQUESTS),
      target: { most: 1 },
    },
    { what: '  one request by kubectl run --rm -i', unit: 's', values: single.map(seconds) },
    { what: '  pilab faster a request, pods included', unit: 'x', values: [faster], target: { least: 500 } },
  ];
}

const seconds = (ms) => ms / 1000;

async function thousandRequests({ cluster, namespace, labels, url, signal }) {
  const spec = { urls: [url], times: REQUESTS };
  const nonce = randomBytes(8).toString('hex');
  const startedAt = performance.now();
  const { pod } = await new ProbePods(cluster, IMAGE, labels).get(namespace, NODE, signal);
  const askedAt = performance.now();
  const { stdout } = await cluster.exec({ namespace, pod }, curlArgv(spec, nonce), { signal, timeoutMs: 30_000 });
  const answeredAt = performance.now();
  await cluster.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name: pod }, { signal });
  await cluster.waitFor(
    { apiVersion: 'v1', kind: 'Pod', namespace, fieldSelector: `metadata.name=${pod}` },
    (found) => (found.length === 0 ? true : undefined),
    { timeoutMs: 30_000, signal },
  );
  const wholeMs = performance.now() - startedAt;
  // parseCurl refuses an answer that came over a connection already used.
  const observation = parseCurl(spec, nonce, stdout);
  if (observation.kind !== 'http') throw new Error(`the requests were not measured: ${observation.reason}`);
  const bad = observation.requests.find(({ outcome }) => outcome !== 'ok');
  if (bad !== undefined) throw new Error(`a request ended with ${bad.outcome}: ${bad.error ?? bad.status}`);
  return { wholeMs, requestsMs: answeredAt - askedAt };
}

async function kubectlRun({ namespace, url, signal }, round) {
  const run = ['run', `by-hand-${round}`, '--rm', '-i', '--quiet', '--restart=Never', `--image=${IMAGE}`];
  const startedAt = performance.now();
  const { exitCode, all } = await kubectl(['-n', namespace, ...run, '--command', '--', 'curl', '-s', url], { signal });
  const ms = performance.now() - startedAt;
  if (exitCode !== 0) throw new Error(`kubectl run ended with ${exitCode}: ${all}`);
  return ms;
}
