import { execa } from 'execa';
import { PilabError } from '../../src/errors.js';
import { endpointKey, expectedEndpoints } from '../../src/model/endpoints.js';
import {
  Rejection,
  type Cluster,
  type KubeObject,
  type ListQuery,
  type ObjectRef,
  type Written,
} from '../../src/ports/cluster.js';
import type { ExecResult } from '../../src/ports/host.js';

/** The address of every Service and of every probe pod: a real server of the test listens there. */
export const LOOPBACK = '127.0.0.1';

type Verb = 'apply' | 'create' | 'patch' | 'delete' | 'get' | 'list' | 'exec' | 'version';

/** What goes wrong, on purpose. */
export interface Faults {
  /** Thrown instead of the call's answer. `subject` is `Kind/name`, `Kind` or the pod. */
  before?: (verb: Verb, subject: string) => Error | undefined;
  /** Namespaces stay, with this reason in their conditions. */
  namespaceStays?: string;
  /** State of the container of every pod whose name starts so. */
  waiting?: { pods: string; reason: string; message?: string };
  /** Remarks of the server on every patch. */
  warnings?: string[];
  /** No wait lasts longer, whatever its caller allows: the clock of a test. */
  patienceMs?: number;
}

/**
 * A Kubernetes API small enough to read: objects in a map; a Deployment gets ready pods, a Service an address and its
 * slices, as the controllers would do. Commands "in pods" really run, on this machine.
 */
export class MemoryCluster implements Cluster {
  readonly calls: string[] = [];
  readonly #objects = new Map<string, KubeObject>();
  readonly #watchers = new Set<() => void>();

