import { describe, expect, it } from 'vitest';
import { missingPackages } from '../../src/rack/packages.js';
import type { Facts } from '../../src/rack/preflight.js';
import { judge, missingControllers, missingOptions } from '../../src/rack/preflight.js';

const GIB = 1024 ** 3;
const cold = {
  missing: [
    { name: 'kubelet', gib: 0.6 },
    { name: 'containerd-state', gib: 4 },
  ],
  cache: '/cache',
};
const warm = { missing: [], cache: '/cache' };
const good: Facts = { uid: 0, freeBytes: 50 * GIB, fileSystem: 0xef53, missingFeatures: [], go: 'go1.26.8' };

describe('the preflight', () => {
  it('lets a good machine pass', () => {
    expect(judge(good, cold)).toBeUndefined();
  });

  it('asks for root first', () => {
    expect(judge({ ...good, uid: 1000, freeBytes: 0 }, cold)?.code).toBe('RACK_NO_ROOT');
  });

  it('says how much disk it needs and how much there is', () => {
    const problem = judge({ ...good, freeBytes: 3.5 * GIB }, cold);
    expect(problem?.code).toBe('RACK_DISK');
    expect(problem?.message).toContain('6.6 GiB');
    expect(problem?.message).toContain('3.5 GiB');
  });

  it('needs less disk, and no Go, once the cache is full', () => {
    expect(judge({ ...good, freeBytes: 3.5 * GIB, go: undefined }, warm)).toBeUndefined();
  });

  it('lists every missing kernel feature', () => {
    const problem = judge({ ...good, missingFeatures: ['VXLAN', 'cgroup v1 pids'] }, cold);
    expect(problem?.code).toBe('RACK_KERNEL');
    expect(problem?.message).toContain('VXLAN, cgroup v1 pids');
  });

  it('needs no Go to make images from programs that are there', () => {
    const images = { missing: [{ name: 'containerd-state', gib: 4 }], cache: '/cache' };
    expect(judge({ ...good, go: undefined }, images)).toBeUndefined();
  });

  it.each([undefined, 'go1.19.8', 'go1.25.9'])('does not build with Go %s', (go) => {
    expect(judge({ ...good, go }, cold)?.code).toBe('RACK_NO_GO');
  });

  it('does not lay overlays on an overlay', () => {
    expect(judge({ ...good, fileSystem: 0x794c7630 }, cold)?.hint).toContain('XDG_CACHE_HOME');
  });
});

describe('looking at a machine', () => {
  it('reads a kernel configuration, modules counting as there', () => {
    const config = 'CONFIG_OVERLAY_FS=y\nCONFIG_VXLAN=m\n# CONFIG_VETH is not set\n';
    const missing = missingOptions(config);
    expect(missing).toContain('veth');
    expect(missing).not.toContain('VXLAN');
    expect(missing).not.toContain('overlay file system');
  });

  it('finds controllers that are mounted together', () => {
    const mounts = [
      'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0',
      'cgroup /sys/fs/cgroup/systemd cgroup rw,xattr,name=systemd 0 0',
    ].join('\n');
    const missing = missingControllers(mounts);
    expect(missing).toContain('cgroup v1 memory');
    expect(missing).not.toContain('cgroup v1 cpuacct');
    expect(missing).not.toContain('cgroup v1 name=systemd');
  });

  it('says it once when there is no cgroup v1 at all', () => {
    expect(missingControllers('cgroup2 /sys/fs/cgroup cgroup2 rw 0 0')).toEqual(['cgroup v1 (only v2 is mounted)']);
  });

  it('installs compilers only for a cold build, and nothing that is there', () => {
    const none = (): undefined => undefined;
    expect(missingPackages(false, none)).not.toContain('mmdebstrap');
    expect(missingPackages(true, none)).toEqual(expect.arrayContaining(['mmdebstrap', 'gcc', 'libc6-dev']));
    expect(missingPackages(true, () => '/usr/bin/it')).toEqual([]);
  });
});
