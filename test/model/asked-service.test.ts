import { describe, expect, it } from 'vitest';
import { askedService } from '../../src/model/asked-service.js';

const SERVICES = [
  {
    metadata: { name: 'web' },
    spec: { clusterIP: '10.96.0.7', externalIPs: ['192.0.2.7'], ports: [{ port: 8080, nodePort: 30080 }] },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.240' }] } },
  },
  { metadata: { name: 'names' }, spec: { clusterIP: 'None' } },
];

describe('the Service whose door a URL names', () => {
  it.each([
    ['its name', 'http://web:8080/', 'web'],
    ['its full name', 'http://web.n.svc.cluster.local:8080/', 'web'],
    ['its cluster IP, at whatever port', 'http://10.96.0.7:81/', 'web'],
    ['its load balancer’s address', 'http://192.0.2.240:8080/', 'web'],
    ['an external IP at its port', 'http://192.0.2.7:8080/', 'web'],
    ['a node at its node port', 'http://192.0.2.11:30080/', 'web'],
    ['a headless one by name', 'http://names/', 'names'],
  ])('%s', (_, url, wanted) => expect(askedService(url, SERVICES, ['192.0.2.11'])).toBe(wanted));

  it.each(['http://192.0.2.7:81/', 'http://192.0.2.11:30081/', 'http://192.0.2.99:30080/', 'http://webs/', 'no url'])(
    'nobody’s: %s',
    (url) => expect(askedService(url, SERVICES, ['192.0.2.11'])).toBeUndefined(),
  );
});
