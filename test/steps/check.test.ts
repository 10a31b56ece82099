import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../src/event/event.js';
import type { StepOf } from '../../src/playbook/schema.js';
import type { KubeObject } from '../../src/ports/cluster.js';
import { checkStep } from '../../src/steps/check.js';
import { NAMESPACE, cluster, context } from './world.js';

type Check = Partial<StepOf<'check'>>;

async function look(step: Check, prepare: KubeObject[] = []): Promise<Judgement> {
  const made = await cluster({ patienceMs: 20 });
  for (const object of prepare) await made.apply(object);
  const { judgements } = await checkStep({ kind: 'check', check: ['G07'], ...step } as StepOf<'check'>, context(made));
  return judgements[0]!;
}

describe('an object', () => {
  it.each<[Check, string]>([
    [{ object: 'service/web', exists: true }, 'passed'],
    [{ object: 'service/web', exists: false }, 'failed'],
    [{ object: 'service/absent', exists: false }, 'passed'],
    [{ object: 'service/absent', exists: true }, 'failed'],
    [{ object: 'service/web', exists: true, fields: { 'spec.ports[0].port': 9 } }, 'failed'],
    [{ object: 'service/kube-dns', exists: true, in: 'kube-system' }, 'passed'],
    [{ object: 'service/web', exists: true, in: '${neighbour}' }, 'failed'],
    [{ object: 'namespace/${neighbour}', exists: true }, 'passed'],
  ])('%j: %s', async (step, verdict) => {
    expect((await look(step)).verdict).toBe(verdict);
  });
});

describe('objects of a kind', () => {
  it.each<[NonNullable<Check['objects']>, string | undefined, string]>([
    [{ kind: 'pod', count: 3 }, undefined, 'passed'],
    [{ kind: 'pod', labels: 'app=web', count: 3 }, undefined, 'passed'],
    [{ kind: 'pod', labels: 'app=other', count: 0 }, undefined, 'passed'],
    [{ kind: 'pod', count: 2 }, undefined, 'failed'],
    [{ kind: 'service', count: 1 }, 'kube-system', 'passed'],
    [{ kind: 'node', count: '${cluster.nodeCount}' }, undefined, 'failed'],
    [{ kind: 'node', count: '${cluster.workerCount}' }, undefined, 'passed'],
  ])('%j in %s: %s', async (objects, namespace, verdict) => {
    const seen = await look({ objects, ...(namespace === undefined ? {} : { in: namespace }) });
    expect(seen.verdict).toBe(verdict);
  });
});

describe('events about an object', () => {
  const event = (name: string, reason: string, kind = 'Service'): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}-${reason}`, namespace: NAMESPACE },
    involvedObject: { kind, name },
    reason,
    message: 'Assigned IP ["192.168.10.240"]',
  });
  const events = { of: 'service/web', reasons: ['IPAllocated', 'nodeAssigned'] };

  it('are each there at least once', async () => {
    const seen = await look({ events }, [event('web', 'IPAllocated'), event('web', 'nodeAssigned')]);
    expect(seen.verdict).toBe('passed');
    expect(seen.findings[0]?.observed).toBe('IPAllocated: Assigned IP ["192.168.10.240"]');
  });

  it('of other objects do not count', async () => {
    const others = [event('web', 'IPAllocated'), event('web', 'nodeAssigned', 'Pod'), event('web2', 'nodeAssigned')];
    const seen = await look({ events }, others);
    expect(seen.verdict).toBe('failed');
    expect(seen.findings.map(({ verdict }) => verdict)).toEqual(['passed', 'failed']);
    expect(seen.next[0]?.en).toContain(`kubectl -n ${NAMESPACE} events --for service/web`);
  });
});
