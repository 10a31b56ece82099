import { describe, expect, it } from 'vitest';
import { PilabError } from '../../src/errors.js';
import { Rejection, type KubeObject } from '../../src/ports/cluster.js';
import type { Host } from '../../src/ports/host.js';
import { readAddons } from '../../src/run/addons.js';
import { MemoryCluster } from './memory-cluster.js';

const NEVER = new AbortController().signal;
const METRICS = `# TYPE coredns_build_info gauge
coredns_build_info{goversion="go1.26.8",revision="",version="1.14.7"} 1
`;

function says(stdout: string): Host {
  return { name: 'raspi001', exec: () => Promise.resolve({ stdout, stderr: '', exitCode: 0, durationMs: 1 }) };
}

const away: Host = {
  name: 'raspi002',
  exec: () => Promise.reject(new PilabError({ code: 'SSH_UNREACHABLE', message: 'away', exitCode: 3 })),
};

async function clusterWith(
  objects: readonly KubeObject[],
  faults: MemoryCluster['faults'] = {},
): Promise<MemoryCluster> {
  const cluster = new MemoryCluster(faults);
  for (const object of objects) await cluster.apply(object);
  return cluster;
}

function deployment(namespace: string, name: string, image: string): KubeObject {
  const template = { metadata: { labels: {} }, spec: { containers: [{ name, image }] } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { replicas: 1, template } };
}

const DNS = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system' },
    spec: { clusterIP: '10.96.0.10' },
  },
  deployment('kube-system', 'coredns', 'registry.k8s.io/coredns/coredns:v1.12.1'),
];

function balanced(ingress: readonly object[]): KubeObject {
  const metadata = { name: 'traefik', namespace: 'traefik' };
  const status = { loadBalancer: { ingress } };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'LoadBalancer' }, status };
}

function ingressClass(name: string, controller: string): KubeObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name }, spec: { controller } };
}

describe('the version of CoreDNS', () => {
  it('is what its metrics say, not what the tag of its image says', async () => {
    expect(await readAddons(await clusterWith(DNS), [away, says(METRICS)], NEVER)).toMatchObject({ coreDNS: '1.14.7' });
  });

  it('is the tag when no host can ask it', async () => {
    const facts = await readAddons(await clusterWith(DNS), [away, says('404 page not found')], NEVER);
    expect(facts.coreDNS).toBe('1.12.1');
  });

  it('stays unknown for another DNS server', async () => {
    expect(await readAddons(new MemoryCluster(), [says(METRICS)], NEVER)).not.toHaveProperty('coreDNS');
  });
});

describe('the load balancer', () => {
  it.each([
    ['quay.io/metallb/controller:v0.15.2', '0.15.2'],
    ['registry.lan:5000/metallb/controller:v0.14.9-arm64', '0.14.9'],
    ['quay.io/metallb/controller:v0.15.2@sha256:00', '0.15.2'],
    ['quay.io/metallb/controller@sha256:00', undefined],
  ])('is MetalLB with image %s, version %s', async (image, version) => {
    const facts = await readAddons(await clusterWith([deployment('metallb-system', 'controller', image)]), [], NEVER);
    expect(facts.loadBalancer).toBe('metallb');
    expect(facts.metalLB).toBe(version);
  });

  it('is unknown where a Service has an address, and none where nobody has', async () => {
    const other = await readAddons(await clusterWith([balanced([{ ip: '192.168.10.240' }])]), [], NEVER);
    expect(other.loadBalancer).toBe('unknown');
    const nobody = await readAddons(await clusterWith([balanced([])]), [], NEVER);
    expect(nobody.loadBalancer).toBe('none');
  });
});

it('ingress classes are listed by name, with their controllers', async () => {
  const cluster = await clusterWith([
    ingressClass('traefik', 'traefik.io/ingress-controller'),
    ingressClass('nginx', 'k8s.io/ingress-nginx'),
  ]);
  expect((await readAddons(cluster, [], NEVER)).ingressClasses).toEqual([
    { name: 'nginx', controller: 'k8s.io/ingress-nginx' },
    { name: 'traefik', controller: 'traefik.io/ingress-controller' },
  ]);
});

it('what the credentials may not read stays unknown; a cluster that is away ends the reading', async () => {
  const forbidden = new MemoryCluster({ before: () => new Rejection(403, 'Forbidden', 'forbidden') });
  expect(await readAddons(forbidden, [], NEVER)).toEqual({});
  const gone = new PilabError({ code: 'CLUSTER_UNREACHABLE', message: 'away', exitCode: 3 });
  await expect(readAddons(new MemoryCluster({ before: () => gone }), [], NEVER)).rejects.toBe(gone);
});
