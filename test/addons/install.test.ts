import { describe, expect, it } from 'vitest';
import { installAddon } from '../../src/addons/install.js';
import { addonStates } from '../../src/addons/installed.js';
import { broughtBy, removeObjects } from '../../src/addons/remove.js';
import { manifestText } from '../../src/addons/source.js';
import { Rejection } from '../../src/ports/cluster.js';
import { type Faults, MemoryCluster } from '../run/memory-cluster.js';
import { addon, LAB, METALLB_YAML } from './manifests.js';

const METALLB = addon('metallb');
const { signal } = new AbortController();
const OPTIONS = { manifest: METALLB_YAML, lab: LAB, signal };

/** What observed.md saw: the controller's webhook before its readiness probe passed. */
const WEBHOOK = new Rejection(
  500,
  'InternalError',
  'Internal error occurred: failed calling webhook "ipaddresspoolvalidationwebhook.metallb.io": connect: connection refused',
);

function changes(cluster: MemoryCluster): string[] {
  return cluster.calls.filter((call) => /^(apply|delete) /.test(call));
}

describe('installing an add-on', () => {
  it('goes from the namespace to the lab’s own settings, and marks the add-on complete last', async () => {
    const cluster = new MemoryCluster();
    await installAddon(cluster, METALLB, OPTIONS);
    expect(changes(cluster)).toEqual([
      'apply Namespace/metallb-system',
      'apply CustomResourceDefinition/ipaddresspools.metallb.io',
      'apply ServiceAccount/controller',
      'apply Deployment/controller',
      'apply DaemonSet/speaker',
      'apply ValidatingWebhookConfiguration/metallb-webhook-configuration',
      'apply IPAddressPool/lab',
      'apply L2Advertisement/lab',
      'apply Namespace/metallb-system',
    ]);
    expect(await addonStates(cluster)).toEqual([
      { name: 'metallb', version: '0.15.2', ready: true },
      { name: 'traefik', version: undefined, ready: false },
    ]);
  });

  it('may be repeated', async () => {
    const cluster = new MemoryCluster();
    await installAddon(cluster, METALLB, OPTIONS);
    await installAddon(cluster, METALLB, { ...OPTIONS, lab: { ...LAB, pool: ['10.0.0.0/28'] } });
    const [pool] = await cluster.list({ apiVersion: 'metallb.io/v1beta1', kind: 'IPAddressPool' });
    expect(pool).toMatchObject({ spec: { addresses: ['10.0.0.0/28'] } });
  });

  it('tries again while a webhook that was just started does not answer', async () => {
    let refusals = 2;
    const before: Faults['before'] = (verb, subject) =>
      verb === 'apply' && subject === 'IPAddressPool/lab' && refusals-- > 0 ? WEBHOOK : undefined;
    const cluster = new MemoryCluster({ before });
    await installAddon(cluster, METALLB, OPTIONS);
    expect(changes(cluster).filter((call) => call === 'apply IPAddressPool/lab')).toHaveLength(3);
  });

  it('stops at any other refusal, and names the object', async () => {
    const forbidden = new Rejection(403, 'Forbidden', 'User "guest" cannot patch resource "deployments"');
    const cluster = new MemoryCluster({
      before: (_, subject) => (subject.startsWith('Deployment/') ? forbidden : undefined),
    });
    await expect(installAddon(cluster, METALLB, OPTIONS)).rejects.toMatchObject({
      code: 'ADDON_REFUSED',
      message: `metallb: the API server refuses Deployment/metallb-system/controller: ${forbidden.message}`,
      exitCode: 3,
    });
    expect((await addonStates(cluster))[0]).toMatchObject({ version: undefined, ready: false });
  });

  it('needs a pool, and says so before anything is applied', async () => {
    const cluster = new MemoryCluster();
    await expect(installAddon(cluster, METALLB, { ...OPTIONS, lab: { images: {} } })).rejects.toMatchObject({
      code: 'ADDON_NEEDS',
      hint: expect.stringContaining('loadBalancer: { pool:') as string,
    });
    expect(cluster.calls).toEqual([]);
  });

  it('leaves somebody else’s installation alone', async () => {
    const cluster = new MemoryCluster();
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'metallb-system' } });
    await expect(installAddon(cluster, METALLB, OPTIONS)).rejects.toMatchObject({
      code: 'ADDON_FOREIGN',
      message: expect.stringContaining('Namespace/metallb-system is on the cluster already') as string,
    });
    expect(changes(cluster)).toEqual(['apply Namespace/metallb-system']);
  });

  it('tells what its pods wait for when it does not get ready', async () => {
    const waiting = { pods: 'controller', reason: 'ErrImagePull', message: 'no such host' };
    const cluster = new MemoryCluster({ waiting, patienceMs: 50 });
    await expect(installAddon(cluster, METALLB, OPTIONS)).rejects.toMatchObject({
      code: 'ADDON_NOT_READY',
      message: expect.stringMatching(
        /Deployment\/controller .*pod\/controller-0: ErrImagePull: no such host/,
      ) as string,
      exitCode: 3,
    });
    expect((await addonStates(cluster))[0]).toMatchObject({ version: undefined });
  });
});

describe('removing an add-on', () => {
  it('takes all that it brought, admission first, and nothing else', async () => {
    const cluster = new MemoryCluster();
    const traefik = addon('traefik');
    await installAddon(cluster, traefik, { ...OPTIONS, manifest: await manifestText(traefik) });
    await installAddon(cluster, METALLB, OPTIONS);
    const before = cluster.calls.length;
    const found = await broughtBy('metallb', cluster, signal);
    await removeObjects(cluster, found, signal);
    expect(cluster.calls.slice(before).filter((call) => call.startsWith('delete '))).toEqual([
      'delete ValidatingWebhookConfiguration/metallb-webhook-configuration',
      'delete Namespace/metallb-system',
      'delete CustomResourceDefinition/ipaddresspools.metallb.io',
    ]);
    expect(await broughtBy('metallb', cluster, signal)).toEqual([]);
    expect(await addonStates(cluster)).toEqual([
      { name: 'metallb', version: undefined, ready: false },
      { name: 'traefik', version: '3.7.13', ready: true },
    ]);
  });

  it('says what stays and why', async () => {
    const cluster = new MemoryCluster({ namespaceStays: 'some finalizer' });
    await installAddon(cluster, METALLB, OPTIONS);
    cluster.faults.patienceMs = 50;
    await expect(removeObjects(cluster, await broughtBy('metallb', cluster, signal), signal)).rejects.toMatchObject({
      code: 'ADDON_REMAINS',
      message: expect.stringContaining('some finalizer') as string,
    });
  });
});
