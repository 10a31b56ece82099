/** A module that programs are built from, through a wrapper module of ours (their own go.mod points at local folders). */
export interface GoModule {
  readonly path: string;
  readonly version: string;
  /** Module → `module version` to use instead. */
  readonly replace?: Readonly<Record<string, string>>;
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
];
