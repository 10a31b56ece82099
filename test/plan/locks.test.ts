import { describe, expect, it } from 'vitest';
import { locksOf } from '../../src/plan/locks.js';
import { loadPlaybooks } from '../../src/playbook/library.js';
import { library } from '../playbook/folders.js';

/** The locks of a playbook with these steps, and manifests by name. */
async function locks(steps: string, manifests: Readonly<Record<string, string>> = {}, header = ''): Promise<string[]> {
  const files = Object.entries(manifests).map(([name, text]) => [`manifests/${name}`, text] as const);
  const text = `playbook: p\ntitle: P\n${header}steps:\n${steps.replace(/^\n/, '')}`;
  const [playbook] = await loadPlaybooks(
    ['p'],
    await library({ 'playbooks/p.yaml': text, ...Object.fromEntries(files) }),
  );
  return playbook === undefined ? [] : locksOf(playbook);
}

/** A Service with this specification. */
function service(spec: string, metadata = ''): string {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: web${metadata} }\nspec: ${spec}\n`;
}

const APPLY = '  - apply: web.yaml\n';

describe('the locks of a playbook', () => {
  it('are its fixed node ports, those of health checks too', async () => {
    const spec =
      '{ type: LoadBalancer, healthCheckNodePort: 30085, ports: [{ name: a, port: 80, nodePort: 30080 }, { name: b, port: 81 }] }';
    expect(await locks(APPLY, { 'web.yaml': service(spec) })).toEqual(['nodePort 30080', 'nodePort 30085']);
  });

  it('are also those that a step puts into a manifest or an object', async () => {
    const steps = `${APPLY}
  - try: B16
    create: web.yaml
    set: { metadata.name: other, 'spec.ports[0].nodePort': 30081 }
    expect: { rejected: allocated }
  - patch: service/web
    with: { spec: { ports: [{ port: 80, nodePort: 30082 }] } }
`;
    const manifest = service('{ type: NodePort, ports: [{ port: 80 }] }');
    expect(await locks(steps, { 'web.yaml': manifest })).toEqual(['nodePort 30081', 'nodePort 30082']);
  });

  it('are also node ports that a step only asks, as nobody else should answer there', async () => {
    const steps = `
  - probe: G01
    say: 'See http://example:30099/ for more.'
    from: operator
    curl: { each: '\${nodes}', url: 'http://\${each.ip}:30080/a:30081' }
    expect: { outcome: refused }
  - probe: G01
    from: operator
    curl: { url: 'http://192.0.2.1:8080/' }
    expect: { outcome: refused }
`;
    expect(await locks(steps)).toEqual(['nodePort 30080']);
  });

  it('are not a node port, nor an address of the pool, that the cluster chooses', async () => {
    const manifest = service('{ type: LoadBalancer, ports: [{ port: 80, nodePort: 0 }] }');
    expect(await locks(APPLY, { 'web.yaml': manifest })).toEqual([]);
  });

  it.each([
    ['spec.loadBalancerIP', service('{ type: LoadBalancer, loadBalancerIP: 192.168.10.220, ports: [{ port: 80 }] }')],
    [
      'an annotation',
      service('{ ports: [{ port: 80 }] }', ', annotations: { metallb.io/loadBalancerIPs: 192.168.10.220 }'),
    ],
  ])('are the pool when one of its addresses is asked for by %s', async (_how, manifest) => {
    expect(await locks(APPLY, { 'web.yaml': manifest })).toEqual(['pool']);
  });

  it('are the pool also when a step asks for its address', async () => {
    const steps = `${APPLY}
  - try: B16
    apply: web.yaml
    set: { 'metadata.annotations["metallb.io/loadBalancerIPs"]': 192.168.10.221 }
    expect: { accepted: true }
`;
    expect(await locks(steps, { 'web.yaml': service('{ ports: [{ port: 80 }] }') })).toEqual(['pool']);
  });

  it('are the free ClusterIPs when a step looks for one, and not when a text only mentions them', async () => {
    const save = "  - save: free\n    values: { ip: '${lab.freeClusterIP}' }\n";
    const say = "  - apply: web.yaml\n    say: 'as ${lab.freeClusterIP} does'\n";
    const manifests = { 'web.yaml': service('{ ports: [{ port: 80 }] }') };
    expect(await locks(save, manifests)).toEqual(['clusterIP']);
    expect(await locks(save.replace('ClusterIP', 'PoolAddress'), manifests)).toEqual(['pool']);
    expect(await locks(say, manifests)).toEqual([]);
  });

  it('are ports and addresses of the nodes themselves', async () => {
    const pod = `apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: server, image: nginx, ports: [{ containerPort: 80, hostPort: 8081 }] }] }
`;
    const manifests = {
      'web.yaml': service('{ externalIPs: [192.168.10.1], ports: [{ port: 80 }] }'),
      'pod.yaml': pod,
    };
    expect(await locks('  - apply: [web.yaml, pod.yaml]\n', manifests)).toEqual(['externalIP', 'hostPort 8081']);
  });

  it('are the ingress controller when there are rules for it', async () => {
    const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }
`;
    expect(await locks(APPLY, { 'web.yaml': ingress })).toEqual(['ingress']);
  });

  it('are what the author names, once each', async () => {
    const manifests = { 'web.yaml': service('{ type: NodePort, ports: [{ port: 80, nodePort: 30080 }] }') };
    expect(await locks(APPLY, manifests, 'locks: [kube-proxy, nodePort 30080]\n')).toEqual([
      'kube-proxy',
      'nodePort 30080',
    ]);
  });
});
