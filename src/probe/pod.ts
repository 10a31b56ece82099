/** Image of probe pods: multi-architecture, has curl, dig and a shell; the tag that Kubernetes 1.34 tests itself with. */
export const DEFAULT_PROBE_IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.56';

/** The one container of a probe pod. */
export const PROBE_CONTAINER = 'probe';

/** An orphan of a run that was killed dies by itself after this many seconds. */
const LIFE_LIMIT_S = 3600;

export interface ProbePodSpec {
  readonly name: string;
  readonly namespace: string;
  /** Left out: the scheduler chooses. */
  readonly node?: string | undefined;
  /** @default {@link DEFAULT_PROBE_IMAGE} */
  readonly image?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Id of the run, put into label `pilab.dev/run`; not needed when `labels` has it. */
  readonly run?: string | undefined;
}

/** A Pod as it is sent to the API server. */
export interface ProbePodManifest {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: { name: string; namespace: string; labels: Record<string, string> };
  readonly spec: Record<string, unknown>;
  readonly [key: string]: unknown;
}

/**
 * A pod that sleeps until it is told what to ask.
 *
 * `nodeName` and not a node selector: a probe must also start on a node that is cordoned or tainted, as its view is just
 * what a learner wants to see there; it bypasses the scheduler, and the toleration keeps `NoExecute` taints off.
 * Ping needs the sysctl: it opens ICMP sockets to every group, which Kubernetes counts as safe, without any capability.
 * The pod gets neither service variables nor a token: it shall see the cluster as a plain client does.
 */
export function probePod(spec: ProbePodSpec): ProbePodManifest {
  const { name, namespace, node, image = DEFAULT_PROBE_IMAGE, labels = {}, run } = spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { ...labels, ...(run === undefined ? {} : { 'pilab.dev/run': run }) } },
    spec: {
      ...(node === undefined ? {} : { nodeName: node }),
      restartPolicy: 'Never',
      activeDeadlineSeconds: LIFE_LIMIT_S,
      terminationGracePeriodSeconds: 0,
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      tolerations: [{ operator: 'Exists' }],
      securityContext: {
        sysctls: [{ name: 'net.ipv4.ping_group_range', value: '0 2147483647' }],
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: PROBE_CONTAINER,
          image,
          imagePullPolicy: 'IfNotPresent',
          args: ['pause'],
          resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '128Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}
