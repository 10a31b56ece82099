import { KUBERNETES_VERSION, METALLB, TRAEFIK } from './go-modules.js';

/** The probe image's tag: what Kubernetes' own end-to-end tests of this version use. */
export const AGNHOST_IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.56';

/** Something put into an image's own layer. */
export interface ImageFile {
  readonly to: string;
  /** A program of the cache: artefact, or `artefact/file`. */
  readonly program?: string;
  /** A file that ships with the rack, below files/. */
  readonly file?: string;
  /** Makes `to` a symbolic link to this. */
  readonly link?: string;
  /** Makes `to` a folder. */
  readonly folder?: true;
  /** @default '755' for programs, '644' for files */
  readonly mode?: string;
}

/** The part of an image's configuration that a container runtime reads. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly StopSignal?: string;
  readonly WorkingDir?: string;
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
}

/** An image made here under the name that public manifests use, so that nothing need be overridden. */
export interface ImageRecipe {
  readonly names: readonly string[];
  /** Starts from the shared Debian. @default false: only its own files */
  readonly debian?: boolean;
  readonly files: readonly ImageFile[];
  readonly config?: ImageConfig;
}

/** kubeadm's static pods call their program by its bare name. */
function controlPlane(name: string): ImageRecipe {
  return {
    names: [`registry.k8s.io/${name}:v${KUBERNETES_VERSION}`],
    files: [{ to: `/usr/local/bin/${name}`, program: name }],
    config: { Entrypoint: [`/usr/local/bin/${name}`] },
  };
}

const KUBERNETES_IMAGES: readonly ImageRecipe[] = [
  controlPlane('kube-apiserver'),
  controlPlane('kube-controller-manager'),
  controlPlane('kube-scheduler'),
  { ...controlPlane('kube-proxy'), debian: true },
  {
    names: ['registry.k8s.io/etcd:3.6.5-0'],
    files: [{ to: '/usr/local/bin/etcd', program: 'etcd' }],
    config: { Entrypoint: ['/usr/local/bin/etcd'] },
  },
  {
    names: ['registry.k8s.io/coredns/coredns:v1.12.1'],
    files: [{ to: '/coredns', program: 'coredns' }],
    config: { Entrypoint: ['/coredns'], WorkingDir: '/' },
  },
  {
    names: ['registry.k8s.io/pause:3.10.1'],
    files: [{ to: '/pause', program: 'pause' }],
    config: { Entrypoint: ['/pause'] },
  },
];

const FLANNEL_IMAGES: readonly ImageRecipe[] = [
  {
    names: ['ghcr.io/flannel-io/flannel:v0.28.4'],
    debian: true,
    files: [{ to: '/opt/bin/flanneld', program: 'flanneld' }],
    config: { Entrypoint: ['/opt/bin/flanneld'] },
  },
  {
    names: ['ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1'],
    debian: true,
    files: [{ to: '/flannel', program: 'flannel-cni/flannel' }],
  },
];

/** Nothing but the one program, like upstream's; named as MetalLB's own manifest names them. */
function metallb(name: string): ImageRecipe {
  return {
    names: [`quay.io/metallb/${name}:${METALLB.version}`],
    files: [{ to: `/${name}`, program: `metallb-${name}/metallb-${name}` }],
    config: { Entrypoint: [`/${name}`] },
  };
}

const TRAEFIK_IMAGE: ImageRecipe = {
  names: [`docker.io/library/traefik:${TRAEFIK.version}`],
  files: [{ to: '/traefik', program: 'traefik' }],
  config: { Entrypoint: ['/traefik'], ExposedPorts: { '80/tcp': {} } },
};

/** Behaves like the official image: configuration in conf.d, output to the container's log, SIGQUIT to stop. */
const NGINX: ImageRecipe = {
  names: ['docker.io/library/nginx:1.29-alpine', 'docker.io/library/nginx:1.29'],
  debian: true,
  files: [
    { to: '/docker-entrypoint.sh', file: 'images/nginx/entrypoint.sh', mode: '755' },
    { to: '/etc/nginx/nginx.conf', file: 'images/nginx/nginx.conf' },
    { to: '/etc/nginx/conf.d/default.conf', file: 'images/nginx/default.conf' },
    { to: '/usr/share/nginx/html/index.html', file: 'images/nginx/index.html' },
    { to: '/var/log/nginx/access.log', link: '/dev/stdout' },
    { to: '/var/log/nginx/error.log', link: '/dev/stderr' },
  ],
  config: {
    Entrypoint: ['/docker-entrypoint.sh'],
    Cmd: ['nginx', '-g', 'daemon off;'],
    StopSignal: 'SIGQUIT',
    ExposedPorts: { '80/tcp': {} },
  },
};

const AGNHOST: ImageRecipe = {
  names: [AGNHOST_IMAGE],
  debian: true,
  files: [
    { to: '/agnhost', program: 'agnhost' },
    { to: '/agnhost-2', link: 'agnhost' },
    { to: '/localhost.crt', program: 'upstream-files/localhost.crt', mode: '644' },
    { to: '/localhost.key', program: 'upstream-files/localhost.key', mode: '644' },
    { to: '/uploads', folder: true },
  ],
  config: { Entrypoint: ['/agnhost'], Cmd: ['pause'], ExposedPorts: { '80/tcp': {}, '8080/tcp': {}, '8081/tcp': {} } },
};

const REDIS: ImageRecipe = {
  names: ['docker.io/library/redis:8-alpine'],
  debian: true,
  files: [{ to: '/data', folder: true }],
  config: {
    Cmd: ['redis-server', '--protected-mode', 'no'],
    WorkingDir: '/data',
    ExposedPorts: { '6379/tcp': {} },
  },
};

/** All images of the rack, as data: a new add-on is a new entry here and its program in `go-modules.ts`. */
export const IMAGES: readonly ImageRecipe[] = [
  ...[...KUBERNETES_IMAGES, ...FLANNEL_IMAGES],
  ...[metallb('controller'), metallb('speaker'), TRAEFIK_IMAGE],
  ...[NGINX, AGNHOST, REDIS],
];
