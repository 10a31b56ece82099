import { describe, expect, it } from 'vitest';
import type { ManifestDocument } from '../../src/playbook/schema.js';
import { takesValues } from '../../src/playbook/manifest.js';
import { labImage, labManifest } from '../../src/steps/manifest.js';
import { lab } from '../run/world.js';

const IMAGES = {
  'nginx:1.29': 'class.local/web:1',
  'registry.k8s.io/': 'class.local/k8s/',
  'registry.k8s.io/e2e/': 'e2e.local/',
};

describe('the image of a lab', () => {
  it.each([
    ['nginx:1.29', 'class.local/web:1'],
    ['nginx:1.28', 'nginx:1.28'],
    ['registry.k8s.io/pause:3.10', 'class.local/k8s/pause:3.10'],
    // The longest prefix wins.
    ['registry.k8s.io/e2e/agnhost:2', 'e2e.local/agnhost:2'],
    ['docker.io/registry.k8s.io/pause', 'docker.io/registry.k8s.io/pause'],
  ])('for %s is %s', (image, used) => {
    expect(labImage(image, IMAGES)).toBe(used);
  });
});

describe('a manifest as a run applies it', () => {
  const at = { namespace: 'pilab-x', labels: { 'pilab.dev/run': 'r' }, lab: lab({ images: IMAGES }) };
  const template = {
    spec: { containers: [{ image: 'nginx:1.29' }, {}], initContainers: [{ image: 'registry.k8s.io/a' }] },
  };

  it('lies in the run’s namespace and carries its labels beside its own', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default', labels: { a: 'b' } },
    };
    expect(labManifest(service, at).metadata).toEqual({
      name: 'web',
      namespace: 'pilab-x',
      labels: { a: 'b', 'pilab.dev/run': 'r' },
    });
  });

  it.each([
    ['Deployment', { template }],
    ['Pod', template.spec],
  ])('has the images of the lab in every container of a %s', (kind, spec) => {
    const document: ManifestDocument = { apiVersion: 'v1', kind, metadata: { name: 'web' }, spec };
    const text = JSON.stringify(labManifest(document, at));
    expect(text).toContain('"class.local/web:1"');
    expect(text).toContain('"class.local/k8s/a"');
    expect(text).not.toContain('nginx');
  });

  it('leaves the file’s own document as it is', () => {
    const document: ManifestDocument = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: template.spec,
    };
    const before = structuredClone(document);
    labManifest(document, at);
    expect(document).toEqual(before);
  });
});

it('values are meant for the workload, not for the ConfigMap beside it', () => {
  const document = (kind: string) => ({ apiVersion: 'v1', kind, metadata: { name: 'x' } });
  const [map, workload] = [document('ConfigMap'), document('Deployment')];
  expect([map, workload].map((each) => takesValues(each, [map, workload]))).toEqual([false, true]);
  expect(takesValues(map, [map])).toBe(true);
});
