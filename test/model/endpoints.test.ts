import { describe, expect, it } from 'vitest';
import {
  endpointKey,
  endpointsOf,
  expectedEndpoints,
  legacyEndpoints,
  sameEndpoints,
  slicesByHand,
  someTerminate,
} from '../../src/model/endpoints.js';
import { selects } from '../../src/model/object.js';
import { readyPods } from '../../src/model/pods.js';
import { pod, service, slice } from './objects.js';

const keys = (list: ReturnType<typeof endpointsOf>): string[] => list.map(endpointKey);

describe('ready pods', () => {
  it('are those with condition Ready, an address and a future, by name', () => {
    const pods = [
      pod('c', '10.244.1.3'),
      pod('a', '10.244.1.1', { node: 'raspi003' }),
      pod('not-ready', '10.244.1.4', { ready: false }),
      pod('leaving', '10.244.1.5', { deleted: true }),
      pod('done', '10.244.1.6', { phase: 'Succeeded' }),
      pod('new', ''),
      pod('other', '10.244.1.7', { labels: { app: 'other' } }),
    ];
    expect(readyPods(pods, { app: 'sample-app' })).toEqual([
      { name: 'a', node: 'raspi003', ip: '10.244.1.1' },
      { name: 'c', node: 'raspi002', ip: '10.244.1.3' },
    ]);
    expect(readyPods(pods).map((each) => each.name)).toEqual(['a', 'c', 'other']);
  });

  it('need every label of the selector, and an empty selector selects nothing', () => {
    expect(selects({ app: 'x', tier: 'web' }, { app: 'x', tier: 'web', more: '1' })).toBe(true);
    expect(selects({ app: 'x', tier: 'web' }, { app: 'x' })).toBe(false);
    expect(selects({}, { app: 'x' })).toBe(false);
    expect(selects(undefined, { app: 'x' })).toBe(false);
  });
});

describe('endpoints of a Service', () => {
  it('that terminate are still sent to while nobody is ready, so they count until they are gone', () => {
    const leaving = { ip: '10.244.1.1', pod: 'a', ready: false, terminating: true };
    expect(someTerminate([slice([leaving])], 'sample-clusterip')).toBe(true);
    expect(someTerminate([slice([{ ...leaving, terminating: false }])], 'sample-clusterip')).toBe(false);
    expect(someTerminate([slice([leaving], undefined, 'another-service'), slice(null)], 'sample-clusterip')).toBe(
      false,
    );
  });

  it('are merged over slices; no word about readiness counts as ready', () => {
    const slices = [
      slice([
        { ip: '10.244.1.1', pod: 'a' },
        { ip: '10.244.1.2', pod: 'b', ready: null },
      ]),
      slice([
        { ip: '10.244.1.1', pod: 'a', ready: true },
        { ip: '10.244.1.3', pod: 'c', ready: false },
      ]),
      slice([{ ip: '10.244.9.9' }], undefined, 'another-service'),
      slice(null, null),
    ];
    expect(keys(endpointsOf(slices, 'sample-clusterip'))).toEqual([
      '10.244.1.1 http-port:80',
      '10.244.1.2 http-port:80',
    ]);
    expect(endpointsOf(slices, 'sample-clusterip')[0]).toMatchObject({ pod: 'a', node: 'raspi002' });
  });

  it('equal what the pods give, each pod with its own number behind a named port', () => {
    const named = service({ ports: [{ name: 'http-port', port: 8080, targetPort: 'http' }] });
    const pods = [
      pod('p80', '10.244.1.1', { ports: [{ name: 'http', containerPort: 80 }] }),
      pod('p81', '10.244.1.2', { ports: [{ name: 'http', containerPort: 81 }] }),
    ];
    const expected = expectedEndpoints(named, pods);
    expect(keys(expected)).toEqual(['10.244.1.1 http-port:80', '10.244.1.2 http-port:81']);
    const slices = [
      slice([{ ip: '10.244.1.2', pod: 'p81' }], [{ name: 'http-port', port: 81 }]),
      slice([{ ip: '10.244.1.1', pod: 'p80' }]),
    ];
    expect(sameEndpoints(endpointsOf(slices, 'sample-clusterip'), expected)).toBe(true);
    expect(sameEndpoints(endpointsOf(slices.slice(1), 'sample-clusterip'), expected)).toBe(false);
  });

  it('have no port where a pod lacks the name, as in the slice that kube-proxy counts as empty', () => {
    const named = service({ ports: [{ name: 'http-port', port: 8080, targetPort: 'nobody' }] });
    expect(keys(expectedEndpoints(named, [pod('a', '10.244.1.1')]))).toEqual(['10.244.1.1']);
  });

  it('differ when the port differs', () => {
    const at = (port: number) =>
      endpointsOf([slice([{ ip: '10.244.1.1' }], [{ name: 'http-port', port }])], 'sample-clusterip');
    expect(sameEndpoints(at(80), at(81))).toBe(false);
  });

  it('count pods that are not ready only if the Service says so', () => {
    const pods = [pod('a', '10.244.1.1', { ready: false })];
    expect(expectedEndpoints(service(), pods)).toEqual([]);
    expect(expectedEndpoints(service({ publishNotReadyAddresses: true }), pods)).toHaveLength(1);
    expect(expectedEndpoints(service({ selector: undefined }), [pod('b', '10.244.1.1')])).toEqual([]);
  });

  it('default the target to the Service port and tell UDP from TCP', () => {
    const udp = service({ ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, { port: 53 }] });
    expect(keys(expectedEndpoints(udp, [pod('a', '10.244.1.1')]))).toEqual(['10.244.1.1 53 dns:53/UDP']);
  });
});

describe('endpoints that a person wrote', () => {
  const KEEPER = 'endpointslice.kubernetes.io/managed-by';
  const keptBy = (keeper: string, ip: string) => {
    const made = slice([{ ip }]);
    return { ...made, metadata: { ...made.metadata, labels: { ...made.metadata?.labels, [KEEPER]: keeper } } };
  };

  it('are those of slices that no controller keeps', () => {
    const slices = [
      slice([{ ip: '192.168.66.21' }]),
      keptBy('me', '192.168.66.22'),
      keptBy('endpointslice-controller.k8s.io', '10.244.1.5'),
      keptBy('endpointslicemirroring-controller.k8s.io', '192.168.66.23'),
    ];
    expect(slicesByHand(slices, 'sample-clusterip').map(({ address }) => address)).toEqual([
      '192.168.66.21',
      '192.168.66.22',
    ]);
  });

  it('are those of an Endpoints object, whatever number of subsets it has', () => {
    const addresses = [{ ip: '192.168.66.22' }, { ip: '192.168.66.21' }];
    const subsets = [
      { addresses, ports: [{ port: 80 }] },
      { addresses: addresses.slice(0, 1), ports: [{ name: 'tls', port: 443 }] },
      { notReadyAddresses: [{ ip: '192.168.66.23' }], ports: [{ port: 80 }] },
    ];
    expect(keys(legacyEndpoints({ subsets }))).toEqual(['192.168.66.21 80', '192.168.66.22 80 tls:443']);
    expect(legacyEndpoints(undefined)).toEqual([]);
  });
});
