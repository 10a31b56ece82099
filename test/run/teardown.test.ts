import { describe, expect, it } from 'vitest';
import { PilabError } from '../../src/errors.js';
import { Rejection } from '../../src/ports/cluster.js';
import { findLeftovers } from '../../src/run/leftovers.js';
import { removeNamespaces } from '../../src/run/teardown.js';
import { runLabels } from '../../src/plan/plan.js';
import { MemoryCluster, type Faults } from './memory-cluster.js';

const NEVER = new AbortController().signal;

async function withNamespaces(faults: Faults = {}): Promise<MemoryCluster> {
  const cluster = new MemoryCluster(faults);
  for (const name of ['pilab-a', 'pilab-b']) {
    const labels = runLabels('20261126-110749-3f9a');
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    await cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe', namespace: name } });
  }
  return cluster;
}

describe('tear-down', () => {
  it('removes the namespaces and says that nothing is left', async () => {
    const cluster = await withNamespaces();
    expect(await removeNamespaces(cluster, ['pilab-a', 'pilab-b'], NEVER)).toEqual([]);
    expect(cluster.namespaces()).toEqual([]);
  });

  it('takes a namespace that never was for removed', async () => {
    expect(await removeNamespaces(new MemoryCluster(), ['pilab-a'], NEVER)).toEqual([]);
  });

  it('stops the pods of a namespace that hangs, and says what it waits for', async () => {
    const cluster = await withNamespaces({ namespaceStays: 'finalizer example.com/lock remains', patienceMs: 20 });
    expect(await removeNamespaces(cluster, ['pilab-a'], NEVER)).toEqual([
      'namespace/pilab-a (waited in vain: still terminating; finalizer example.com/lock remains)',
    ]);
    expect(cluster.calls).toContain('delete Pod/probe');
  });

  it('removes the others when one cannot be removed', async () => {
    const refusal = new Rejection(409, 'Conflict', 'the namespace is protected');
    const cluster = await withNamespaces({
      before: (verb, subject) => (verb === 'delete' && subject === 'Namespace/pilab-a' ? refusal : undefined),
    });
    expect(await removeNamespaces(cluster, ['pilab-a', 'pilab-b'], NEVER)).toEqual([
      'namespace/pilab-a (the namespace is protected)',
    ]);
    expect(cluster.namespaces()).toEqual(['pilab-a']);
  });

  it('goes on while the API server restarts, which first is away and then forbids everything', async () => {
    const troubles = [
      new PilabError({ code: 'CLUSTER_UNREACHABLE', message: 'away', exitCode: 3 }),
      new Rejection(403, 'Forbidden', 'no RBAC rules yet'),
    ];
    const cluster = await withNamespaces({ before: (verb) => (verb === 'delete' ? troubles.shift() : undefined) });
    expect(await removeNamespaces(cluster, ['pilab-a'], NEVER)).toEqual([]);
    expect(cluster.namespaces()).toEqual(['pilab-b']);
  });

  it('says what the server said when the person leaves while it is away', async () => {
    const away = new PilabError({ code: 'CLUSTER_UNREACHABLE', message: 'cannot reach the API server', exitCode: 3 });
    const abandon = new AbortController();
    const cluster = await withNamespaces({
      before: (verb) => {
        if (verb !== 'delete') return undefined;
        setImmediate(() => abandon.abort());
        return away;
      },
    });
    expect(await removeNamespaces(cluster, ['pilab-a'], abandon.signal)).toEqual([
      'namespace/pilab-a (cannot reach the API server)',
    ]);
  });

  it('gives up at once when the person leaves, and says what stays', async () => {
    const cluster = await withNamespaces({ namespaceStays: 'slow' });
    const abandon = new AbortController();
    const removing = removeNamespaces(cluster, ['pilab-a'], abandon.signal);
    abandon.abort();
    expect(await removing).toEqual(['namespace/pilab-a (interrupted)']);
  });
});

describe('leftovers', () => {
  it('are the namespaces with the label of a run, and no others', async () => {
    const cluster = await withNamespaces();
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
    const found = await findLeftovers(cluster);
    expect(found.map(({ namespace, run }) => [namespace, run])).toEqual([
      ['pilab-a', '20261126-110749-3f9a'],
      ['pilab-b', '20261126-110749-3f9a'],
    ]);
  });
});
