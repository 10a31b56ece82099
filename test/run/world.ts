import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { EventBody, Judgement } from '../../src/event/event.js';
import type { Lab } from '../../src/lab/lab.js';
import { planRun } from '../../src/plan/plan.js';
import { loadPlaybooks } from '../../src/playbook/library.js';
import type { Playbook } from '../../src/playbook/schema.js';
import type { Host } from '../../src/ports/host.js';
import { run, type RunDeps, type RunOutcome } from '../../src/run/run.js';
import { library } from '../playbook/folders.js';
import type { MemoryCluster } from './memory-cluster.js';
import { LOOPBACK, runHere } from './memory-cluster.js';

/** The run's id, so that namespaces have known names. */
export const RUN = '20261126-110749-3f9a';

/** A lab of three hosts. */
export function lab(parts: Partial<Lab> = {}): Lab {
  const host = { port: 22, user: 'pi', keys: [] };
  return {
    name: 'shelf',
    simulated: false,
    file: '/home/pi/lab.yaml',
    hosts: [
      { ...host, name: 'raspi001', address: LOOPBACK, role: 'control-plane' },
      { ...host, name: 'raspi002', address: LOOPBACK, role: 'worker' },
      { ...host, name: 'raspi003', address: LOOPBACK, role: 'worker' },
    ],
    ssh: {
      agent: undefined,
      passwordPrompt: false,
      knownHosts: [],
      connectTimeoutMs: 10_000,
      keepAliveMs: 5000,
      commandTimeoutMs: 60_000,
    },
    sudo: { kind: 'passwordless' },
    cluster: { kubeconfig: undefined, context: undefined, remoteKubeconfig: '/admin.conf', via: 'direct' },
    images: {},
    loadBalancer: undefined,
    ingress: undefined,
    outside: [],
    ...parts,
  };
}

/** A host that runs commands on this machine, and says a proxy mode. */
export function host(name: string, mode = 'iptables'): Host {
  return {
    name,
    exec: (argv, options) =>
      argv.join(' ').endsWith('/proxyMode')
        ? Promise.resolve({ stdout: mode, stderr: '', exitCode: 0, durationMs: 1 })
        : runHere(argv, options),
  };
}

/** The sample's web server, three pods in turn behind one address. @returns its port */
export async function webServer(pods: readonly string[] = ['web-0', 'web-1', 'web-2']): Promise<number> {
  let turn = 0;
  const server = createServer(({ url, headers, socket }, response) => {
    const from = pods[turn++ % pods.length] ?? '';
    response.end(
      `Host=${headers.host ?? ''} Path=${url ?? ''} From=${from} ClientIP=${socket.remoteAddress ?? ''} XFF=\n`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A Service `web` at that port, and its Deployment of three. */
export function webManifest(port: number): string {
  return `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: ${port}, targetPort: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: server, image: nginx }] }
`;
}

/** Playbooks of these texts, with the manifest above. */
export async function playbooks(port: number, ...texts: readonly string[]): Promise<Playbook[]> {
  const files = Object.fromEntries(texts.map((text, index) => [`playbooks/p${index}.yaml`, text]));
  const folders = await library({ ...files, 'manifests/web.yaml': webManifest(port) });
  return loadPlaybooks(
    texts.map((_, index) => `p${index}`),
    folders,
  );
}

/** The text of a playbook with these steps, indented by two. */
export function playbookOf(steps: string, name = 'web', more = ''): string {
  return `playbook: ${name}\ntitle: { en: A web, ja: ウェブ }\n${more}steps:\n${steps.replace(/^\n/, '')}`;
}

/** Everything that a run said, and how it ended. */
export interface Told {
  readonly events: readonly EventBody[];
  readonly outcome: RunOutcome;
  readonly cluster: MemoryCluster;
}

/** Runs playbooks on a cluster in memory. */
export async function runOn(
  loaded: readonly Playbook[],
  cluster: MemoryCluster,
  deps: Partial<RunDeps> & { readonly onEvent?: (event: EventBody) => void; readonly from?: readonly string[] } = {},
): Promise<Told> {
  const events: EventBody[] = [];
  const outcome = await run(planRun(loaded, deps.lab ?? lab(), RUN, deps.from), {
    lab: lab(),
    connect: () => Promise.resolve({ cluster, host, operator: host('operator'), close: () => undefined, ...deps }),
    probeImage: 'probe',
    jobs: 1,
    version: '0.0.0',
    signal: new AbortController().signal,
    abandon: new AbortController().signal,
    ...deps,
    emit: (event) => {
      events.push(event);
      deps.onEvent?.(event);
    },
  });
  return { events, outcome, cluster };
}

/** Events of one type. */
export function eventsOf<T extends EventBody['type']>(
  { events }: Pick<Told, 'events'>,
  type: T,
): Extract<EventBody, { type: T }>[] {
  return events.filter((event): event is Extract<EventBody, { type: T }> => event.type === type);
}

/** `1 passed`, a line a step that has ended. */
export function verdicts(told: Told): string[] {
  return eventsOf(told, 'step-finished').map(({ step, verdict }) => `${step.replace(/^.*\//, '')} ${verdict}`);
}

/** What was found at a step that is not as it should be, and why. */
export function trouble(told: Told, step: string): { judgement: Judgement; text: string } {
  const found = eventsOf(told, 'judged').filter((event) => event.step === step);
  const judgement = found.map((event) => event.judgement).find((each) => each.verdict !== 'passed');
  if (judgement === undefined) throw new Error(`nothing is wrong with ${step}`);
  return {
    judgement,
    text: judgement.findings.map(({ observed, why }) => `${observed} / ${why?.en ?? ''}`).join('\n'),
  };
}
