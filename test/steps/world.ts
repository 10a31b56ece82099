import type { ClusterFacts, EventBody, StepInfo } from '../../src/event/event.js';
import { runLabels } from '../../src/plan/plan.js';
import type { Playbook } from '../../src/playbook/schema.js';
import { Certificates } from '../../src/steps/certificates.js';
import type { StepContext } from '../../src/steps/context.js';
import type { PlaceSources } from '../../src/steps/places.js';
import { ProbePods } from '../../src/steps/probe-pods.js';
import { MemoryCluster } from '../run/memory-cluster.js';
import { RUN, host, lab } from '../run/world.js';

export const NAMESPACE = 'pilab-web-3f9a';
export const NEVER = new AbortController().signal;

function node(name: string, role: 'control-plane' | 'worker', ready = true): ClusterFacts['nodes'][number] {
  return { name, role, ready, address: '192.168.10.1', podCIDR: '', kubeletVersion: '', architecture: '' };
}

/** A control plane, two workers that are ready and one that is not; not in the order of their names. */
export const FACTS: ClusterFacts = {
  serverVersion: 'v1.34.4',
  proxyMode: 'iptables',
  cni: 'flannel',
  nodes: [
    node('raspi001', 'control-plane'),
    node('raspi002', 'worker'),
    node('raspi003', 'worker'),
    node('raspi004', 'worker', false),
  ],
};

/** The run's namespace, with a Service `web` and three pods. */
export async function cluster(faults: MemoryCluster['faults'] = {}): Promise<MemoryCluster> {
  const made = new MemoryCluster(faults);
  for (const name of [NAMESPACE, `${NAMESPACE}-b`]) {
    await made.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  await made.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: NAMESPACE },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 8080, targetPort: 80 }] },
  });
  await made.apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: NAMESPACE },
    spec: { replicas: 3, template: { metadata: { labels: { app: 'web' } } } },
  });
  return made;
}

/** What places are made from. */
export function sources(of: MemoryCluster, parts: Partial<PlaceSources> = {}): PlaceSources {
  return {
    cluster: of,
    facts: FACTS,
    hosts: ['raspi001', 'raspi002', 'raspi003'],
    host,
    operator: host('operator'),
    namespace: NAMESPACE,
    neighbour: `${NAMESPACE}-b`,
    pods: new ProbePods(of, 'probe', runLabels(RUN)),
    ...parts,
  };
}

const INFO: StepInfo = {
  id: 'web/1',
  kind: 'check',
  title: { en: '', ja: '' },
  claims: [],
  from: 'api',
  command: 'kubectl get x',
  where: 'web.yaml:1',
};

/** What a step is given; `told` collects its events. */
export function context(
  of: MemoryCluster,
  parts: Partial<StepContext> = {},
): StepContext & { told: EventBody[]; faults: MemoryCluster['faults'] } {
  const told: EventBody[] = [];
  const playbook: Playbook = {
    name: 'web',
    title: { en: '', ja: '' },
    needs: {},
    locks: [],
    steps: [],
    file: 'web.yaml',
    manifests: new Map(),
  };
  return {
    told,
    faults: of.faults,
    info: INFO,
    playbook,
    namespace: NAMESPACE,
    neighbour: `${NAMESPACE}-b`,
    labels: runLabels(RUN),
    cluster: of,
    lab: lab(),
    facts: FACTS,
    places: sources(of),
    saved: new Map(),
    certificates: new Certificates(),
    signal: NEVER,
    emit: (event) => told.push(event),
    ...parts,
  };
}
