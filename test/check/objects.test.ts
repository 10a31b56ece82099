import { describe, expect, it } from 'vitest';
import { judgeEndpoints, type EndpointsExpectation } from '../../src/check/endpoints.js';
import { judgeFields } from '../../src/check/fields.js';
import { judgeNewAddresses, judgePodNetwork } from '../../src/check/pod-network.js';
import { judgeRejection } from '../../src/check/rejection.js';
import type { FieldMatcher } from '../../src/playbook/schema.js';
import type { LiveObject } from '../../src/model/object.js';
import { pod, service, slice } from '../model/objects.js';

describe('endpoints', () => {
  const pods = [pod('a', '10.244.1.1'), pod('b', '10.244.1.2'), pod('c', '10.244.2.3', { node: 'raspi003' })];
  const all = [
    { ip: '10.244.1.1', pod: 'a' },
    { ip: '10.244.1.2', pod: 'b' },
    { ip: '10.244.2.3', pod: 'c' },
  ];
  const judge = (expected: Omit<EndpointsExpectation, 'of'>, slices: LiveObject[], live = pods) =>
    judgeEndpoints({ of: 'sample-clusterip', ...expected }, { service: service(), pods: live, slices, namespace: 'n' });

  it('are exactly the ready pods', () => {
    const full = { are: 'readyPods', ports: ['http-port:80'], slices: 1, count: 3 } as const;
    expect(judge({ ...full, ports: [...full.ports] }, [slice(all)]).verdict).toBe('passed');
    expect(judge({ are: 'readyPods', ports: [80] }, [slice(all)]).verdict).toBe('passed');
  });

  it.each([
    ['one is missing', [slice(all.slice(1))]],
    ['a stranger is in', [slice([...all, { ip: '10.244.9.9' }])]],
    ['one is not ready in the slice', [slice([...all.slice(1), { ip: '10.244.1.1', pod: 'a', ready: false }])]],
    ['the port differs', [slice(all, [{ name: 'http-port', port: 8080 }])]],
    ['an address names another pod', [slice([...all.slice(1), { ip: '10.244.1.1', pod: 'old' }])]],
    ['there is no slice', []],
  ])('fail when %s', (_case, slices) => {
    const result = judge({ are: 'readyPods' }, slices);
    expect(result.verdict).toBe('failed');
    expect(result.findings[0]?.observed).toMatch(/missing|extra/);
    expect(result.next[0]?.en).toContain(
      'kubectl -n n get endpointslices -l kubernetes.io/service-name=sample-clusterip',
    );
  });

  it('count slices, endpoints and ports for themselves', () => {
    expect(judge({ are: 'readyPods', slices: 2 }, [slice(all)]).verdict).toBe('failed');
    expect(judge({ are: 'readyPods', slices: 2 }, [slice(all), slice(all)]).verdict).toBe('passed');
    expect(judge({ are: 'readyPods', count: 2 }, [slice(all)]).verdict).toBe('failed');
    expect(judge({ are: 'readyPods', ports: [80, 81] }, [slice(all)]).verdict).toBe('failed');
    expect(judge({ are: 'readyPods', ports: ['https-port:80'] }, [slice(all)]).verdict).toBe('failed');
  });

  it('may have to be exactly these addresses, whoever wrote them down', () => {
    const outside = [{ ip: '192.168.66.21' }, { ip: '192.168.66.22' }];
    const wanted = ['192.168.66.22', '192.168.66.21'];
    expect(judge({ are: wanted }, [slice(outside)]).verdict).toBe('passed');
    const other = judge({ are: wanted }, [slice([...outside.slice(1), { ip: '10.244.1.1', pod: 'a' }])]);
    expect(other.verdict).toBe('failed');
    expect(other.findings[0]?.observed).toContain('(missing 192.168.66.21; extra 10.244.1.1)');
    expect(judge({ are: wanted }, []).verdict).toBe('failed');
  });

  it('are kept by whom the exercise means', () => {
    const by = (keeper: string | undefined): LiveObject => {
      const made = slice(all);
      const labels = { ...made.metadata?.labels, ...(keeper === undefined ? {} : { [KEEPER]: keeper }) };
      return { ...made, metadata: { ...made.metadata, labels } };
    };
    const KEEPER = 'endpointslice.kubernetes.io/managed-by';
    const managedBy = 'endpointslicemirroring-controller.k8s.io';
    expect(judge({ are: 'readyPods', managedBy }, [by(managedBy)]).verdict).toBe('passed');
    const result = judge({ are: 'readyPods', managedBy }, [by(managedBy), by(undefined)]);
    expect(result.findings.at(-1)).toMatchObject({ verdict: 'failed', observed: `(nobody), ${managedBy}` });
    expect(judge({ are: 'none', managedBy }, []).verdict).toBe('failed');
  });

  describe('hints', () => {
    const hinted = (...nodes: (string | undefined)[]): LiveObject[] => [
      slice(
        all.map((each, index) => ({
          ...each,
          node: index < 2 ? 'raspi002' : 'raspi003',
          ...(nodes[index] === undefined ? {} : { hints: { forNodes: [{ name: nodes[index] }] } }),
        })),
      ),
    ];
    const verdict = (hints: 'sameNode' | 'none', slices: LiveObject[]): string =>
      judge({ are: 'readyPods', hints }, slices).verdict;

    it('name each endpoint’s own node, or are not there', () => {
      expect(verdict('sameNode', hinted('raspi002', 'raspi002', 'raspi003'))).toBe('passed');
      expect(verdict('sameNode', hinted('raspi002', 'raspi003', 'raspi003'))).toBe('failed');
      expect(verdict('sameNode', hinted('raspi002', 'raspi002'))).toBe('failed');
      expect(verdict('none', hinted())).toBe('passed');
      expect(verdict('none', hinted('raspi002'))).toBe('failed');
    });

    it('are not those of zones, and nothing can be said without endpoints', () => {
      const zones = [slice(all.map((each) => ({ ...each, hints: { forZones: [{ name: 'home' }] } })))];
      expect(verdict('sameNode', zones)).toBe('failed');
      expect(verdict('none', zones)).toBe('failed');
      expect(judge({ are: 'none', hints: 'none' }, [slice([])]).verdict).toBe('inconclusive');
    });
  });

  it('may have to be none, and are not proved by pods that are not there', () => {
    expect(judge({ are: 'none' }, [slice([])]).verdict).toBe('passed');
    expect(judge({ are: 'none' }, [slice(all)]).verdict).toBe('failed');
    expect(judge({ are: 'readyPods' }, [slice([])], []).verdict).toBe('inconclusive');
  });
});

