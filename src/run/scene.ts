import type { ClusterFacts } from '../event/event.js';
import { namespacesOf, runLabels, type PlannedPlaybook } from '../plan/plan.js';
import { Certificates } from '../steps/certificates.js';
import { nodesOf } from '../steps/places.js';
import { ProbePods } from '../steps/probe-pods.js';
import type { Scene } from './driver.js';
import { takeUp, type Kept } from './kept.js';
import type { RunDeps } from './run.js';

/**
 * Makes the namespaces, and starts the probe pods that the playbook will need while the first manifests are applied.
 * @param kept what an earlier part of this run left to go on with
 * @throws PilabError `WALK_GONE` when that is no longer on the cluster
 */
export async function makeScene(
  planned: PlannedPlaybook,
  runId: string,
  facts: ClusterFacts,
  deps: RunDeps,
  kept?: Kept,
): Promise<Scene> {
  const { cluster, lab, signal } = deps;
  const { playbook, namespace, neighbour } = planned;
  const labels = runLabels(runId);
  if (kept !== undefined) await takeUp(cluster, namespacesOf(planned), kept, signal);
  else {
    for (const name of namespacesOf(planned)) {
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }, { signal });
    }
  }
  const pods = new ProbePods(cluster, deps.probeImage, labels);
  const hosts = lab.hosts.map((host) => host.name);
  const places = { cluster, facts, hosts, host: deps.host, operator: deps.operator, namespace, neighbour, pods };
  for (const from of new Set(playbook.steps.map((step) => (step.kind === 'probe' ? step.from : '')))) {
    if (!/^(pod|neighbour)/.test(from)) continue;
    const home = from === 'neighbour' ? (neighbour ?? namespace) : namespace;
    // Whoever needs the pod hears of its failure; nobody waits for it here.
    for (const node of nodesOf(from, facts)) pods.get(home, node, signal).catch(() => undefined);
  }
  return {
    playbook,
    namespace,
    neighbour,
    labels,
    cluster,
    lab,
    facts,
    places,
    saved: new Map(Object.entries(kept?.saved ?? {})),
    certificates: new Certificates(kept?.certificates),
    signal,
  };
}
