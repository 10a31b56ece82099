import { readFileSync } from 'node:fs';
import { link, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { programKey, programPath } from './binaries.js';
import type { Artefact } from './cache.js';
import { artefactPath } from './cache.js';
import { command, contained, rackFile } from './command.js';

/** The Debian release of nodes and images: its containerd (1.6) and runc are what the recipe was proven with. */
const RELEASE = 'bookworm';

/** In every image that needs a shell or Debian's programs: proxy, flannel, agnhost, web server, redis. */
const IMAGE_PACKAGES = [
  'ca-certificates iptables nftables conntrack ipset iproute2 kmod curl bind9-dnsutils netcat-openbsd',
  'nginx-light procps iputils-ping gettext-base redis-server hostname',
];

/** What a bare node carries: systemd, SSH, a container runtime, and the tools a person would use on it. */
const NODE_PACKAGES = [
  'systemd systemd-sysv dbus openssh-server sudo containerd runc containernetworking-plugins iptables nftables',
  'conntrack ipset ipvsadm iproute2 kmod curl bind9-dnsutils netcat-openbsd procps iputils-ping ethtool socat ebtables',
  'ca-certificates tcpdump less nano tzdata hostname mount',
];

/** Mirrors that this machine's apt already uses for the release; none when the machine runs another one. */
export function mirrorLines(indexTargets: string, release: string): string[] {
  const lines = indexTargets
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([uri, suite]) => uri !== undefined && suite !== undefined)
    .filter(([, suite]) => suite === release || suite === `${release}-updates` || suite === `${release}-security`)
    .map(([uri = '', suite = '']) => `deb ${uri} ${suite} main`);
  return [...new Set(lines)];
}

async function mirrors(): Promise<string> {
  const format = ['--format', '$(REPO_URI) $(CODENAME)', 'Created-By: Packages', 'Component: main'];
  const targets = await command(['apt-get', 'indextargets', ...format]);
  return mirrorLines(targets, RELEASE).join('\n');
}

/** A Debian tree with some packages. Without mirrors of the machine's own, mmdebstrap knows its default one. */
async function debian(packages: readonly string[], hooks: readonly string[], into: string): Promise<void> {
  const without = ['doc', 'man', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  const sources = await mirrors();
  await command(
    contained([
      ...['mmdebstrap', '--mode=root', '--variant=minbase', '--quiet'],
      `--include=${packages.join(' ').split(' ').join(',')}`,
      ...without,
      ...hooks.map((hook) => `--customize-hook=${hook}`),
      ...[RELEASE, into, ...(sources === '' ? [] : ['-'])],
    ]),
    { input: sources },
  );
}

/** Makes users of upstream's images exist in ours; /var/log of nginx goes to the container's output. */
const IMAGE_HOOKS = [
  'chroot "$1" useradd --system --no-create-home --shell /usr/sbin/nologin nginx',
  'chroot "$1" useradd --uid 1000 user-defined-in-image',
  'chroot "$1" groupadd --gid 50000 group-defined-in-image',
  'chroot "$1" usermod -aG group-defined-in-image user-defined-in-image',
  'rm -rf "$1"/etc/nginx/sites-enabled/* "$1"/etc/nginx/conf.d/* "$1"/var/log/*.log "$1"/var/log/apt "$1"/etc/machine-id',
];

/** `pi` with the password-less sudo of Raspberry Pi OS. Per-node things (keys, host name) come at boot. */
const NODE_HOOKS = [
  'chroot "$1" useradd --create-home --shell /bin/bash --groups sudo pi',
  'rm -f "$1"/etc/ssh/ssh_host_* "$1"/etc/machine-id "$1"/etc/hostname "$1"/etc/resolv.conf',
  'mkdir -p "$1"/opt/cni/bin "$1"/boot/firmware && cp -a "$1"/usr/lib/cni/. "$1"/opt/cni/bin/',
  'chroot "$1" systemctl mask --quiet systemd-networkd-wait-online.service e2scrub_all.timer apt-daily.timer apt-daily-upgrade.timer',
];

/** The shared base of images. */
export const IMAGE_BASE: Artefact = {
  name: 'debian-image',
  gib: 0.5,
  from: { release: RELEASE, packages: IMAGE_PACKAGES, hooks: IMAGE_HOOKS },
  build: async (dir) => debian(IMAGE_PACKAGES, IMAGE_HOOKS, join(dir, 'root')),
};

/** The Debian of a node, without anything of Kubernetes. */
export const NODE_BASE: Artefact = {
  name: 'debian-node',
  gib: 0.7,
  from: { release: RELEASE, packages: NODE_PACKAGES, hooks: NODE_HOOKS },
  build: async (dir) => debian(NODE_PACKAGES, NODE_HOOKS, join(dir, 'root')),
};

/** Files of ours that every node carries: path in the node → file of the rack. */
const NODE_FILES: Readonly<Record<string, string>> = {
  'usr/bin/vcgencmd': 'node/vcgencmd',
  'usr/local/sbin/pilab-node-setup': 'node/node-setup.sh',
  'etc/systemd/system/pilab-node-setup.service': 'node/node-setup.service',
  'etc/systemd/system/kubelet.service': 'node/kubelet.service',
  'etc/systemd/system/kubelet.service.d/10-kubeadm.conf': 'node/10-kubeadm.conf',
  'etc/systemd/system/containerd.service.d/10-rack.conf': 'node/containerd.conf',
  'etc/containerd/config.toml': 'node/containerd.toml',
  'etc/crictl.yaml': 'node/crictl.yaml',
  'etc/sudoers.d/010_pi-nopasswd': 'node/sudoers',
  'etc/ssh/sshd_config.d/10-rack.conf': 'node/sshd.conf',
  'boot/firmware/cmdline.txt': 'node/cmdline.txt',
};
/** Units that start at boot: target → unit. */
const ENABLED: Readonly<Record<string, string>> = {
  'sysinit.target': 'pilab-node-setup.service',
  'multi-user.target': 'kubelet.service',
};
const EXECUTABLE = /^usr\/(local\/s)?bin\//;

/** Kubernetes' programs for nodes, and our files: the layer above Debian. Programs are hard links into the cache. */
export function nodeLayer(): Artefact {
  const programs = ['kubeadm', 'kubelet', 'kubectl'];
  return {
    name: 'node-layer',
    gib: 0,
    from: {
      programs: programs.map(programKey),
      files: Object.entries(NODE_FILES).map(([path, name]) => [path, readFileSync(rackFile(name), 'utf8')]),
      enabled: ENABLED,
    },
    build: async (dir) => {
      await mkdir(join(dir, 'root/usr/bin'), { recursive: true });
      for (const name of programs) await link(programPath(name), join(dir, 'root/usr/bin', name));
      for (const [path, name] of Object.entries(NODE_FILES)) {
        const mode = EXECUTABLE.test(path) ? '755' : path.includes('sudoers') ? '440' : '644';
        await command(['install', '-D', '-m', mode, rackFile(name), join(dir, 'root', path)]);
      }
      for (const [target, unit] of Object.entries(ENABLED)) {
        const wants = join(dir, 'root/etc/systemd/system', `${target}.wants`);
        await mkdir(wants);
        await symlink(`/etc/systemd/system/${unit}`, join(wants, unit));
      }
    },
  };
}

/** The root directory inside a rootfs artefact. */
export function rootOf(artefact: Artefact): string {
  return join(artefactPath(artefact), 'root');
}