describe('fields', () => {
  const live = { spec: { type: 'ClusterIP', clusterIP: '10.96.3.4', ports: [{ port: 8080, name: null }] } };
  const judge = (fields: Parameters<typeof judgeFields>[2], object: unknown = live): string =>
    judgeFields('service/x', object, fields, { namespace: 'n' }).verdict;

  it.each<[Record<string, FieldMatcher>, string]>([
    [{ 'spec.type': 'ClusterIP' }, 'passed'],
    [{ 'spec.type': 'NodePort' }, 'failed'],
    [{ 'spec.ports[0].port': 8080 }, 'passed'],
    [{ 'spec.ports[0].port': '8080' }, 'passed'],
    [{ 'spec.ports[0].port': 80 }, 'failed'],
    [{ 'spec.ports[1].port': 80 }, 'failed'],
    [{ 'spec.clusterIP': { within: '10.96.0.0/12' } }, 'passed'],
    [{ 'spec.clusterIP': { within: '10.112.0.0/12' } }, 'failed'],
    [{ 'spec.externalIPs': { exists: false } }, 'passed'],
    [{ 'spec.clusterIP': { exists: false } }, 'failed'],
    [{ 'spec.ports[0].name': null }, 'passed'],
    [{ 'spec.type': null }, 'failed'],
    [{ 'spec.type': { not: 'NodePort' } }, 'passed'],
    [{ 'spec.type': { not: 'ClusterIP' } }, 'failed'],
    [{ 'spec.type': { oneOf: ['NodePort', 'ClusterIP'] } }, 'passed'],
    [{ 'spec.type': { oneOf: ['NodePort'] } }, 'failed'],
    [{ 'spec.clusterIP': { matches: String.raw`^10\.96\.` } }, 'passed'],
    [{ 'spec.clusterIP': { matches: '^192' } }, 'failed'],
    [{ 'spec.clusterIP': { equals: '10.96.3.4', within: '10.112.0.0/12' } }, 'failed'],
    [{ 'spec.ports': 'x' }, 'failed'],
    [{ 'spec.type': {} }, 'failed'],
    [{}, 'inconclusive'],
  ])('%j: %s', (fields, verdict) => expect(judge(fields)).toBe(verdict));

  it('of an object that is not there fail, even where a field should be absent', () => {
    const result = judgeFields('service/x', undefined, { 'spec.externalIPs': { exists: false } });
    expect(result.verdict).toBe('failed');
    expect(result.findings[0]?.observed).toBe('service/x does not exist');
  });
});

