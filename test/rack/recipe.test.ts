import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { binaryArtefact, goMod, linkerFlags } from '../../src/rack/binaries.js';
import { BINARIES, FLANNEL, KUBERNETES, TRAEFIK } from '../../src/rack/go-modules.js';
import { hierarchies, ownGroups } from '../../src/rack/cgroups.js';
import { initConfig, joinConfig, parseJoinCommand } from '../../src/rack/cluster.js';
import { labFile } from '../../src/rack/lab-file.js';
import { NODES } from '../../src/rack/plan.js';
import { mirrorLines } from '../../src/rack/rootfs.js';
import { quote, sshCommand } from '../../src/rack/ssh.js';

describe('the Go recipes', () => {
  it('replace every staging module by its published twin', () => {
    expect(goMod(KUBERNETES)).toContain('require k8s.io/kubernetes v1.34.4');
    expect(goMod(KUBERNETES)).toContain('replace k8s.io/client-go => k8s.io/client-go v0.34.4');
    expect(goMod(KUBERNETES)).not.toContain('sample-controller');
  });

  it('tell kubeadm its version', () => {
    expect(linkerFlags(KUBERNETES)).toContain('-X k8s.io/component-base/version.gitVersion=v1.34.4');
    expect(linkerFlags(KUBERNETES)).toContain('-X k8s.io/client-go/pkg/version.gitMinor=34');
  });

  it('take our place holders for what is not to be had, and build anew when one changes', () => {
    expect(goMod(TRAEFIK)).toContain('replace github.com/go-acme/lego/v5 => ./stubs/traefik/lego');
    const traefik = BINARIES.find(({ name }) => name === 'traefik')!;
    const { stubs } = binaryArtefact(traefik).from as { stubs: [path: string, text: string][][] };
    const files = stubs.flat();
    expect(files.map(([path]) => path)).toEqual(expect.arrayContaining(['go.mod', 'ext.go', 'lego/lego.go']));
    expect(files.find(([path]) => path === 'challenge/tlsalpn01/tlsalpn01.go')?.[1]).toContain('"acme-tls/1"');
  });

  it('link statically what needs C', () => {
    expect(linkerFlags(FLANNEL)).toContain('-extldflags -static');
    expect(linkerFlags(KUBERNETES)).not.toContain('extldflags');
  });
});

describe('the cluster', () => {
  const [first, second] = NODES;

  it('is configured for nodes without CAP_SYS_RESOURCE', () => {
    const config = initConfig(first!);
    expect(config).toContain('advertiseAddress: 192.168.66.11');
    expect(config).toContain('podSubnet: 10.244.0.0/16');
    expect(config.match(/oomScoreAdj: 0/g)).toHaveLength(2);
    expect(config.split('\n---\n')).toHaveLength(4);
  });

  it('passes on token and hash of kubeadm’s join command', () => {
    const line = 'kubeadm join 192.168.66.11:6443 --token abc.def --discovery-token-ca-cert-hash sha256:0f \n';
    const token = parseJoinCommand(line);
    expect(token).toEqual({ token: 'abc.def', caCertHash: 'sha256:0f' });
    expect(joinConfig(second!, '192.168.66.11', token)).toContain('- sha256:0f');
    expect(() => parseJoinCommand('no such thing')).toThrow(/not understood/);
  });
});

describe('SSH to the nodes', () => {
  it('always checks host keys, from the operator’s namespace', () => {
    const argv = sshCommand('192.168.66.11', ['true']);
    expect(argv.slice(0, 4)).toEqual(['ip', 'netns', 'exec', 'pilab-lan']);
    expect(argv).toContain('StrictHostKeyChecking=yes');
  });

  it('keeps words whole through the remote shell', () => {
    expect(quote('plain-word_1.0')).toBe('plain-word_1.0');
    expect(quote("it's $HOME; rm -rf /")).toBe(`'it'\\''s $HOME; rm -rf /'`);
    expect(quote('')).toBe("''");
  });
});

describe('the lab file', () => {
  it('names its neighbours by relative paths', () => {
    expect(labFile()).toContain('knownHosts: known_hosts');
    expect(labFile()).not.toContain('/');
  });

  it('tells what the LAN has for exercises: a pool, ingress classes, web servers outside', () => {
    expect(parse(labFile())).toMatchObject({
      loadBalancer: { pool: ['192.168.66.240-192.168.66.250'] },
      ingress: { classes: ['nginx', 'traefik'] },
      outside: [
        { name: 'web1.home.lab', address: '192.168.66.21', port: 80 },
        { name: 'web2.home.lab', address: '192.168.66.22', port: 80 },
      ],
    });
  });
});

describe('this machine', () => {
  it('lends its own mirrors for the same release only', () => {
    const targets =
      'http://mirror.example/debian/ bookworm\nhttp://mirror.example/debian/ bookworm\nhttp://x.example/ nodistro\n';
    expect(mirrorLines(targets, 'bookworm')).toEqual(['deb http://mirror.example/debian/ bookworm main']);
    expect(mirrorLines(targets, 'trixie')).toEqual([]);
  });

  it('says which cgroups it has and where we are in them', () => {
    expect(
      hierarchies('cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0\nproc /proc proc rw 0 0'),
    ).toEqual([{ mount: '/sys/fs/cgroup/cpu,cpuacct', controllers: ['cpu', 'cpuacct'] }]);
    const own = ownGroups('9:name=systemd:/a\n4:cpu,cpuacct:/b:c\n0::/v2\n');
    expect([...own]).toEqual([
      ['name=systemd', '/a'],
      ['cpu', '/b:c'],
      ['cpuacct', '/b:c'],
    ]);
  });
});
