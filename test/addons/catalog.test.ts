import { describe, expect, it } from 'vitest';
import { addonsNamed, ADDONS } from '../../src/addons/catalog.js';
import { KINDS, manifestObjects, refOf } from '../../src/addons/objects.js';
import { manifestText } from '../../src/addons/source.js';
import type { PilabError } from '../../src/errors.js';
import { addon, LAB } from './manifests.js';

interface Workload {
  readonly template?: { readonly spec: { readonly containers: { readonly image: string; readonly args: string[] }[] } };
}

describe('the add-ons', () => {
  it('are found by name, each once, and a mistyped name is told', () => {
    expect(addonsNamed(['traefik', 'metallb', 'traefik']).map(({ name }) => name)).toEqual(['traefik', 'metallb']);
    expect(() => addonsNamed(['trafik'])).toThrow(
      expect.objectContaining({ code: 'ADDON_UNKNOWN', hint: 'did you mean "traefik"?' }) as PilabError,
    );
  });

  it('can be removed again: every kind that their settings have is looked for', () => {
    const kinds = ADDONS.flatMap(({ settings }) => settings(LAB)).map(({ apiVersion, kind }) => ({ apiVersion, kind }));
    for (const kind of kinds) expect(KINDS).toContainEqual(kind);
  });

  it('give the lab’s pool to MetalLB and announce it', () => {
    const [pool, advertisement] = addon('metallb').settings(LAB);
    expect(pool).toMatchObject({ kind: 'IPAddressPool', spec: { addresses: ['192.168.66.240-192.168.66.250'] } });
    expect(advertisement).toMatchObject({
      kind: 'L2Advertisement',
      spec: { ipAddressPools: [pool?.metadata?.name] },
    });
  });
});

describe('Traefik’s manifest', async () => {
  const traefik = addon('traefik');
  const objects = manifestObjects(traefik, await manifestText(traefik), LAB);
  const containers = objects.flatMap(
    (object) => (object['spec'] as Workload | undefined)?.template?.spec.containers ?? [],
  );

  it('names just the images that the add-on lists', () => {
    expect([...new Set(containers.map(({ image }) => image))]).toEqual(traefik.images);
  });

  it('has the workloads that are waited for', () => {
    const refs = objects.map(refOf);
    for (const ref of traefik.ready) expect(refs).toContainEqual(ref);
  });

  it('serves two classes, each by the provider whose controller the class names', () => {
    const classes = objects.filter(({ kind }) => kind === 'IngressClass');
    expect(classes.map(({ metadata, ['spec']: spec }) => [metadata?.name, spec])).toEqual([
      ['traefik', { controller: 'traefik.io/ingress-controller' }],
      ['nginx', { controller: 'k8s.io/ingress-nginx' }],
    ]);
    expect(containers[0]?.args).toContain('--providers.kubernetesingress.ingressclass=traefik');
    expect(containers[1]?.args).toContain('--providers.kubernetesingressnginx.ingressclass=nginx');
  });

  it('publishes to Ingresses the address of the Service before it', () => {
    const services = objects
      .filter(({ kind }) => kind === 'Service')
      .map(({ metadata }) => `traefik/${metadata?.name ?? ''}`);
    const published = containers.map(({ args }) => /publish(?:ed)?service=(\S+)/.exec(args.join(' '))?.[1]);
    expect(published).toEqual(services);
  });

  it('lets each controller read what it needs, or every route would answer 404', () => {
    const roles = objects.filter(({ kind }) => kind === 'ClusterRole');
    const core = roles.map((role) => (role['rules'] as { apiGroups: string[]; resources: string[] }[])[0]?.resources);
    expect(core).toEqual([
      ['services', 'secrets', 'nodes'],
      ['services', 'secrets', 'configmaps'],
    ]);
  });
});
