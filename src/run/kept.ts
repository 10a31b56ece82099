import type { Verdict } from '../event/event.js';
import { namespacesOf, PAUSED_LABEL, RUN_LABEL, type PlannedPlaybook } from '../plan/plan.js';
import type { Cluster } from '../ports/cluster.js';
import { PilabError } from '../errors.js';
import { withoutKeys } from '../steps/certificates.js';
import type { Scene } from './driver.js';

/** How far a walkthrough had come when it was kept for later: plain JSON, without any private key. */
export interface Kept {
  readonly playbook: string;
  readonly run: string;
  readonly namespaces: readonly string[];
  /** Number of the step that comes next, from 1; one more than there are steps: only the end is left. */
  readonly next: number;
  /** Steps that were run, by id. `blocks`: what later steps build on is missing. */
  readonly done: Readonly<Record<string, { readonly verdict: Verdict; readonly blocks: boolean }>>;
  /** What `save` steps kept. */
  readonly saved: Readonly<Record<string, Record<string, unknown>>>;
  /** Certificates made on the way, by DNS name, in PEM, without their keys. */
  readonly certificates: Readonly<Record<string, string>>;
}

/**
 * What is to be kept of a walkthrough.
 * @throws PilabError `WALK_HAS_KEY` when a saved value holds a private key, which must not lie in a file
 */
export function keptOf(
  planned: PlannedPlaybook,
  { saved, certificates, labels }: Pick<Scene, 'saved' | 'certificates' | 'labels'>,
  next: number,
  done: Kept['done'],
): Kept {
  const values = Object.fromEntries(saved);
  const text = JSON.stringify(values);
  if (withoutKeys(text) !== text) {
    throw new PilabError({
      code: 'WALK_HAS_KEY',
      message: 'cannot keep this walkthrough for later: a saved value holds a private key, which no file should hold',
      hint: 'finish it, or quit and walk through it from the start another time',
    });
  }
  return {
    playbook: planned.playbook.name,
    run: labels[RUN_LABEL] ?? '',
    namespaces: namespacesOf(planned),
    next,
    done,
    saved: JSON.parse(text) as Kept['saved'],
    certificates: certificates.made(),
  };
}

/** Marks namespaces as those of a walkthrough that somebody wants to go on with, or takes the mark away. */
export async function markPaused(
  cluster: Cluster,
  namespaces: readonly string[],
  paused: boolean,
  signal: AbortSignal,
): Promise<void> {
  const labels = { [PAUSED_LABEL]: paused ? 'true' : null };
  for (const name of namespaces) {
    await cluster.patch({ apiVersion: 'v1', kind: 'Namespace', name }, { metadata: { labels } }, { signal });
  }
}

/** Takes up kept namespaces again. @throws PilabError `WALK_GONE` */
export async function takeUp(
  cluster: Cluster,
  namespaces: readonly string[],
  kept: Kept,
  signal: AbortSignal,
): Promise<void> {
  const found = await Promise.all(
    namespaces.map((name) => cluster.get({ apiVersion: 'v1', kind: 'Namespace', name }, signal)),
  );
  const gone = namespaces.filter((_, index) => {
    const metadata = found[index]?.metadata;
    return metadata?.labels?.[RUN_LABEL] !== kept.run || metadata.deletionTimestamp !== undefined;
  });
  if (gone.length > 0) {
    throw new PilabError({
      code: 'WALK_GONE',
      message: `this walkthrough cannot go on: ${gone.join(', ')} is no longer on the cluster`,
      hint: `somebody removed it (pilab clean does); start anew: pilab walk ${kept.playbook}`,
    });
  }
  await markPaused(cluster, namespaces, false, signal);
}
