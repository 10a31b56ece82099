import type { LiveObject } from '../../src/model/object.js';

/** A pod as the API server would show it. */
export function pod(
  name: string,
  ip: string,
  more: {
    labels?: Record<string, string>;
    node?: string;
    ready?: boolean;
    phase?: string;
    deleted?: boolean;
    ports?: { name?: string; containerPort: number }[];
  } = {},
): LiveObject {
  const { labels = { app: 'sample-app' }, node = 'raspi002', ready = true, phase = 'Running', deleted, ports } = more;
  return {
    metadata: { name, labels, ...(deleted === true ? { deletionTimestamp: '2026-11-26T00:00:00Z' } : {}) },
    spec: { nodeName: node, containers: [{ ports: ports ?? [{ name: 'http', containerPort: 80 }] }] },
    status: { phase, podIP: ip, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

export function service(spec: Record<string, unknown> = {}, name = 'sample-clusterip'): LiveObject {
  return {
    metadata: { name },
    spec: {
      selector: { app: 'sample-app' },
      ports: [{ name: 'http-port', port: 8080, protocol: 'TCP', targetPort: 80 }],
      ...spec,
    },
  };
}

export function slice(
  endpoints:
    { ip: string; pod?: string; node?: string; ready?: boolean | null; terminating?: boolean; hints?: object }[] | null,
  ports: { name?: string; port?: number; protocol?: string }[] | null = [
    { name: 'http-port', port: 80, protocol: 'TCP' },
  ],
  of = 'sample-clusterip',
): LiveObject {
  return {
    metadata: { name: `${of}-abcde`, labels: { 'kubernetes.io/service-name': of } },
    addressType: 'IPv4',
    endpoints:
      endpoints?.map(({ ip, pod: name, node = 'raspi002', ready, terminating, hints }) => ({
        addresses: [ip],
        conditions: {
          ...(ready === undefined ? {} : { ready }),
          ...(terminating === undefined ? {} : { terminating }),
        },
        nodeName: node,
        ...(hints === undefined ? {} : { hints }),
        ...(name === undefined ? {} : { targetRef: { kind: 'Pod', name } }),
      })) ?? null,
    ports,
  };
}
