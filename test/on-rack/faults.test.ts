import { afterEach, describe, expect, it } from 'vitest';
import { swap, writeCopy } from './copy.js';
import {
  apply,
  finding,
  finish,
  judged,
  kubectl,
  leftovers,
  onNode,
  stepsThat,
  verdicts,
  verify,
  verifyWithFault,
} from './rack.js';

const SERVES = 'Wait until the Service answers';
const THOUSAND = 'A thousand requests spread evenly';
const NODES_REACH = 'The nodes reach the address too';

describe('a fault is caught, with the right verdict on the right step and place', () => {
  // Whatever broke: nothing of the run stays on the cluster.
  afterEach(async () => expect(await leftovers()).toBe(''));

  it('one backend with twice its share: the spread is not even', async () => {
    const playbook = writeCopy({
      of: 'clusterip',
      manifests: { 'sample-deployment.yaml': swap('listen 80;', 'listen 80; listen 81;') },
    });
    let home = '';
    const run = await verifyWithFault([playbook], {
      after: SERVES,
      inject: async (namespace) => {
        home = namespace;
        const ip = await kubectl(
          ...['-n', namespace, 'get', 'pods', '-l', 'app=sample-app', '-o', 'jsonpath={.items[0].status.podIP}'],
        );
        await apply(extraSlice(namespace, ip));
        await heardFrom(namespace, `${ip}:81`);
      },
      until: THOUSAND,
      heal: () => kubectl('-n', home, 'delete', 'endpointslice', 'sample-clusterip-extra'),
    });
    expect(run.exitCode).toBe(1);
    const [spread] = judged(run, THOUSAND);
    expect(spread).toMatchObject({ verdict: 'failed', place: 'pod@raspi002' });
    expect(spread?.spread?.pValue).toBeLessThan(0.001);
    expect(Math.max(...Object.values(spread?.spread?.counts ?? {}))).toBeGreaterThan(420);
    // Everything is fine for one request.
    expect(verdicts(run, 'A pod reaches the address')).toEqual({ 'pod@raspi002': 'passed' });
  });

  it('CoreDNS answering a wrong address: the name is wrong, the address is fine', async () => {
    const corefile = await kubectl(
      '-n',
      'kube-system',
      'get',
      'configmap',
      'coredns',
      '-o',
      'jsonpath={.data.Corefile}',
    );
    const lie = `    template IN A cluster.local {\n        match ^sample-clusterip[.]\n        answer "{{ .Name }} 30 IN A 10.96.99.99"\n        fallthrough\n    }\n`;
    await setCorefile(corefile.replace(/^ {4}kubernetes /m, (start) => lie + start));
    try {
      const ready = ['Wait until the web servers are ready', SERVES];
      const fullName = 'The full name resolves to the address';
      const back = 'The address resolves back to the name';
      const run = await verify([
        writeCopy({
          of: 'clusterip',
          steps: [
            'Start three web servers, and put a Service before them',
            ...ready,
            "Note the Service's address and the pods' addresses",
            THOUSAND,
          ],
        }),
        writeCopy({
          of: 'dns',
          steps: [
            'Start web servers, Services, and two pods that ask elsewhere',
            ...ready,
            "Note the Service's address",
            back,
            fullName,
          ],
        }),
      ]);
      expect(run.exitCode).toBe(1);
      const [name] = judged(run, fullName);
      expect(name).toMatchObject({ verdict: 'failed', place: 'pod@raspi002' });
      expect(finding(name, 'answers')).toMatchObject({
        verdict: 'failed',
        observed: expect.stringContaining('10.96.99.99') as string,
      });
      expect(verdicts(run, THOUSAND)).toEqual({ 'pod@raspi002': 'passed' });
      expect(verdicts(run, back)).toEqual({ 'pod@raspi002': 'passed' });
    } finally {
      await setCorefile(corefile);
    }
  });

  it('packets between two nodes dropped: both of them, and not the third, miss pods', async () => {
    const rule = ['INPUT', '-s', '192.168.66.13', '-p', 'udp', '--dport', '8472', '-j', 'DROP'];
    await onNode('raspi002', 'iptables', '-I', ...rule);
    try {
      const run = await verify(['pod-network']);
      expect(run.exitCode).toBe(1);
      expect(verdicts(run, 'From every node, each pod answers at its own address')).toEqual({
        'pod@raspi001': 'passed',
        'pod@raspi002': 'failed',
        'pod@raspi003': 'failed',
      });
      expect(verdicts(run, 'The nodes themselves reach every pod, the control plane too')).toEqual({
        'host@raspi001': 'passed',
        'host@raspi002': 'failed',
        'host@raspi003': 'failed',
      });
      const [cut] = judged(run, 'From every node, each pod answers at its own address').filter(
        ({ place }) => place === 'pod@raspi002',
      );
      expect(finding(cut, 'outcome')?.observed).toContain('timeout');
    } finally {
      await onNode('raspi002', 'iptables', '-D', ...rule);
    }
  });

  it('one node’s service rules flushed: only that node is silent', async () => {
    const proxy = async (signal: string): Promise<void> => {
      const pid = await onNode('raspi003', 'pidof', 'kube-proxy');
      await onNode('raspi003', 'kill', signal, pid.trim());
    };
    const run = await verifyWithFault(['clusterip'], {
      after: SERVES,
      inject: async () => {
        // Stopped, or it would put its rules back.
        await proxy('-STOP');
        await onNode('raspi003', 'iptables', '-t', 'nat', '-F', 'KUBE-SERVICES');
      },
      until: NODES_REACH,
      heal: async () => {
        await proxy('-CONT');
        await kubectl(
          ...[
            '-n',
            'kube-system',
            'delete',
            'pod',
            '-l',
            'k8s-app=kube-proxy',
            '--field-selector',
            'spec.nodeName=raspi003',
          ],
        );
      },
    });
    expect(run.exitCode).toBe(1);
    expect(verdicts(run, NODES_REACH)).toEqual({
      'host@raspi001': 'passed',
      'host@raspi002': 'passed',
      'host@raspi003': 'failed',
    });
    expect(verdicts(run, 'From pods on every node, all web servers are reached')).toEqual({
      'pod@raspi001': 'passed',
      'pod@raspi002': 'passed',
      'pod@raspi003': 'failed',
    });
    const flushed = judged(run, NODES_REACH).find(({ place }) => place === 'host@raspi003');
    expect(flushed?.next.map(({ en }) => en).join('\n')).toContain('raspi003');
  });

  it('the API server killed in the middle: what it was needed for is inconclusive, never failed', async () => {
    const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
    const run = await verifyWithFault(['clusterip'], {
      after: SERVES,
      inject: async () => {
        // Away, or the kubelet would have it back within a second.
        await onNode('raspi001', 'mv', manifest, '/root/kube-apiserver.yaml');
        const pid = await onNode('raspi001', 'pidof', 'kube-apiserver');
        await onNode('raspi001', 'kill', '-KILL', pid.trim());
      },
      until: 'The Service has an address of its own',
      heal: async () => {
        await onNode('raspi001', 'mv', '/root/kube-apiserver.yaml', manifest);
        await apiIsBack();
      },
    });
    await watchersAnew();
    expect(finish(run)).toMatchObject({ verdict: 'inconclusive', exitCode: 3 });
    expect(stepsThat(run, 'failed')).toEqual([]);
    const [object] = judged(run, 'The Service has an address of its own');
    expect(object).toMatchObject({ verdict: 'inconclusive', place: 'api' });
    expect(object?.findings[0]?.observed).toMatch(/CLUSTER_(UNREACHABLE|TIMEOUT).*192\.168\.66\.11:6443/);
  });

  it('a node’s sshd stopped: that host could not be measured, the others pass', async () => {
    await onNode('raspi003', 'systemctl', 'stop', 'ssh');
    try {
      const run = await verify(['pod-network']);
      expect(finish(run)).toMatchObject({ verdict: 'inconclusive', exitCode: 3 });
      expect(verdicts(run, 'The nodes themselves reach every pod, the control plane too')).toEqual({
        'host@raspi001': 'passed',
        'host@raspi002': 'passed',
        'host@raspi003': 'inconclusive',
      });
      expect(verdicts(run, 'From every node, each pod answers at its own address')).toMatchObject({
        'pod@raspi003': 'passed',
      });
      const lost = judged(run, 'A tunnel connects the nodes').find(({ place }) => place === 'host@raspi003');
      expect(lost?.findings[0]?.observed).toContain('raspi003');
    } finally {
      await onNode('raspi003', 'systemctl', 'start', 'ssh');
    }
  });
});

