import { fileURLToPath } from 'node:url';
import { performance } from 'node:perf_hooks';
import { median } from 'simple-statistics';
import { NODES } from '../../dist/rack/plan.js';
import { rackPaths } from '../../dist/rack/state.js';
import { IMAGE, MANIFESTS, newRun, program } from './rack.mjs';
import { VERIFY } from './verify.mjs';

const SCRIPT = fileURLToPath(new URL('by-hand.sh', import.meta.url));
/** Ended after this long; what it took is then a lower bound, and said to be one. */
const LIMIT_MS = 345_000;
/** A thousand would take more than half an hour. */
const REQUESTS = 100;

/** The checks of the clusterip playbook with kubectl alone, beside what pilab took for them. */
export async function byHandRows({ note, signal, left, rows }) {
  const { run, namespace } = newRun();
  const paths = rackPaths();
  note(
    `the same checks by hand, with ${REQUESTS} requests for the spread instead of 1,000: at most ${LIMIT_MS / 1000} s`,
  );
  const startedAt = performance.now();
  left.add(`namespace/${namespace}`);
  const result = await program(['sh', SCRIPT], {
    signal,
    timeoutMs: LIMIT_MS,
    env: {
      KUBECTL: paths.kubectl,
      KUBECONFIG: paths.kubeconfig,
      NAMESPACE: namespace,
      RUN: run,
      IMAGE,
      MANIFESTS,
      REQUESTS: String(REQUESTS),
      SSH: `ssh -i ${paths.key} -o UserKnownHostsFile=${paths.knownHosts} -o BatchMode=yes`,
      HOSTS: NODES.map(({ address }) => `pi@${address}`).join(' '),
      NODES: NODES.map(({ name }) => name).join(' '),
    },
  });
  const took = result.timedOut ? LIMIT_MS / 1000 : (performance.now() - startedAt) / 1000;
  left.delete(`namespace/${namespace}`);
  note(result.timedOut ? 'by hand: ended by its limit' : `by hand: ${result.all.trimEnd().split('\n').at(-1)}`);
  if (!result.timedOut && result.exitCode !== 0) {
    throw new Error(`by-hand.sh ended with ${result.exitCode}:\n${result.all.slice(-2000)}`);
  }
  const unfinished = result.timedOut;
  const faster = took / median([...rows.find(({ what }) => what === VERIFY).values]);
  return [
    { what: `  by hand, spread of ${REQUESTS} only`, unit: 's', values: [took], unfinished },
    { what: '  pilab faster', unit: 'x', values: [faster], unfinished, target: { least: 10 } },
  ];
}
