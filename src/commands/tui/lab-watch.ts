import { setTimeout as sleep } from 'node:timers/promises';
import { PilabError, messageOf } from '../../errors.js';
import type { ClusterFacts } from '../../event/event.js';
import type { Lab } from '../../lab/lab.js';
import type { KubeObject } from '../../ports/cluster.js';
import { VITALS_ARGV, parseVitals } from '../../probe/vitals.js';
import { readFacts } from '../../run/facts.js';
import type { Hosts } from '../../ssh/connections.js';
import type { Trouble } from '../../tui/state.js';
import type { Store } from '../../tui/store.js';
import { openSession } from '../session.js';

/** A look costs a Pi one short shell; while something is measured it should cost even less. */
const VITALS_EVERY_MS = 5_000;
const VITALS_EVERY_BUSY_MS = 15_000;
const VITALS_LIMIT_MS = 10_000;
/** After a failure: long enough not to hammer a host that boots. */
const AGAIN_MS = 5_000;
/** Without any change the nodes are read again this often. */
const WATCH_MS = 120_000;

/** Looks after hosts and nodes in the background until the signal says stop. */
export function watchLab(
  lab: Lab,
  hosts: Hosts,
  store: Store,
  on: { readonly busy: () => boolean; readonly facts: (facts: ClusterFacts) => void; readonly signal: AbortSignal },
): void {
  for (const { name } of lab.hosts) void untilStopped(on.signal, () => watchHost(name, hosts, store, on));
  void untilStopped(on.signal, () => watchNodes(lab, hosts, store, on));
}

async function untilStopped(signal: AbortSignal, work: () => Promise<number>): Promise<void> {
  while (!signal.aborted) {
    const pauseMs = await work();
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** @returns milliseconds until the next look */
async function watchHost(
  name: string,
  hosts: Hosts,
  store: Store,
  { busy, signal }: { readonly busy: () => boolean; readonly signal: AbortSignal },
): Promise<number> {
  try {
    const { stdout } = await hosts.host(name).exec(VITALS_ARGV, { signal, timeoutMs: VITALS_LIMIT_MS });
    const vitals = parseVitals(stdout);
    if (vitals === undefined) {
      throw new PilabError({ code: 'VITALS_CUT', message: `${name}: its answer was cut off`, exitCode: 3 });
    }
    store.dispatch({ type: 'vitals', host: name, vitals });
    return busy() ? VITALS_EVERY_BUSY_MS : VITALS_EVERY_MS;
  } catch (error) {
    if (!signal.aborted) store.dispatch({ type: 'host-trouble', host: name, trouble: troubleOf(error) });
    return AGAIN_MS;
  }
}

async function watchNodes(
  lab: Lab,
  hosts: Hosts,
  store: Store,
  { facts: onFacts, signal }: { readonly facts: (facts: ClusterFacts) => void; readonly signal: AbortSignal },
): Promise<number> {
  try {
    const session = await openSession(lab, signal, { shared: hosts });
    try {
      while (!signal.aborted) {
        const all = lab.hosts.map(({ name }) => session.host(name));
        const facts = await readFacts(session.cluster, all, signal, () => undefined);
        onFacts(facts);
        store.dispatch({ type: 'lab-trouble', trouble: undefined });
        const seen = shapeOf(await session.cluster.list({ apiVersion: 'v1', kind: 'Node' }, signal));
        await session.cluster
          .waitFor({ apiVersion: 'v1', kind: 'Node' }, (nodes) => (shapeOf(nodes) === seen ? undefined : true), {
            timeoutMs: WATCH_MS,
            signal,
          })
          .catch((error: unknown) => {
            if (!(error instanceof PilabError) || error.code !== 'CLUSTER_WAIT_TIMEOUT') throw error;
          });
      }
    } finally {
      session.close();
    }
  } catch (error) {
    if (!signal.aborted) store.dispatch({ type: 'lab-trouble', trouble: troubleOf(error) });
  }
  return AGAIN_MS;
}

/** What of nodes is on the screen; their heartbeats are not. */
function shapeOf(nodes: readonly KubeObject[]): string {
  interface Status {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: { readonly kubeletVersion?: string };
  }
  return JSON.stringify(
    nodes
      .map(({ metadata, ...node }) => {
        const { conditions, nodeInfo } = (node['status'] ?? {}) as Status;
        return [
          metadata?.name,
          conditions?.find(({ type }) => type === 'Ready')?.status,
          nodeInfo?.kubeletVersion,
          Object.keys(metadata?.labels ?? {}).filter((label) => label.startsWith('node-role.')),
        ];
      })
      .sort(),
  );
}

/** What went wrong, in the words of the error. */
export function troubleOf(error: unknown): Trouble {
  const hint = error instanceof PilabError ? error.hint : undefined;
  return { message: messageOf(error), ...(hint === undefined ? {} : { hint }) };
}