/** One of the Service's pods once more, at its other port. */
function extraSlice(namespace: string, ip: string): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'sample-clusterip-extra',
      namespace,
      labels: { 'kubernetes.io/service-name': 'sample-clusterip' },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http-port', port: 81, protocol: 'TCP' }],
    endpoints: [{ addresses: [ip], conditions: { ready: true } }],
  };
}

/** Waits until a node's rules hold something; kube-proxy needs up to a second. */
async function heardFrom(namespace: string, text: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const rules = await Promise.all(
      ['raspi001', 'raspi002', 'raspi003'].map((node) => onNode(node, 'iptables-save', '-t', 'nat')),
    );
    if (rules.every((each) => each.includes(`${namespace}/sample-clusterip`) && each.includes(text))) return;
  }
  throw new Error(`the rules never held ${text}`);
}

/** Puts a Corefile in place and waits until both replicas run with it. */
async function setCorefile(corefile: string): Promise<void> {
  const patch = JSON.stringify({ data: { Corefile: corefile } });
  await kubectl('-n', 'kube-system', 'patch', 'configmap', 'coredns', '-p', patch);
  await kubectl('-n', 'kube-system', 'rollout', 'restart', 'deployment/coredns');
  await kubectl('-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=90s');
}

/**
 * Who watched the API server that is gone asks again after up to half a minute (client-go backs off), and until then a
 * CoreDNS replica knows no new Service, and MetalLB announces none. Started anew they know at once.
 */
async function watchersAnew(): Promise<void> {
  const watchers = [
    ['kube-system', 'deployment/coredns'],
    ['metallb-system', 'deployment/controller'],
    ['metallb-system', 'daemonset/speaker'],
    ['traefik', 'deployment/traefik'],
    ['traefik', 'deployment/traefik-nginx'],
  ] as const;
  await Promise.all(
    watchers.map(async ([namespace, name]) => {
      await kubectl('-n', namespace, 'rollout', 'restart', name);
      await kubectl('-n', namespace, 'rollout', 'status', name, '--timeout=120s');
    }),
  );
}

/** The kubelet looks for its static pods every 20 s. */
async function apiIsBack(): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    const ready = await kubectl('get', '--raw', '/readyz', '--request-timeout=2s').catch(() => '');
    if (ready === 'ok') return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the API server did not come back within a minute');
}