  constructor(readonly faults: Faults = {}) {
    for (const [index, name] of ['raspi001', 'raspi002', 'raspi003'].entries()) this.#put(node(name, index));
    this.#put({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system' },
      spec: {},
    });
  }

  version(): Promise<string> {
    return this.#call('version', '', () => 'v1.34.4');
  }

  apply(object: KubeObject, { dryRun = false } = {}): Promise<Written> {
    return this.#call('apply', subjectOf(object), () => ({
      object: dryRun ? object : this.#store(merged(this.#objects.get(keyOf(object)), object)),
      warnings: [],
    }));
  }

  create(object: KubeObject, { dryRun = false } = {}): Promise<Written> {
    return this.#call('create', subjectOf(object), () => {
      if (this.#objects.has(keyOf(object)))
        throw new Rejection(409, 'AlreadyExists', `${subjectOf(object)} already exists`);
      return { object: dryRun ? object : this.#store(object), warnings: [] };
    });
  }

  patch(ref: ObjectRef, body: unknown): Promise<Written> {
    return this.#call('patch', subjectOf(ref), () => {
      const object = this.#objects.get(keyOf(ref));
      if (object === undefined) throw new Rejection(404, 'NotFound', `${subjectOf(ref)} not found`);
      return { object: this.#store(merged(object, body as KubeObject)), warnings: this.faults.warnings ?? [] };
    });
  }

  delete(ref: ObjectRef): Promise<void> {
    return this.#call('delete', subjectOf(ref), () => {
      if (ref.kind === 'Namespace' && this.faults.namespaceStays !== undefined) return;
      for (const [key, object] of this.#objects) {
        const inside = ref.kind === 'Namespace' && object.metadata?.namespace === ref.name;
        if (inside || key === keyOf(ref)) this.#objects.delete(key);
      }
      this.#changed();
    });
  }

  get(ref: ObjectRef): Promise<KubeObject | undefined> {
    return this.#call('get', subjectOf(ref), () => this.#objects.get(keyOf(ref)));
  }

  list(query: ListQuery): Promise<KubeObject[]> {
    return this.#call('list', query.kind, () => this.#matching(query));
  }

  waitFor<T>(
    query: ListQuery,
    until: (objects: readonly KubeObject[]) => T | undefined,
    options: { timeoutMs: number; signal?: AbortSignal; describe?: (objects: readonly KubeObject[]) => string },
  ): Promise<T> {
    const { timeoutMs, signal, describe } = options;
    return new Promise<T>((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        signal?.removeEventListener('abort', aborted);
        settle();
      };
      const look = (): void => {
        try {
          const found = until(this.#matching(query));
          if (found !== undefined) end(() => resolve(found));
        } catch (error) {
          end(() => reject(error instanceof Error ? error : new Error(String(error))));
        }
      };
      const fail = (code: string, message: string, exitCode: number): void =>
        end(() => reject(new PilabError({ code, message, exitCode })));
      const aborted = (): void => fail('CLUSTER_ABORTED', 'interrupted', 130);
      const timer = setTimeout(
        () => fail('CLUSTER_WAIT_TIMEOUT', `waited in vain: ${describe?.(this.#matching(query)) ?? ''}`, 3),
        Math.min(timeoutMs, this.faults.patienceMs ?? Infinity),
      );
      this.#watchers.add(look);
      signal?.addEventListener('abort', aborted);
      if (signal?.aborted === true) aborted();
      else look();
    });
  }

  async exec(
    target: { namespace: string; pod: string },
    argv: readonly string[],
    options: { timeoutMs?: number; signal?: AbortSignal; onStdout?: (chunk: string) => void } = {},
  ): Promise<ExecResult> {
    await this.#call('exec', target.pod, () => undefined);
    return runHere(argv, options);
  }

  close(): void {
    this.#watchers.clear();
  }

  /** Names of the namespaces that are there now. */
  namespaces(): string[] {
    return this.#matching({ apiVersion: 'v1', kind: 'Namespace' }).map((each) => each.metadata?.name ?? '');
  }

  async #call<T>(verb: Verb, subject: string, work: () => T): Promise<T> {
    this.calls.push(`${verb} ${subject}`.trim());
    // The network is never as quick as a function call.
    await new Promise((resolve) => setImmediate(resolve));
    const fault = this.faults.before?.(verb, subject);
    if (fault !== undefined) throw fault;
    return work();
  }

  #store(object: KubeObject): KubeObject {
    this.#put(object);
    this.#control(object);
    this.#changed();
    return this.#objects.get(keyOf(object)) ?? object;
  }

  #put(object: KubeObject): void {
    this.#objects.set(keyOf(object), structuredClone(object));
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look();
  }

  /** What the controllers and kubelets of a cluster do about an object. */
  #control(object: KubeObject): void {
    const { name = '', namespace = '' } = object.metadata ?? {};
    if (object.kind === 'Namespace') {
      const stays = this.faults.namespaceStays;
      const conditions = stays === undefined ? [] : [{ type: 'Stuck', status: 'True', message: stays }];
      this.#put({ ...object, status: { conditions } });
      this.#put({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
      this.#put({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
    }
    if (object.kind === 'Pod') this.#put(this.#started(object, LOOPBACK));
    if (object.kind === 'Deployment') this.#rollOut(object, namespace);
    if (object.kind === 'DaemonSet') this.#put({ ...object, status: { ...ON_ALL_NODES } });
    if (object.kind === 'CustomResourceDefinition') {
      this.#put({ ...object, status: { conditions: [{ type: 'Established', status: 'True' }] } });
    }
    if (object.kind === 'Service') {
      this.#put(merged({ spec: { clusterIP: LOOPBACK } }, object));
    }
    for (const service of this.#matching({ apiVersion: 'v1', kind: 'Service', namespace })) this.#slice(service);
  }

  #rollOut(deployment: KubeObject, namespace: string): void {
    const spec = deployment['spec'] as { replicas?: number; template: { metadata: object; spec?: object } };
    const { replicas = 1, template } = spec;
    const name = deployment.metadata?.name ?? '';
    for (let index = 0; index < replicas; index++) {
      const metadata = { ...template.metadata, name: `${name}-${index}`, namespace };
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...template.spec, nodeName: 'raspi002' } };
      this.#put(this.#started(pod, `10.244.1.${index + 1}`));
    }
    const broken = this.faults.waiting !== undefined && name.startsWith(this.faults.waiting.pods);
    const available = broken ? 0 : replicas;
    this.#put({ ...deployment, status: { replicas, updatedReplicas: replicas, availableReplicas: available } });
  }

  #started(pod: KubeObject, ip: string): KubeObject {
    const { waiting } = this.faults;
    // A pod that is over stays over, whatever is applied to it.
    if ((pod['status'] as { phase?: string } | undefined)?.phase === 'Failed') return pod;
    if (waiting !== undefined && pod.metadata?.name?.startsWith(waiting.pods) === true) {
      const container = { name: 'main', image: 'nowhere/image', ready: false, restartCount: 0, state: { waiting } };
      return { ...pod, status: { phase: 'Pending', containerStatuses: [container] } };
    }
    const conditions = [{ type: 'Ready', status: 'True' }];
    return { ...pod, status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions } };
  }

  #slice(service: KubeObject): void {
    const { name = '', namespace = '' } = service.metadata ?? {};
    const found = expectedEndpoints(service, this.#matching({ apiVersion: 'v1', kind: 'Pod', namespace }));
    this.#put({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-abcde`, namespace, labels: { 'kubernetes.io/service-name': name } },
      endpoints: found.map(({ address, pod, node }) => ({
        addresses: [address],
        conditions: { ready: true },
        targetRef: { kind: 'Pod', name: pod },
        nodeName: node,
        key: endpointKey({ address, ports: [] }),
      })),
      ports: found[0]?.ports ?? [],
    });
  }

  #matching({ apiVersion, kind, namespace, labelSelector, fieldSelector }: ListQuery): KubeObject[] {
    const name = /^metadata\.name=(.+)$/.exec(fieldSelector ?? '')?.[1];
    return [...this.#objects.values()].filter((object) => {
      const { metadata = {} } = object;
      return (
        object.apiVersion === apiVersion &&
        object.kind === kind &&
        (namespace === undefined || metadata.namespace === namespace) &&
        (name === undefined || metadata.name === name) &&
        (labelSelector ?? '').split(',').every((term) => hasLabel(metadata.labels ?? {}, term))
      );
    });
  }
}

