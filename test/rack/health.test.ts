import { describe, expect, it } from 'vitest';
import type { RackHealth } from '../../src/rack/health.js';
import { complaints, isHealthy, lacksOnlyAddons } from '../../src/rack/health.js';

const node = { name: 'raspi002', address: '192.168.66.12', booted: true, ssh: true, ready: true, version: 'v1.34.4' };
const good: RackHealth = {
  processes: true,
  nodes: [node],
  services: [{ name: 'dns', address: '192.168.66.1', answers: true }],
  addons: [{ name: 'metallb', version: '0.15.2', ready: true }],
};

describe('the health of a rack', () => {
  it('has nothing to complain about when all is as rack up leaves it', () => {
    expect(complaints(good)).toEqual([]);
    expect(isHealthy(good)).toBe(true);
  });

  it('names every node and service that is not', () => {
    const sick: RackHealth = {
      processes: true,
      nodes: [{ ...node, ssh: false, ready: false }],
      services: [{ name: 'dns', address: '192.168.66.1', answers: false }],
      addons: [
        { name: 'metallb', version: '0.15.2', ready: false },
        { name: 'traefik', version: undefined, ready: false },
      ],
    };
    expect(complaints(sick)).toEqual([
      'raspi002: no SSH',
      'raspi002: not Ready',
      'dns: no answer',
      'metallb: not ready',
      'traefik: not installed',
    ]);
    expect(isHealthy(sick)).toBe(false);
  });

  it('tells a rack that lacks only add-ons, which need no new rack, from one that lacks more', () => {
    const addons = [{ name: 'metallb', version: undefined, ready: false }];
    expect(lacksOnlyAddons(good)).toBe(false);
    expect(lacksOnlyAddons({ ...good, addons })).toBe(true);
    expect(lacksOnlyAddons({ ...good, addons, nodes: [{ ...node, ready: false }] })).toBe(false);
  });

  it('says of a dead node only that it does not run', () => {
    const dead = { ...node, booted: false, ssh: false, ready: false };
    expect(complaints({ ...good, processes: false, nodes: [dead] })).toEqual([
      'processes or namespaces of the rack are gone',
      'raspi002 does not run',
    ]);
  });
});
