import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PilabError } from '../../src/errors.js';
import { getPath, parsePath, setPath } from '../../src/playbook/path.js';

const service = {
  metadata: { name: 'web', labels: { 'app.kubernetes.io/name': 'web' } },
  spec: { ports: [{ port: 8080 }, { port: 8443 }] },
};

describe('getPath', () => {
  it('walks maps, lists and quoted keys', () => {
    expect(getPath(service, 'spec.ports[1].port')).toBe(8443);
    expect(getPath(service, 'metadata.labels["app.kubernetes.io/name"]')).toBe('web');
  });

  it('gives undefined where the object has nothing, and never what it inherits', () => {
    expect(getPath(service, 'spec.ports[2].port')).toBeUndefined();
    expect(getPath(service, 'metadata.name.first')).toBeUndefined();
    expect(getPath(service, 'constructor')).toBeUndefined();
  });
});

describe('setPath', () => {
  it('replaces values and makes the maps on the way', () => {
    const object: Record<string, unknown> = { spec: { ports: [{ port: 80 }] } };
    setPath(object, 'spec.clusterIP', '10.96.0.9');
    setPath(object, 'spec.ports[0].nodePort', 30080);
    setPath(object, 'metadata.labels["a.b/c"]', 'x');
    expect(object).toEqual({
      spec: { ports: [{ port: 80, nodePort: 30080 }], clusterIP: '10.96.0.9' },
      metadata: { labels: { 'a.b/c': 'x' } },
    });
  });

  it.each(['name.first', 'list[5]', 'list.first', '__proto__.polluted'])('refuses %s, which leads nowhere', (path) => {
    expect(() => setPath({ name: 'web', list: [1] }, path, 1)).toThrow(PilabError);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('puts a value where getPath finds it', () => {
    const segment = fc.oneof(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,5}$/), fc.constant(0));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), fc.integer(), (rest, value) => {
        const path = rest.reduce<string>((text, part) => text + (part === 0 ? '[0]' : `.${part}`), 'spec');
        const object = {};
        setPath(object, path, value);
        expect(getPath(object, path)).toBe(value);
      }),
    );
  });
});

describe('parsePath', () => {
  it.each(['', '.spec', 'spec.', 'spec..x', 'spec[x]', 'spec[0', 'spec ports', 'a["b'])('refuses %j', (path) => {
    expect(() => parsePath(path)).toThrow(expect.objectContaining({ code: 'PATH_INVALID' }));
  });

  it('never throws anything but its own error', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        try {
          parsePath(path);
        } catch (error) {
          expect(error).toMatchObject({ code: 'PATH_INVALID' });
        }
      }),
    );
  });
});
