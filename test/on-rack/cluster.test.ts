import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rackPaths } from '../../src/rack/state.js';
import { type Copy, writeCopy } from './copy.js';
import { expectCase, type FaultCase } from './fault.js';
import { CHAPTER, healthyRun } from './healthy-run.js';
import {
  apply,
  finish,
  judged,
  kubectl,
  leftovers,
  namespaceOf,
  onNode,
  type Run,
  stepsThat,
  verdicts,
  verify,
  verifyWithFault,
} from './rack.js';

const START = 'Start three web servers, and put a Service before them';
const READY = 'Wait until the web servers are ready';
const SERVES = 'Wait until the Service answers';
const SHORT: Copy = { of: 'clusterip', steps: [START, READY, SERVES] };

describe('a cluster that says no, or cannot', () => {
  let last: Run | undefined;
  beforeAll(() => healthyRun(CHAPTER), 900_000);
  afterEach(async () => expect(await leftovers(last)).toBe(''));

  async function runOne(fault: FaultCase, options: readonly string[] = []): Promise<Run> {
    last = await verify([writeCopy(fault.playbook)], undefined, options);
    await expectCase(last, fault);
    return last;
  }

  it('no permission for a step (RBAC): the refusal is told with what may be done about it, the rest is skipped', async () => {
    const lab = await labWithout('services');
    try {
      last = await verify([writeCopy({ ...SHORT, as: 'no-permission' })], undefined, [], lab);
      expect(last.exitCode).toBe(1);
      const [refusal] = judged(last, START);
      expect(refusal).toMatchObject({ verdict: 'failed', place: 'api' });
      expect(refusal?.findings[0]?.observed).toMatch(/^403 Forbidden: .*services.*forbidden.*pilab-test/);
      expect(refusal?.findings[0]?.why?.en).toMatch(/RBAC.*kubectl auth can-i/);
      expect(stepsThat(last, 'skipped')).toEqual([READY, SERVES]);
    } finally {
      await kubectl('delete', '-f', objectsFile(permissions('services')), '--ignore-not-found');
    }
  });

  it('an admission webhook that nobody answers: the refusal names it, and where such are listed', async () => {
    await apply(WEBHOOK);
    try {
      await runOne({
        name: '',
        playbook: { ...SHORT, as: 'webhook' },
        red: [
          {
            step: START,
            places: { api: 'failed' },
            observed: /failed calling webhook "no\.pilab-test\.example"/,
            why: /webhook.*kubectl get validatingwebhookconfigurations/,
          },
        ],
        green: [],
      });
    } finally {
      await kubectl('delete', 'validatingwebhookconfiguration', 'pilab-test');
    }
  });

  it('an image that one node lacks: the wait names the node', async () => {
    const [image, aside] = ['docker.io/library/nginx:1.29-alpine', 'docker.io/library/nginx:aside'];
    const ctr = (...argv: readonly string[]): Promise<string> =>
      onNode('raspi003', 'ctr', '-n', 'k8s.io', 'images', ...argv);
    await ctr('tag', '--force', image, aside);
    await ctr('rm', image);
    try {
      await runOne({
        name: '',
        playbook: { ...SHORT, as: 'image-on-one-node' },
        red: [
          {
            step: READY,
            places: { api: 'failed' },
            observed: /pod sample-deployment-\S+ on raspi003, .*nginx:1\.29-alpine: (Err)?ImagePull/,
            next: [/describe deployment/],
          },
        ],
        green: [START],
      });
    } finally {
      await ctr('tag', '--force', aside, image);
      await ctr('rm', aside);
    }
  });

  it('every worker cordoned: pods find no node, and what needs two workers is skipped with that reason', async () => {
    await kubectl('cordon', 'raspi002', 'raspi003');
    try {
      const waits: FaultCase = {
        name: '',
        playbook: { ...SHORT, as: 'cordoned', timeouts: { [READY]: '5s' } },
        red: [
          {
            step: READY,
            places: { api: 'failed' },
            observed: /a pod has no node: .*unschedulable/,
            next: [/kubectl get nodes/],
          },
        ],
        green: [START],
      };
      const needs = { of: 'loadbalancer', as: 'needs-workers' };
      last = await verify([writeCopy(waits.playbook), writeCopy(needs)]);
      await expectCase(last, waits);
      expect(stepsThat(last, 'passed', 'needs-workers')).toEqual([]);
      expect(judged(last, READY, 'needs-workers')[0]?.findings[0]?.observed).toBe(
        'needs 2 ready workers, the cluster has 0 (cordoned: raspi002, raspi003)',
      );
    } finally {
      await kubectl('uncordon', 'raspi002', 'raspi003');
    }
  });

  it('a node whose network is cut: it cannot be measured, and the others miss its pods', async () => {
    const reach = 'The nodes themselves reach every pod, the control plane too';
    const steps = [
      'Start three web servers, and a pod with two containers',
      READY,
      reach,
      'A tunnel connects the nodes',
    ];
    last = await verifyWithFault([writeCopy({ of: 'pod-network', as: 'node-down', steps })], {
      after: READY,
      // Not by taking the link down: that would take the node's default route with it for good.
      inject: () => onNode('raspi003', 'iptables', '-t', 'raw', '-I', 'PREROUTING', '-i', 'eth0', '-j', 'DROP'),
      until: 'A tunnel connects the nodes',
      heal: () => onNode('raspi003', 'iptables', '-t', 'raw', '-D', 'PREROUTING', '-i', 'eth0', '-j', 'DROP'),
    });
    expect(finish(last)).toMatchObject({ verdict: 'failed', exitCode: 1 });
    expect(verdicts(last, reach)).toEqual({
      'host@raspi001': 'failed',
      'host@raspi002': 'failed',
      'host@raspi003': 'inconclusive',
    });
    const cut = judged(last, reach).find(({ place }) => place === 'host@raspi001');
    expect(cut?.findings[0]?.observed).toMatch(/timeout|no-route/);
    expect(cut?.next.map(({ en }) => en).join('\n')).toMatch(/Are all nodes up.*kubectl get nodes/);
    await kubectl('wait', 'node/raspi003', '--for=condition=Ready', '--timeout=90s');
  });

  it('a namespace stuck in Terminating: the result names it, what it waits for, and the exit code says so', async () => {
    const run = await verifyWithFault([writeCopy({ ...SHORT, as: 'stuck' })], {
      after: START,
      inject: (namespace) =>
        apply({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'stuck', namespace, finalizers: ['pilab.dev/stuck-test'] },
        }),
    });
    const namespace = namespaceOf(run.events);
    try {
      expect(finish(run)).toMatchObject({ verdict: 'inconclusive', exitCode: 3 });
      const cleanup = run.events.find((event) => event.type === 'cleanup-finished');
      expect(cleanup?.left).toHaveLength(1);
      expect(cleanup?.left[0]).toMatch(new RegExp(`^namespace/${namespace} .*pilab\\.dev/stuck-test`));
    } finally {
      const patch = ['patch', 'configmap', 'stuck', '--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
      await kubectl('-n', namespace, ...patch);
      await kubectl('wait', `namespace/${namespace}`, '--for=delete', '--timeout=60s');
    }
  });
});

