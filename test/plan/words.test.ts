import { describe, expect, it } from 'vitest';
import { defaultTitle } from '../../src/plan/title.js';
import { typedCommandOf } from '../../src/plan/typed.js';
import { STEP_KINDS, type Step } from '../../src/playbook/schema.js';

function probe(from: string, more: object): Step {
  return { kind: 'probe', probe: ['B04'], from, expect: {}, ...more } as unknown as Step;
}

const curl = { tool: 'curl', subject: { kind: 'curl', url: 'http://web:8080/' } };
const run = { tool: 'run', subject: { kind: 'run', run: ['ping', '-c', '1', 'a b'] } };

/** Step, the command that a person types for it, and its headline. */
const STEPS: readonly [object, string, string, string][] = [
  [
    { kind: 'apply', apply: ['a.yaml', 'b.yaml'] },
    'kubectl apply -f a.yaml -f b.yaml',
    'Apply a.yaml, b.yaml',
    'a.yaml、b.yaml を適用する',
  ],
  [
    { kind: 'delete', delete: ['service/web'] },
    'kubectl delete service/web',
    'Delete service/web',
    'service/web を削除する',
  ],
  [
    { kind: 'delete', delete: ['pod/app=web'] },
    'kubectl delete pod -l app=web',
    'Delete pod/app=web',
    'pod/app=web を削除する',
  ],
  [
    { kind: 'scale', scale: 'deployment/web', replicas: 2 },
    'kubectl scale deployment/web --replicas=2',
    'Scale deployment/web to 2',
    'deployment/web のレプリカ数を 2 にする',
  ],
  [
    { kind: 'patch', patch: 'service/web', with: { spec: { a: 1 } } },
    `kubectl patch service/web -p '{"spec":{"a":1}}'`,
    'Patch service/web',
    'service/web を変更する',
  ],
  [
    { kind: 'wait', wait: 'deployment/web', is: 'ready' },
    'kubectl rollout status deployment/web',
    'Wait until deployment/web is ready',
    'deployment/web が準備できるまで待つ',
  ],
  [
    { kind: 'wait', wait: 'pod/web', is: 'ready' },
    'kubectl wait --for=condition=Ready pod/web',
    'Wait until pod/web is ready',
    'pod/web が準備できるまで待つ',
  ],
  [
    { kind: 'wait', wait: 'pod/web', is: 'gone' },
    'kubectl wait --for=delete pod/web',
    'Wait until pod/web is gone',
    'pod/web がなくなるまで待つ',
  ],
  [
    { kind: 'wait', wait: 'service/web', is: 'serving' },
    'kubectl get endpointslices -l kubernetes.io/service-name=web -w',
    'Wait until service/web is serving',
    'service/web が応答するまで待つ',
  ],
  [
    { kind: 'wait', wait: 'service/web', until: { 'status.loadBalancer.ingress[0].ip': { exists: true } } },
    "kubectl get service/web -w -o 'custom-columns=VALUE:.status.loadBalancer.ingress[0].ip'",
    'Wait until service/web has what is needed',
    'service/web が必要な状態になるまで待つ',
  ],
  [{ kind: 'pause', pause: 12_000 }, 'sleep 12', 'Let 12 seconds pass', '12 秒待つ'],
  [
    { kind: 'apply', apply: ['a.yaml'], set: { 'spec.externalIPs': ['${workerA.address}'] } },
    'kubectl apply -f a.yaml   # with spec.externalIPs=["${workerA.address}"]',
    'Apply a.yaml',
    'a.yaml を適用する',
  ],
  [{ kind: 'save', save: 'x', values: { vip: '${service/web.clusterIP}' } }, '', 'Remember vip', 'vip を記録する'],
  [
    { kind: 'check', check: ['B03'], endpoints: { of: 'web' } },
    'kubectl get endpointslices -l kubernetes.io/service-name=web -o wide',
    'Look at the live objects',
    'オブジェクトの状態を確かめる',
  ],
  [
    { kind: 'check', check: ['B03'], object: 'service/web' },
    'kubectl get service/web -o yaml',
    'Look at the live objects',
    'オブジェクトの状態を確かめる',
  ],
  [
    { kind: 'try', try: ['B18'], patch: 'service/web', with: { a: 1 } },
    `kubectl patch service/web -p '{"a":1}'`,
    'Try what must be refused',
    '拒否されるはずの操作を試す',
  ],
  [
    { kind: 'try', try: ['B18'], create: 'a.yaml', dryRun: true, set: { 'spec.x': 1 } },
    'kubectl create -f a.yaml --dry-run=server   # with spec.x=1',
    'Try what must be refused',
    '拒否されるはずの操作を試す',
  ],
];

describe('a step in words', () => {
  it.each(STEPS)('%j', (step, command, en, ja) => {
    expect(typedCommandOf(step as Step)).toBe(command);
    expect(defaultTitle(step as Step)).toEqual({ en, ja });
  });

  it('is known for every kind', () => {
    const kinds = new Set([...STEPS.map(([step]) => (step as Step).kind), 'probe']);
    expect([...kinds].sort()).toEqual([...STEP_KINDS].sort());
  });

  it('repeats a question as often as it is asked', () => {
    const dig = { tool: 'dig', subject: { kind: 'dig', name: 'web.x', times: 60 } };
    expect(typedCommandOf(probe('operator', dig))).toBe('for i in $(seq 60); do dig web.x.; done');
    expect(typedCommandOf(probe('pod', dig))).toBe(
      "kubectl exec PROBE -- sh -c 'for i in $(seq 60); do dig web.x.; done'",
    );
  });

  it.each([
    ['operator', curl, /^curl .*http:\/\/web:8080\//],
    ['host@raspi001', curl, /^ssh raspi001 .*curl/],
    ['pod', curl, /^kubectl .*exec .*PROBE.* -- .*curl/],
    ['neighbour', curl, /^kubectl .*-n '?\$\{neighbour\}'? .*exec/],
    ['in/app=web/server', curl, /^kubectl .*exec .*app=web.* -c server .*curl/],
    ['operator', run, /^ping -c 1 'a b'$/],
    ['host@each', { ...run, sudo: true }, /^ssh EACH .*sudo ping/],
  ])('from %s starts at that place', (place, tool, command) => {
    const step = probe(place, tool);
    expect(typedCommandOf(step)).toMatch(command);
    expect(defaultTitle(step)).toEqual({ en: `Probe from ${place}`, ja: `${place} から確かめる` });
  });
});
