import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { runId } from '../../dist/plan/plan.js';
import { DEFAULT_PROBE_IMAGE } from '../../dist/probe/pod.js';
import { rackPaths } from '../../dist/rack/state.js';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
export const MANIFESTS = fileURLToPath(new URL('../../manifests', import.meta.url));
/** The same image for pilab's probes and for `kubectl run`. */
export const IMAGE = DEFAULT_PROBE_IMAGE;

/** A run of ours: its namespace has the labels of a run, so that `pilab clean` finds what a killed bench leaves. */
export function newRun() {
  const run = runId(new Date());
  return { run, namespace: `pilab-bench-${run.slice(-4)}` };
}

/**
 * Runs a program to its end. It has a process group of its own: a Ctrl-C reaches it through us, once, and it may clean
 * up; a second signal would make pilab leave at once.
 */
export async function program(argv, { signal, timeoutMs, env = {} }) {
  const [file, ...args] = argv;
  const result = await execa(file, args, {
    env,
    detached: true,
    reject: false,
    stdin: 'ignore',
    all: true,
    cancelSignal: signal,
    timeout: timeoutMs,
    forceKillAfterDelay: 90_000,
  });
  signal.throwIfAborted();
  return result;
}

/** A kubectl of the cluster's own version. */
export function kubectl(argv, options) {
  const paths = rackPaths();
  return program([paths.kubectl, '--kubeconfig', paths.kubeconfig, ...argv], { timeoutMs: 60_000, ...options });
}
