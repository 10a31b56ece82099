import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ADDONS } from '../../src/addons/catalog.js';
import { PROGRAMS } from '../../src/rack/binaries.js';
import { rackFile } from '../../src/rack/command.js';
import { METALLB, TRAEFIK } from '../../src/rack/go-modules.js';
import { imageConfig, manifestEntry } from '../../src/rack/image-archive.js';
import { AGNHOST_IMAGE, IMAGES } from '../../src/rack/images.js';

const layers = [
  { file: 'debian.tar', diffId: 'aa' },
  { file: 'layer-1.tar', diffId: 'bb' },
];

function recipe(name: string): (typeof IMAGES)[number] {
  const found = IMAGES.find((image) => image.names.includes(name));
  if (!found) throw new Error(`no image ${name}`);
  return found;
}

describe('the images', () => {
  it('bear the names that kubeadm 1.34.4 asks for', () => {
    const names = IMAGES.flatMap((image) => image.names);
    for (const name of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy']) {
      expect(names).toContain(`registry.k8s.io/${name}:v1.34.4`);
    }
    expect(names).toContain('registry.k8s.io/coredns/coredns:v1.12.1');
    expect(names).toContain('registry.k8s.io/pause:3.10.1');
    expect(names).toContain('registry.k8s.io/etcd:3.6.5-0');
    expect(new Set(names).size).toBe(names.length);
  });

  it('hold what the add-ons ask for, in the versions that are built here', () => {
    const names = IMAGES.flatMap((image) => image.names);
    for (const { images } of ADDONS) expect(names).toEqual(expect.arrayContaining([...images]));
    const versions = ADDONS.map(({ name, version }) => [name, `v${version}`]);
    expect(versions).toEqual([
      ['metallb', METALLB.version],
      ['traefik', TRAEFIK.version],
    ]);
  });

  it('are made of programs and files that the recipe has', () => {
    const programs = PROGRAMS.map((program) => program.name);
    for (const file of IMAGES.flatMap((image) => image.files)) {
      if (file.program !== undefined) expect(programs).toContain(file.program.split('/')[0]);
      if (file.file !== undefined) expect(existsSync(rackFile(file.file))).toBe(true);
    }
  });

  it('list their layers from the base up, in archive and configuration alike', () => {
    const agnhost = recipe(AGNHOST_IMAGE);
    expect(manifestEntry(agnhost, 'config.json', layers)).toEqual({
      Config: 'config.json',
      RepoTags: [AGNHOST_IMAGE],
      Layers: ['debian.tar', 'layer-1.tar'],
    });
    expect(imageConfig(agnhost, layers)).toMatchObject({
      os: 'linux',
      config: { Entrypoint: ['/agnhost'], Cmd: ['pause'] },
      rootfs: { type: 'layers', diff_ids: ['sha256:aa', 'sha256:bb'] },
    });
  });

  it('stop and start the web server as the official image does', () => {
    expect(imageConfig(recipe('docker.io/library/nginx:1.29-alpine'), layers)).toMatchObject({
      config: { Cmd: ['nginx', '-g', 'daemon off;'], StopSignal: 'SIGQUIT' },
    });
    expect(recipe('docker.io/library/nginx:1.29')).toBe(recipe('docker.io/library/nginx:1.29-alpine'));
  });

  it('always tell a PATH, by which kubeadm finds its programs', () => {
    for (const image of IMAGES) {
      expect(imageConfig(image, layers)).toMatchObject({
        config: { Env: [expect.stringMatching(/^PATH=.*\/usr\/local\/bin/)] },
      });
    }
  });
});
