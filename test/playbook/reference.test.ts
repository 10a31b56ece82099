import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ReferenceProblem,
  type Reference,
  fill,
  fillList,
  fillValue,
  parseReferences,
  referredValue,
} from '../../src/playbook/reference.js';

const values: Record<string, unknown> = {
  namespace: 'ns',
  'service/web.clusterIP': '10.96.0.9',
  'service/web.spec.ports[0].port': 8080,
  'pods/app=web.ips': ['10.244.1.2', '10.244.2.3'],
  'saved.before.vip': '10.96.0.9',
};
const lookup = ({ text }: Reference): unknown => values[text];

describe('parseReferences', () => {
  it.each([
    ['namespace', { root: 'namespace' }],
    ['neighbour', { root: 'neighbour' }],
    ['service/web.clusterIP', { root: 'object', kind: 'service', name: 'web', path: 'clusterIP' }],
    ['service/web.spec.ports[0].port', { root: 'object', kind: 'service', name: 'web', path: 'spec.ports[0].port' }],
    ['pods/app=web', { root: 'pods', selector: 'app=web', part: 'pods' }],
    ['pods/app=web.ips', { root: 'pods', selector: 'app=web', part: 'ips' }],
    ['pods/app.kubernetes.io/name=web.names', { root: 'pods', selector: 'app.kubernetes.io/name=web', part: 'names' }],
    ['saved.before.vip', { root: 'saved', name: 'before', key: 'vip' }],
    ['each.ip', { root: 'each', part: 'ip' }],
    ['cluster.serviceCIDR', { root: 'cluster', part: 'serviceCIDR' }],
    ['lab.freeClusterIP', { root: 'lab', part: 'freeClusterIP' }],
    ['probe.node', { root: 'probe', part: 'node' }],
  ])('reads ${%s}', (text, expected) => {
    expect(parseReferences(`http://\${${text}}:8080/`)).toEqual([{ ...expected, text }]);
  });

  it.each([
    ['${sevice}', 'unknown reference "sevice"'],
    ['${service/web}', 'not a field of an object'],
    ['${service/web.spec..x}', 'is not a path'],
    ['${pods/web}', 'not a label'],
    ['${saved.before}', 'not a saved value'],
    ['${each.address}', 'each has no "address"'],
    ['${cluster}', 'cluster has no ""'],
    ['${}', 'unknown reference ""'],
    ['${namespace', '"${" without "}"'],
  ])('says what is wrong with %s, and where it starts', (text, message) => {
    const read = (): unknown => parseReferences(`ab${text}`);
    expect(read).toThrow(expect.objectContaining({ code: 'REFERENCE_INVALID', offset: 2 }));
    expect(read).toThrow(message);
  });

  it('never throws anything but its own error', () => {
    const pieces = fc.constantFrom(
      '${',
      '}',
      '$${',
      '.',
      '/',
      '=',
      '[',
      'pods',
      'saved',
      'service',
      'a',
      '0',
      ' ',
      '$',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          try {
            parseReferences(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ReferenceProblem);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('fill', () => {
  it('replaces each reference by its value', async () => {
    expect(await fill('http://${service/web.clusterIP}:${service/web.spec.ports[0].port}/', lookup)).toBe(
      'http://10.96.0.9:8080/',
    );
  });

  it('leaves a text without references as it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string().filter((text) => !text.includes('${')),
        async (text) => {
          expect(await fill(text, lookup)).toBe(text);
        },
      ),
    );
  });

  it('turns $${ into a plain ${, whatever follows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await fill(text.split('${').join('$${'), lookup)).toBe(text);
      }),
      { examples: [['${namespace}'], ['$$'], ['a$']] },
    );
  });

  it('does not read what it has filled in', async () => {
    expect(await fill('${namespace}', () => '${namespace}')).toBe('${namespace}');
  });

  it('tells a value that is not there from a list that does not fit', async () => {
    await expect(fill('${saved.before.other}', lookup)).rejects.toMatchObject({ code: 'REFERENCE_EMPTY', exitCode: 3 });
    await expect(fill('${pods/app=web.ips}', lookup)).rejects.toMatchObject({ code: 'REFERENCE_KIND' });
  });
});

describe('fillList', () => {
  it('spreads an item that is one reference to a list, and fills the others', async () => {
    expect(await fillList(['${pods/app=web.ips}', 'vip ${saved.before.vip}', 'x'], lookup)).toEqual([
      '10.244.1.2',
      '10.244.2.3',
      'vip 10.96.0.9',
      'x',
    ]);
  });

  it('refuses a list inside a longer text', async () => {
    await expect(fillList(['ips: ${pods/app=web.ips}'], lookup)).rejects.toMatchObject({ code: 'REFERENCE_KIND' });
  });
});

describe('fillValue', () => {
  it('keeps the kind of a single reference', async () => {
    expect(await fillValue('${service/web.spec.ports[0].port}', lookup)).toBe(8080);
    expect(await fillValue('${pods/app=web.ips}', lookup)).toEqual(['10.244.1.2', '10.244.2.3']);
    expect(await fillValue('port ${service/web.spec.ports[0].port}', lookup)).toBe('port 8080');
  });
});

describe('referredValue', () => {
  it('knows the short words for common fields', () => {
    const pod = { status: { podIP: '10.244.1.2' }, spec: { nodeName: 'raspi002' } };
    const node = {
      spec: { podCIDR: '10.244.1.0/24' },
      status: {
        addresses: [
          { type: 'Hostname', address: 'raspi002' },
          { type: 'InternalIP', address: '192.168.1.12' },
        ],
      },
    };
    expect(referredValue({ spec: { clusterIP: '10.96.0.9' } }, { kind: 'service', path: 'clusterIP' })).toBe(
      '10.96.0.9',
    );
    expect(referredValue(pod, { kind: 'pod', path: 'ip' })).toBe('10.244.1.2');
    expect(referredValue(pod, { kind: 'pod', path: 'node' })).toBe('raspi002');
    expect(referredValue(node, { kind: 'node', path: 'podCIDR' })).toBe('10.244.1.0/24');
    expect(referredValue(node, { kind: 'node', path: 'address' })).toBe('192.168.1.12');
    expect(referredValue(undefined, { kind: 'node', path: 'address' })).toBeUndefined();
    expect(referredValue(pod, { kind: 'pod', path: 'status.podIP' })).toBe('10.244.1.2');
  });
});
