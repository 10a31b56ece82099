import { describe, expect, it } from 'vitest';
import { operations } from '../../src/script/edit.js';

const SERVICE = { metadata: { name: 'web' }, spec: { ports: [{ port: 80 }] } };

describe('values put into a manifest, as a JSON patch', () => {
  it.each([
    ['spec.ports[0].port', 81, { op: 'replace', path: '/spec/ports/0/port', value: 81 }],
    ['spec.clusterIP', '10.96.0.9', { op: 'add', path: '/spec/clusterIP', value: '10.96.0.9' }],
    [
      'metadata.annotations["example.com/a~b"]',
      'x',
      { op: 'add', path: '/metadata/annotations', value: { 'example.com/a~b': 'x' } },
    ],
    ['spec.externalIPs', ['a'], { op: 'add', path: '/spec/externalIPs', value: ['a'] }],
    ['spec.ports[1].port', 82, { op: 'add', path: '/spec/ports/1', value: { port: 82 } }],
  ])('%s', (path, value, operation) => {
    expect(operations(SERVICE, { [path]: value })).toEqual([operation]);
  });

  it('builds on what the values before have made, and leaves the manifest alone', () => {
    const before = structuredClone(SERVICE);
    const set = { 'metadata.annotations["a/b"]': '1', 'metadata.annotations["c"]': '2' };
    expect(operations(SERVICE, set).map(({ op, path }) => `${op} ${path}`)).toEqual([
      'add /metadata/annotations',
      'add /metadata/annotations/c',
    ]);
    expect(SERVICE).toEqual(before);
  });
});