/** Status of a DaemonSet whose pods run everywhere. */
const ON_ALL_NODES = { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 };

/** Runs a command on this machine, as a container or a host would. */
export async function runHere(
  argv: readonly string[],
  options: { timeoutMs?: number; signal?: AbortSignal; onStdout?: (chunk: string) => void } = {},
): Promise<ExecResult> {
  const { timeoutMs, signal, onStdout } = options;
  const startedAt = performance.now();
  const child = execa(argv[0] ?? '', argv.slice(1), {
    reject: false,
    stripFinalNewline: false,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (onStdout !== undefined) child.stdout.on('data', (chunk: Buffer) => onStdout(chunk.toString()));
  const { stdout, stderr, exitCode } = await child;
  return { stdout, stderr, exitCode: exitCode ?? null, durationMs: performance.now() - startedAt };
}

function hasLabel(labels: Record<string, string>, term: string): boolean {
  const [key = '', value] = term.split('=');
  return key === '' || (value === undefined ? key in labels : labels[key] === value);
}

function keyOf(of: KubeObject | ObjectRef): string {
  const { name, namespace } = 'name' in of ? (of as ObjectRef) : (of.metadata ?? {});
  return [of.apiVersion, of.kind, namespace ?? '', name].join('|');
}

function subjectOf(of: KubeObject | ObjectRef): string {
  return `${of.kind ?? ''}/${('name' in of ? (of as ObjectRef).name : of.metadata?.name) ?? ''}`;
}

/** A JSON merge patch. */
function merged<T>(before: T | undefined, change: T): T {
  if (typeof before !== 'object' || before === null || Array.isArray(change) || typeof change !== 'object')
    return change;
  const result = { ...before } as Record<string, unknown>;
  for (const [key, value] of Object.entries(change as object)) result[key] = merged(result[key], value);
  return result as T;
}

function node(name: string, index: number): KubeObject {
  const labels: Record<string, string> = index === 0 ? { 'node-role.kubernetes.io/control-plane': '' } : {};
  const annotations = { 'flannel.alpha.coreos.com/backend-type': 'vxlan' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations },
    spec: { podCIDR: `10.244.${index}.0/24` },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      addresses: [{ type: 'InternalIP', address: `192.168.10.${index + 1}` }],
      nodeInfo: { kubeletVersion: 'v1.34.4', architecture: 'arm64' },
    },
  };
}
