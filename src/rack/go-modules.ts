/** A module that programs are built from, through a wrapper module of ours (their own go.mod points at local folders). */
export interface GoModule {
  readonly path: string;
  readonly version: string;
  /** Module → `module version` to use instead. */
  readonly replace?: Readonly<Record<string, string>>;
  /** Module → folder below files/: a place holder of ours for what is not to be had. */
  readonly stubs?: Readonly<Record<string, string>>;
  /** `-X` settings: the version a program says it is. */
  readonly set?: Readonly<Record<string, string>>;
  /** Needs a C compiler; linked statically all the same. @default false */
  readonly cgo?: boolean;
}

/** A program in the cache. */
export interface Binary {
  readonly name: string;
  readonly package: string;
  readonly module: GoModule;
}

/** The Kubernetes version of the rack; 1.34 is the last whose kubelet runs on cgroup v1 without overrides. */
export const KUBERNETES_VERSION = '1.34.4';

const FLANNEL_VERSION = '0.28.4';

/** Kubernetes' own go.mod replaces these by its staging folders; published, they are v0.x of the same release. */
const STAGING = [
  'api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider cluster-bootstrap',
  'code-generator component-base component-helpers controller-manager cri-api cri-client csi-translation-lib',
  'dynamic-resource-allocation endpointslice externaljwt kms kube-aggregator kube-controller-manager kube-proxy',
  'kube-scheduler kubectl kubelet metrics mount-utils pod-security-admission sample-apiserver',
].flatMap((line) => line.split(' '));

/** Without these kubeadm thinks it is v0.0.0 and refuses the cluster's version. */
function kubernetesVersionSettings(): Record<string, string> {
  const [major = '', minor = ''] = KUBERNETES_VERSION.split('.');
  const values = {
    gitVersion: `v${KUBERNETES_VERSION}`,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    gitCommit: 'pilab',
    buildDate: '2026-01-01T00:00:00Z',
  };
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  return Object.fromEntries(
    packages.flatMap((name) => Object.entries(values).map(([key, value]) => [`${name}.${key}`, value])),
  );
}

export const KUBERNETES: GoModule = {
  path: 'k8s.io/kubernetes',
  version: `v${KUBERNETES_VERSION}`,
  replace: Object.fromEntries(
    STAGING.map((name) => [`k8s.io/${name}`, `k8s.io/${name} v0.${KUBERNETES_VERSION.replace(/^1\./, '')}`]),
  ),
  set: kubernetesVersionSettings(),
};

export const ETCD: GoModule = { path: 'go.etcd.io/etcd/server/v3', version: 'v3.6.16' };

export const COREDNS: GoModule = { path: 'github.com/coredns/coredns', version: 'v1.14.7' };

export const FLANNEL: GoModule = {
  path: 'github.com/flannel-io/flannel',
  version: `v${FLANNEL_VERSION}`,
  // The version its go.mod names is not to be had; its udp backend is C.
  replace: {
    'github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common':
      'github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common v1.3.103',
  },
  set: { 'github.com/flannel-io/flannel/pkg/version.Version': `v${FLANNEL_VERSION}` },
  cgo: true,
};

export const METALLB: GoModule = { path: 'go.universe.tf/metallb', version: 'v0.15.2' };

const TRAEFIK_VERSION = '3.7.13';

export const TRAEFIK: GoModule = {
  path: 'github.com/traefik/traefik/v3',
  version: `v${TRAEFIK_VERSION}`,
  replace: {
    // Traefik's own replacements; the revision of the first that it names is not to be had.
    'github.com/abbot/go-http-auth': 'github.com/containous/go-http-auth v0.4.1-0.20200324110947-a37a7636d23e',
    'github.com/gorilla/mux': 'github.com/containous/mux v0.0.0-20250523120546-41b6ec3aed59',
  },
  stubs: { 'github.com/go-acme/lego/v5': 'traefik/lego', 'github.com/traefik/traefik/dynamic/ext': 'traefik/ext' },
  set: { 'github.com/traefik/traefik/v3/pkg/version.Version': `v${TRAEFIK_VERSION}` },
};

function kubernetes(name: string, folder = 'cmd'): Binary {
  return { name, package: `${KUBERNETES.path}/${folder}/${name}`, module: KUBERNETES };
}

/** All Go programs of the rack, in the order in which they are built: the ones that share most come together. */
export const BINARIES: readonly Binary[] = [
  kubernetes('kubeadm'),
  kubernetes('kubectl'),
  kubernetes('kube-apiserver'),
  kubernetes('kubelet'),
  kubernetes('kube-controller-manager'),
  kubernetes('kube-scheduler'),
  kubernetes('kube-proxy'),
  kubernetes('agnhost', 'test/images'),
  { name: 'etcd', package: ETCD.path, module: ETCD },
  { name: 'flanneld', package: FLANNEL.path, module: FLANNEL },
  { name: 'coredns', package: COREDNS.path, module: COREDNS },
  { name: 'metallb-controller', package: `${METALLB.path}/controller`, module: METALLB },
  { name: 'metallb-speaker', package: `${METALLB.path}/speaker`, module: METALLB },
  { name: 'traefik', package: `${TRAEFIK.path}/cmd/traefik`, module: TRAEFIK },
];
