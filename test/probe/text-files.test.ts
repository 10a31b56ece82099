import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parseAnswer } from '../../src/probe/answer.js';
import { parseResolvConf } from '../../src/probe/resolv-conf.js';
import { parseRoutes } from '../../src/probe/routes.js';

describe("the sample server's line", () => {
  it('is taken apart, with and without a forwarded address', () => {
    expect(parseAnswer('Host=10.96.0.1:8080 Path=/ From=sample-x ClientIP=10.244.1.7 XFF=\n')).toEqual({
      host: '10.96.0.1:8080',
      path: '/',
      from: 'sample-x',
      client: '10.244.1.7',
      forwardedFor: '',
    });
    expect(parseAnswer('Host=h Path=/p?q From=f ClientIP=::1 XFF=1.1.1.1, 2.2.2.2')?.forwardedFor).toBe(
      '1.1.1.1, 2.2.2.2',
    );
  });

  it.each(['', 'hello', '<h1>Host=x</h1>', 'Host=h Path=/'])('is not seen in %j', (body) => {
    expect(parseAnswer(body)).toBeUndefined();
  });
});

describe('resolv.conf', () => {
  it('is read as the resolver reads it', () => {
    const text =
      '# made by kubelet\nsearch old.example\nsearch p.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5 edns0\n; end';
    expect(parseResolvConf(text)).toEqual({
      nameservers: ['10.96.0.10'],
      search: ['p.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      options: ['ndots:5', 'edns0'],
    });
  });

  it('never makes the parser throw', () => fc.assert(fc.property(fc.string(), (text) => void parseResolvConf(text))));
});

describe('ip route', () => {
  it('is read with gateways, devices and onlink', () => {
    const text = `default via 192.168.66.1 dev eth0 proto dhcp src 192.168.66.12 metric 100
10.244.0.0/24 via 10.244.0.0 dev flannel.1 onlink
10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1
unreachable 10.9.0.0/16
10.8.0.0/16
\tnexthop via 10.0.0.1 dev eth0 weight 1
`;
    expect(parseRoutes(text)).toEqual([
      { destination: 'default', via: '192.168.66.1', dev: 'eth0', src: '192.168.66.12', onlink: false },
      { destination: '10.244.0.0/24', via: '10.244.0.0', dev: 'flannel.1', onlink: true },
      { destination: '10.244.1.0/24', dev: 'cni0', src: '10.244.1.1', onlink: false },
      { destination: '10.9.0.0/16', onlink: false },
      { destination: '10.8.0.0/16', onlink: false },
    ]);
  });

  it('never makes the parser throw', () => fc.assert(fc.property(fc.string(), (text) => void parseRoutes(text))));
});
