import { BlockList } from 'node:net';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  contains,
  formatAddress,
  freeAddress,
  networkAddress,
  overlap,
  parseAddress,
  parseCidr,
} from '../../src/model/cidr.js';
import { podNetworkAddresses, serviceCidr } from '../../src/model/node.js';

const bits = fc.integer({ min: 0, max: 32 });

describe('IPv4 ranges', () => {
  it('hold the addresses that Node says they hold', () => {
    const near = fc.tuple(fc.ipV4(), fc.ipV4(), bits, fc.boolean()).map(([a, b, length, close]) => ({
      cidr: `${a}/${length}`,
      // Half of the time an address that differs in few bits, or nearly none would be inside.
      address: close
        ? formatAddress(((parseAddress(a) ?? 0) ^ ((parseAddress(b) ?? 0) >>> Math.min(31, length))) >>> 0)
        : b,
      length,
      a,
    }));
    fc.assert(
      fc.property(near, ({ cidr, address, length, a }) => {
        const list = new BlockList();
        list.addSubnet(a, length);
        expect(contains(cidr, address)).toBe(list.check(address));
      }),
    );
  });

  it('overlap exactly when one holds the other’s first address', () => {
    fc.assert(
      fc.property(fc.ipV4(), bits, fc.ipV4(), bits, (a, m, b, n) => {
        const [one, other] = [`${a}/${m}`, `${b}/${n}`];
        const expected = contains(one, networkAddress(other) ?? '') || contains(other, networkAddress(one) ?? '');
        expect(overlap(one, other)).toBe(expected);
        expect(overlap(other, one)).toBe(expected);
      }),
    );
  });

  it('give addresses back as they were written', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => formatAddress(parseAddress(address) ?? -1) === address));
  });

  it.each(['', '10.0.0', '10.0.0.256', '10.0.0.01', '::1', '10.0.0.0.0'])('refuse %j as an address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/8/8', 'fd00::/8', '10.0.0.0/'])('refuse %j as a range', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe('a free ClusterIP', () => {
  it('comes from the static band and is nobody’s', () => {
    const first = freeAddress('10.96.0.0/12', []);
    expect(first).toBe('10.96.1.0');
    expect(freeAddress('10.96.0.0/12', [first ?? ''])).toBe('10.96.0.255');
    expect(freeAddress('10.96.0.0/24', [])).toBe('10.96.0.16');
  });

  it('is undefined when the band is full, and never the network or broadcast address', () => {
    expect(freeAddress('10.0.0.0/30', ['10.0.0.1', '10.0.0.2'])).toBeUndefined();
    expect(freeAddress('nonsense', [])).toBeUndefined();
  });
});

describe('a node in the pod network', () => {
  it('shows itself as flannel.1, cni0 or its LAN address', () => {
    expect(podNetworkAddresses({ podCIDR: '10.244.2.0/24', address: '192.168.66.13' })).toEqual([
      '10.244.2.0',
      '10.244.2.1',
      '192.168.66.13',
    ]);
    expect(podNetworkAddresses({ podCIDR: '', address: '' })).toEqual([]);
  });

  it('finds the service range in the ServiceCIDR object', () => {
    const cidr = (name: string, ...cidrs: string[]) => ({ metadata: { name }, spec: { cidrs } });
    expect(serviceCidr([cidr('extra', '10.7.0.0/16'), cidr('kubernetes', 'fd00::/108', '10.96.0.0/12')])).toBe(
      '10.96.0.0/12',
    );
    expect(serviceCidr([])).toBeUndefined();
  });
});
