import { expect, it } from 'vitest';
import { internalEndpoints } from '../../src/model/policy.js';

const a = { address: '10.244.1.1', ports: [], node: 'raspi002' };
const b = { address: '10.244.2.1', ports: [], node: 'raspi003' };
const service = (spec: object): { spec: object } => ({ spec });

it.each([
  ['by default all, from every node', {}, 'raspi002', [a, b]],
  ['with policy Local those of the node', { internalTrafficPolicy: 'Local' }, 'raspi002', [a]],
  ['with policy Local nobody on a node without any', { internalTrafficPolicy: 'Local' }, 'raspi001', []],
  ['with PreferSameNode those of the node', { trafficDistribution: 'PreferSameNode' }, 'raspi003', [b]],
  ['with PreferSameNode all on a node without any', { trafficDistribution: 'PreferSameNode' }, 'raspi001', [a, b]],
  ['with PreferClose, which is about zones, all', { trafficDistribution: 'PreferClose' }, 'raspi002', [a, b]],
])('%s', (_case, spec, node, expected) => {
  expect(internalEndpoints(service(spec), [a, b], node)).toEqual(expected);
});