/** Refuses every Service in a run's namespaces, as its server does not exist. */
const WEBHOOK = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'pilab-test' },
  webhooks: [
    {
      name: 'no.pilab-test.example',
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      failurePolicy: 'Fail',
      timeoutSeconds: 2,
      clientConfig: { url: 'https://127.0.0.1:9/' },
      namespaceSelector: { matchLabels: { 'app.kubernetes.io/managed-by': 'pilab' } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['services'] }],
    },
  ],
};

/** A ServiceAccount that may do everything but write one kind of object. */
function permissions(resource: string): object[] {
  const metadata = { name: 'pilab-test' };
  const subject = { kind: 'ServiceAccount', name: 'pilab-test', namespace: 'default' };
  const core = ['namespaces', 'pods', 'pods/exec', 'configmaps', 'serviceaccounts', 'nodes', 'events', 'endpoints'];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, namespace: 'default' } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata,
      rules: [
        { apiGroups: [''], resources: core, verbs: ['*'] },
        { apiGroups: ['apps', 'discovery.k8s.io', 'networking.k8s.io'], resources: ['*'], verbs: ['*'] },
        { apiGroups: [''], resources: [resource], verbs: ['get', 'list', 'watch'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'pilab-test' },
      subjects: [subject],
    },
  ];
}

function objectsFile(items: readonly object[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'pilab-objects-')), 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return file;
}

/** The rack's lab with a kubeconfig of somebody who may not write these objects. */
async function labWithout(resource: string): Promise<string> {
  await kubectl('apply', '-f', objectsFile(permissions(resource)));
  const token = await kubectl('create', 'token', 'pilab-test', '--duration=30m');
  const { labFile, kubeconfig } = rackPaths();
  const home = join(labFile, '..');
  const folder = mkdtempSync(join(tmpdir(), 'pilab-lab-'));
  for (const name of ['id_ed25519', 'known_hosts']) copyFileSync(join(home, name), join(folder, name));
  const restricted = readFileSync(kubeconfig, 'utf8').replace(
    /( {4})client-certificate-data: .*\n {4}client-key-data: .*/,
    `$1token: ${token}`,
  );
  writeFileSync(join(folder, 'kubeconfig'), restricted, { mode: 0o600 });
  copyFileSync(labFile, join(folder, 'lab.yaml'));
  return join(folder, 'lab.yaml');
}
