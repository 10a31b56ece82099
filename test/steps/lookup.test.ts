import { X509Certificate, createPrivateKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Certificates } from '../../src/steps/certificates.js';
import { filled, filledList, filledValue, filledWhereKnown, podsWith } from '../../src/steps/lookup.js';
import { lab } from '../run/world.js';
import { FACTS, NAMESPACE, NEVER, cluster, context, sources } from './world.js';
import type { LabHost } from '../../src/lab/lab.js';
import type { Host } from '../../src/ports/host.js';
import { resolvePlaces } from '../../src/steps/places.js';

describe('references', () => {
  it.each([
    ['${namespace}', NAMESPACE],
    ['${neighbour}', `${NAMESPACE}-b`],
    ['${service/web.clusterIP}', '127.0.0.1'],
    ['${service/web.spec.ports[0].port}', '8080'],
    ['${pod/web-1.ip} on ${pod/web-1.node}', '10.244.1.2 on raspi002'],
    ['${node/raspi001.address}', '192.168.10.1'],
    ['${cluster.domain}', 'cluster.local'],
    ['$${plain}', '${plain}'],
  ])('%s is %s', async (text, value) => {
    expect(await filled(text, context(await cluster()))).toBe(value);
  });

  it('are filled in wherever a text stands, and nothing else is touched', async () => {
    const value = { a: ['${namespace}', 1, null], b: { c: true, d: 'x-${service/web.clusterIP}' } };
    expect(await filled(value, context(await cluster()))).toEqual({
      a: [NAMESPACE, 1, null],
      b: { c: true, d: 'x-127.0.0.1' },
    });
  });

  it('to pods are the ready ones, by name; alone in an item they become as many items', async () => {
    const at = context(await cluster());
    const gone = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'web-1' };
    await at.cluster.delete(gone);
    expect(await filledList(['first', '${pods/app=web.names}'], at)).toEqual(['first', 'web-0', 'web-2']);
    expect(await filledValue('${pods/app=web.ips}', at)).toEqual(['10.244.1.1', '10.244.1.3']);
    expect(await podsWith('app=web', at)).toEqual([
      { name: 'web-0', node: 'raspi002', ip: '10.244.1.1' },
      { name: 'web-2', node: 'raspi002', ip: '10.244.1.3' },
    ]);
  });

  it('to a free pool address take the last one of the lab file’s pool, else of MetalLB’s own', async () => {
    const of = await cluster();
    const pool = (name: string, spec: object): Promise<unknown> =>
      of.apply({
        apiVersion: 'metallb.io/v1beta1',
        kind: 'IPAddressPool',
        metadata: { name, namespace: 'metallb-system' },
        spec,
      });
    await pool('reserved', { addresses: ['10.0.0.9-10.0.0.9'], autoAssign: false });
    await pool('first', { addresses: ['192.168.10.240-192.168.10.250'] });
    const named = lab({ loadBalancer: { pool: ['192.168.10.20-192.168.10.29'] } });
    expect(await filled('${lab.freePoolAddress}', context(of, { lab: named }))).toBe('192.168.10.29');
    expect(await filled('${lab.freePoolAddress}', context(of))).toBe('192.168.10.250');
  });

  it('that a lab cannot fill say what it lacks', async () => {
    await expect(filled('${outside.1.address}', context(await cluster()))).rejects.toMatchObject({
      code: 'REFERENCE_EMPTY',
      hint: expect.stringContaining('"outside" in the lab file') as string,
    });
    await expect(filled('${lab.freePoolAddress}', context(await cluster()))).rejects.toMatchObject({
      hint: expect.stringContaining('loadBalancer in the lab file') as string,
    });
  });

  it('to the ingress class mean the first that the lab names, and another one', async () => {
    const ingressClasses = [
      { name: 'nginx', controller: 'k8s.io/ingress-nginx' },
      { name: 'traefik', controller: 'traefik.io/ingress-controller' },
    ];
    const at = context(await cluster(), {
      facts: { ...FACTS, ingressClasses },
      lab: lab({ ingress: { classes: ['traefik', 'nginx'] } }),
    });
    expect(await filled('${ingress.class} ${ingress.otherClass} ${ingress.controller}', at)).toBe(
      'traefik nginx traefik.io/ingress-controller',
    );
  });

  it('to a certificate mean the same one throughout a playbook run, with its key', async () => {
    const at = context(await cluster());
    const [crt = '', again, key = ''] = await filledList(
      ['${certificate/a.example.com.crt}', '${certificate/a.example.com.crt}', '${certificate/a.example.com.key}'],
      at,
    );
    expect(again).toBe(crt);
    expect(new X509Certificate(crt).checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it('to the operator mean the address that sshd saw, and never that of a jump host', async () => {
    const asked: string[] = [];
    const sshd = (name: string): Host => ({
      name,
      exec: (argv) => {
        asked.push([name, ...argv].join(' '));
        return Promise.resolve({
          stdout: '::ffff:192.168.10.9 50000 192.168.10.1 22\n',
          stderr: '',
          exitCode: 0,
          durationMs: 1,
        });
      },
    });
    const of = await cluster();
    const [first, second] = lab().hosts;
    const at = (hosts: readonly LabHost[]) => context(of, { lab: lab({ hosts }), places: sources(of, { host: sshd }) });
    expect(await filled('${operator.ip}/32', at([{ ...first!, jump: second! }, second!]))).toBe('192.168.10.9/32');
    expect(asked).toEqual(['raspi002 printenv SSH_CONNECTION']);
    await expect(filled('${operator.ip}', at([{ ...first!, jump: second! }]))).rejects.toMatchObject({
      code: 'REFERENCE_EMPTY',
    });
  });

  it('keep what was saved, whatever the object says now', async () => {
    const at = context(await cluster(), { saved: new Map([['before', { vip: '10.96.0.7', ips: ['a', 'b'] }]]) });
    expect(await filled('http://${saved.before.vip}/', at)).toBe('http://10.96.0.7/');
    expect(await filledList(['${saved.before.ips}'], at)).toEqual(['a', 'b']);
  });

  it('are filled in for showing where the value is known, and cannot end the word or line that they stand in', async () => {
    const { key } = await new Certificates().for('web.example.com');
    const values = { vip: '10.96.0.7', ips: ['a', 'b'], port: 80, evil: "x'; rm -rf ~; '", lines: 'a\nb' };
    const keys = {
      pem: key,
      base64: Buffer.from(key).toString('base64'),
      short: Buffer.from(key.slice(0, 60)).toString('base64'),
    };
    const saved = new Map<string, Record<string, unknown>>([['s', { ...values, ...keys, long: 'x'.repeat(201) }]]);
    const at = context(await cluster(), { saved });
    const shown = (text: string): Promise<string> => filledWhereKnown(text, at, 'lab');
    expect(await shown('${saved.s.vip}:${saved.s.port} ${saved.s.ips} ${namespace}')).toBe(
      `10.96.0.7:80 a, b ${NAMESPACE}`,
    );
    for (const name of ['evil', 'lines', 'long', 'none', ...Object.keys(keys)]) {
      expect(await shown(`'\${saved.s.${name}}'`)).toBe(`'\${saved.s.${name}}'`);
    }
  });

  it('are filled in from memory alone where nothing may wait for the lab', async () => {
    const at = context(await cluster(), { saved: new Map([['before', { vip: '10.96.0.7' }]]) });
    const text = '${saved.before.vip} ${cluster.domain} ${service/web.clusterIP} ${pods/app=web.ips}';
    expect(await filledWhereKnown(text, at, 'memory')).toBe(
      '10.96.0.7 cluster.local ${service/web.clusterIP} ${pods/app=web.ips}',
    );
    expect(await filledWhereKnown('${service/web.clusterIP}', at, 'lab')).toBe('127.0.0.1');
  });

  it('to the place and the item have the values of this very probe', async () => {
    const at = context(await cluster());
    const [place] = await resolvePlaces('pod@raspi003', at.places, NEVER);
    const each = { name: 'web-0', node: 'raspi002', ip: '10.244.1.1' };
    const scope = { each, ...(place === undefined ? {} : { place }) };
    expect(await filled('${probe.node} asks ${each.name} at ${each.ip}', at, scope)).toBe(
      'raspi003 asks web-0 at 10.244.1.1',
    );
  });

  it.each([
    ['${service/none.clusterIP}', 'REFERENCE_EMPTY', '${service/none.clusterIP} has no value'],
    ['${saved.before.vip}', 'REFERENCE_EMPTY', '${saved.before.vip} has no value'],
    ['${each.ip}', 'REFERENCE_EMPTY', '${each.ip} has no value'],
    ['x ${pods/app=web.ips}', 'REFERENCE_KIND', '${pods/app=web.ips} is a list, where a text is needed'],
  ])('without a value are an error that names them: %s', async (text, code, message) => {
    await expect(filled(text, context(await cluster()))).rejects.toMatchObject({ code, message });
  });
});
