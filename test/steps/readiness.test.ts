import { describe, expect, it } from 'vitest';
import { isReady, readiness } from '../../src/steps/readiness.js';

const done = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };

describe('ready', () => {
  it.each([
    ['a complete Deployment', 'Deployment', { replicas: 3 }, done, true],
    [
      'one whose new generation nobody has seen',
      'Deployment',
      { replicas: 3 },
      { ...done, observedGeneration: 1 },
      false,
    ],
    ['one with an old pod left', 'Deployment', { replicas: 3 }, { ...done, replicas: 4 }, false],
    ['one with pods of the old kind', 'Deployment', { replicas: 3 }, { ...done, updatedReplicas: 2 }, false],
    ['one with a pod that is not available', 'Deployment', { replicas: 3 }, { ...done, availableReplicas: 2 }, false],
    ['one without status', 'Deployment', { replicas: 3 }, undefined, false],
    ['one scaled to nothing', 'Deployment', { replicas: 0 }, { observedGeneration: 2 }, true],
    [
      'one of a single pod by default',
      'Deployment',
      {},
      { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
      true,
    ],
    [
      'a StatefulSet by its ready pods',
      'StatefulSet',
      { replicas: 3 },
      { ...done, availableReplicas: 0, readyReplicas: 3 },
      true,
    ],
    [
      'a DaemonSet on every node',
      'DaemonSet',
      {},
      { observedGeneration: 2, updatedNumberScheduled: 3, numberAvailable: 3, desiredNumberScheduled: 3 },
      true,
    ],
    [
      'a DaemonSet without one',
      'DaemonSet',
      {},
      { observedGeneration: 2, updatedNumberScheduled: 3, numberAvailable: 2, desiredNumberScheduled: 3 },
      false,
    ],
    [
      'a DaemonSet with pods of the old kind',
      'DaemonSet',
      {},
      { observedGeneration: 2, numberAvailable: 3, desiredNumberScheduled: 3 },
      false,
    ],
    [
      'a DaemonSet for which there is no node',
      'DaemonSet',
      {},
      { observedGeneration: 2, desiredNumberScheduled: 0 },
      true,
    ],
    ['a DaemonSet that nobody has counted', 'DaemonSet', {}, { observedGeneration: 2 }, false],
    ['a ready Pod', 'Pod', {}, { conditions: [{ type: 'Ready', status: 'True' }] }, true],
    ['a Pod that is not', 'Pod', {}, { conditions: [{ type: 'Ready', status: 'False' }] }, false],
  ])('%s', (_title, kind, spec, status, ready) => {
    expect(isReady({ kind, metadata: { generation: 2 }, spec, ...(status && { status }) })).toBe(ready);
  });
});

describe('readiness in words', () => {
  it.each([
    [undefined, 'it does not exist'],
    [{ kind: 'Pod' }, 'the pod is not ready'],
    [{ kind: 'Deployment', spec: { replicas: 3 }, status: { availableReplicas: 2 } }, '2 of 3 replicas available'],
    [{ kind: 'DaemonSet', status: { numberAvailable: 1, desiredNumberScheduled: 4 } }, '1 of 4 replicas available'],
    [
      {
        kind: 'Deployment',
        spec: { replicas: 1 },
        status: { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota' }] },
      },
      '0 of 1 replicas available: exceeded quota',
    ],
    [{ kind: 'StatefulSet', spec: {}, status: {} }, '0 of 1 replicas available'],
  ])('%j: %s', (object, words) => {
    expect(readiness(object)).toBe(words);
  });
});
