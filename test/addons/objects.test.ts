import { describe, expect, it } from 'vitest';
import { manifestObjects, nameOf } from '../../src/addons/objects.js';
import { addon, LAB, METALLB_YAML } from './manifests.js';

const METALLB = addon('metallb');

describe('the objects of a manifest', () => {
  it('begin with namespaces and definitions, and keep their order otherwise', () => {
    expect(manifestObjects(METALLB, METALLB_YAML, LAB).map(nameOf)).toEqual([
      'Namespace/metallb-system',
      'CustomResourceDefinition/ipaddresspools.metallb.io',
      'ServiceAccount/metallb-system/controller',
      'Deployment/metallb-system/controller',
      'DaemonSet/metallb-system/speaker',
      'ValidatingWebhookConfiguration/metallb-webhook-configuration',
    ]);
  });

  it('bear the add-on’s labels beside their own', () => {
    const objects = manifestObjects(METALLB, METALLB_YAML, LAB);
    for (const { metadata } of objects) {
      expect(metadata?.labels).toMatchObject({
        'app.kubernetes.io/managed-by': 'pilab',
        'pilab.dev/addon': 'metallb',
      });
    }
    expect(objects[0]?.metadata?.labels).toHaveProperty(['pod-security.kubernetes.io/enforce'], 'privileged');
  });

  it('use the images that the lab has instead', () => {
    const images = { 'quay.io/': 'registry.home.lab/' };
    const [, , , deployment] = manifestObjects(METALLB, METALLB_YAML, { ...LAB, images });
    expect(deployment).toHaveProperty(
      'spec.template.spec.containers.0.image',
      'registry.home.lab/metallb/controller:v0.15.2',
    );
  });

  it.each([
    [
      'a kind that could not be removed again',
      'apiVersion: batch/v1\nkind: Job\nmetadata: { name: x }',
      /unknown kind Job\/x/,
    ],
    ['what is no YAML', 'kind: [', /line \d+: /],
  ])('are none of %s', (_what, text, message) => {
    expect(() => manifestObjects(METALLB, text, LAB)).toThrow(message);
  });
});