describe('the pod network', () => {
  const nodes = [
    { name: 'raspi001', podCIDR: '10.244.0.0/24', address: '' },
    { name: 'raspi002', podCIDR: '10.244.1.0/24', address: '' },
  ];
  const inside = { name: 'a', node: 'raspi002', ip: '10.244.1.5' };

  it('gives each node its own segment with its own pods inside', () => {
    expect(judgePodNetwork(nodes, [inside]).verdict).toBe('passed');
  });

  it('fails on overlap, on a missing segment and on a pod outside', () => {
    expect(judgePodNetwork([...nodes, { name: 'x', podCIDR: '10.244.0.0/16', address: '' }], [inside]).verdict).toBe(
      'failed',
    );
    expect(judgePodNetwork([...nodes, { name: 'x', podCIDR: '', address: '' }], [inside]).verdict).toBe('failed');
    expect(judgePodNetwork(nodes, [inside, { ...inside, node: 'raspi001' }]).verdict).toBe('failed');
    expect(judgePodNetwork(nodes, [{ ...inside, node: 'unknown' }]).verdict).toBe('failed');
  });

  it('is not proved by a single node or by no pod', () => {
    expect(judgePodNetwork(nodes.slice(1), [inside]).verdict).toBe('inconclusive');
    expect(judgePodNetwork(nodes, []).verdict).toBe('inconclusive');
  });

  it('hands out new addresses to new pods', () => {
    expect(judgeNewAddresses([inside], ['10.244.1.4']).verdict).toBe('passed');
    expect(judgeNewAddresses([inside], ['10.244.1.4', '10.244.1.5']).verdict).toBe('failed');
    expect(judgeNewAddresses([], ['10.244.1.4']).verdict).toBe('inconclusive');
    expect(judgeNewAddresses([inside], []).verdict).toBe('inconclusive');
  });
});

describe('a call that must be refused', () => {
  const refusal = {
    status: 422,
    reason: 'Invalid',
    message:
      'Service "x" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.81"]: failed to allocate IP 10.96.0.81: provided IP is already allocated',
  };

  it('must be refused for the reason that is named', () => {
    expect(judgeRejection({ rejected: ['already allocated'], status: 422 }, refusal).verdict).toBe('passed');
    expect(judgeRejection({ rejected: ['already allocated', 'may not change'] }, refusal).verdict).toBe('failed');
    expect(judgeRejection({ rejected: ['already allocated'], status: 400 }, refusal).verdict).toBe('failed');
    const accepted = judgeRejection({ rejected: ['x'] }, undefined);
    expect(accepted.verdict).toBe('failed');
    expect(accepted.findings[0]?.why?.en).toMatch(/took what it should refuse/);
  });

  it('or accepted with a remark', () => {
    const warns = ['v1 Endpoints is deprecated'];
    const said = ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'];
    expect(judgeRejection({ accepted: true, warns }, undefined, said).verdict).toBe('passed');
    expect(judgeRejection({ accepted: true, warns }, undefined, ['other']).verdict).toBe('failed');
    expect(judgeRejection({ accepted: true, warns }, undefined).findings[1]?.why?.en).toMatch(/does not warn/);
  });

  it('or accepted, as a control', () => {
    expect(judgeRejection({ accepted: true }, undefined).verdict).toBe('passed');
    const refused = judgeRejection({ accepted: true }, refusal);
    expect(refused.verdict).toBe('failed');
    expect(refused.findings[0]?.observed).toMatch(/^422 Invalid: Service/);
  });
});
