import { describe, expect, it } from 'vitest';
import { typedCommand, typedCurl, typedDig, typedDigs, type TypedFrom } from '../../src/probe/equivalent.js';
import { probePod } from '../../src/probe/pod.js';

const POD: TypedFrom = { kind: 'pod', namespace: 'pilab-x', pod: 'pilab-probe-raspi002' };
const HOST: TypedFrom = { kind: 'host', host: 'raspi001' };
const OPERATOR: TypedFrom = { kind: 'operator' };

describe('the command a person would type', () => {
  it.each([
    [
      typedCurl({ urls: ['http://svc:8080/'] }, POD),
      'kubectl -n pilab-x exec pilab-probe-raspi002 -- curl -s http://svc:8080/',
    ],
    [
      typedCurl({ urls: ['http://svc:8080/'], times: 300 }, POD),
      "kubectl -n pilab-x exec pilab-probe-raspi002 -- sh -c 'for i in $(seq 300); do curl -s http://svc:8080/; done'",
    ],
    [typedCurl({ urls: ['http://10.96.0.1:8080/'] }, HOST), 'ssh raspi001 curl -s http://10.96.0.1:8080/'],
    [typedCurl({ urls: ['http://a/', 'http://b/'] }, OPERATOR), 'curl -s http://a/; curl -s http://b/'],
    [
      typedCurl({ urls: ['http://a/?x=1&y=2'], headers: { Host: 'h' } }, OPERATOR),
      "curl -s -H 'Host: h' 'http://a/?x=1&y=2'",
    ],
    [typedCurl({ urls: ['http://a/'], times: 2, keepAlive: true }, OPERATOR), 'curl -s http://a/ http://a/'],
    [typedCurl({ urls: ['http://a/'], connectTimeoutMs: 4000 }, OPERATOR), 'curl -s --connect-timeout 4 http://a/'],
    [typedDig({ name: 'svc.ns.svc.cluster.local' }, OPERATOR), 'dig svc.ns.svc.cluster.local.'],
    [typedDigs({ names: ['a', 'b'] }, OPERATOR), 'dig a.; dig b.'],
    [
      typedDigs({ names: ['10.244.1.5'], reverse: true, times: 2 }, POD),
      "kubectl -n pilab-x exec pilab-probe-raspi002 -- sh -c 'for i in $(seq 2); do dig -x 10.244.1.5; done'",
    ],
    [typedDig({ name: 'svc', search: true, type: 'SRV' }, OPERATOR), 'dig +search SRV svc'],
    [
      typedDig({ name: '10.96.0.1', reverse: true, server: '10.96.0.10', tcp: true }, HOST),
      'ssh raspi001 dig @10.96.0.10 +tcp -x 10.96.0.1',
    ],
    [
      typedCommand(['cat', '/etc/resolv.conf'], { kind: 'in', namespace: 'n', pod: 'p', container: 'c' }),
      'kubectl -n n exec p -c c -- cat /etc/resolv.conf',
    ],
    [typedCommand(['sh', '-c', "echo 'x'"], OPERATOR), String.raw`sh -c 'echo '\''x'\'''`],
  ])('%s', (typed, expected) => expect(typed).toBe(expected));
});

describe('a probe pod', () => {
  const pod = probePod({ name: 'p', namespace: 'n', node: 'raspi001', labels: { a: 'b' }, run: 'r1' });

  it('starts on a tainted or cordoned node, dies by itself and knows nothing of the cluster', () => {
    expect(pod.spec).toMatchObject({
      nodeName: 'raspi001',
      tolerations: [{ operator: 'Exists' }],
      restartPolicy: 'Never',
      activeDeadlineSeconds: 3600,
      enableServiceLinks: false,
      automountServiceAccountToken: false,
    });
    expect(pod.metadata.labels).toEqual({ a: 'b', 'pilab.dev/run': 'r1' });
  });

  it('is left to the scheduler when no node is named', () => {
    expect(probePod({ name: 'p', namespace: 'n' }).spec).not.toHaveProperty('nodeName');
  });
});
