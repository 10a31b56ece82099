import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type KnownHost,
  checkHostKey,
  fingerprint,
  knownKeyTypes,
  parseKnownHosts,
} from '../../src/ssh/known-hosts.js';
import { newKeyPair } from './server.js';

function newKey(type: 'ed25519' | 'ecdsa' = 'ed25519'): { blob: Buffer; line: string } {
  const pair = newKeyPair(type);
  const [name = '', base64 = ''] = pair.public.split(' ');
  return { blob: Buffer.from(base64, 'base64'), line: `${name} ${base64}` };
}

const one = newKey();
const other = newKey();
const ecdsa = newKey('ecdsa');
const entries = (...lines: string[]): KnownHost[] => parseKnownHosts('known_hosts', lines.join('\n'));
const hashed = (name: string): string => {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

describe('checkHostKey', () => {
  it.each([
    ['a name', 'raspi001', 'raspi001', 22],
    ['one of several names', 'x,raspi001,192.168.66.11', '192.168.66.11', 22],
    ['a wildcard', '192.168.66.*', '192.168.66.11', 22],
    ['one letter of any kind', 'raspi00?', 'raspi001', 22],
    ['another case', 'Raspi001', 'rasPI001', 22],
    ['a port', '[raspi001]:2222', 'raspi001', 2222],
    ['the name without its port', 'raspi001', 'raspi001', 2222],
    ['a hashed name', hashed('raspi001'), 'raspi001', 22],
    ['a hashed name with a port', hashed('[raspi001]:2222'), 'raspi001', 2222],
    ['an IPv6 address with a port', '[fd00::1]:2222', 'fd00::1', 2222],
  ])('knows a key by %s', (_, pattern, host, port) => {
    expect(checkHostKey(entries(`${pattern} ${one.line} comment`), host, port, undefined, one.blob)).toBe('known');
    expect(checkHostKey(entries(`${pattern} ${one.line}`), 'elsewhere', port, undefined, one.blob)).toBe('unknown');
  });

  it.each([
    ['a negated name', '*,!raspi001', 'raspi001', 22],
    ['a port that the entry does not name', '[raspi001]:2222', 'raspi001', 22],
    ['a dot that is no wildcard', 'raspi.01', 'raspi001', 22],
  ])('does not know a key by %s', (_, pattern, host, port) => {
    expect(checkHostKey(entries(`${pattern} ${one.line}`), host, port, undefined, one.blob)).toBe('unknown');
  });

  it('shows the entries that name the host with other keys, of another type too', () => {
    const known = entries('# comment', `raspi001 ${one.line}`, `raspi002 ${one.line}`);
    expect(checkHostKey(known, 'raspi001', 22, undefined, other.blob)).toEqual({ changed: [known[0]] });
    expect(known[0]).toMatchObject({ file: 'known_hosts', line: 2 });
    expect(checkHostKey(known, 'raspi001', 22, undefined, ecdsa.blob)).toEqual({ changed: [known[0]] });
  });

  it('takes any of several keys', () => {
    const known = entries(`raspi001 ${one.line}`, `raspi001 ${ecdsa.line}`);
    expect(checkHostKey(known, 'raspi001', 22, undefined, ecdsa.blob)).toBe('known');
    expect(knownKeyTypes(known, 'raspi001', 22, undefined)).toEqual(['ssh-ed25519', 'ecdsa-sha2-nistp256']);
  });

  it('looks for the alias only, where there is one', () => {
    expect(checkHostKey(entries(`pi-one ${one.line}`), '10.0.0.1', 2222, 'pi-one', one.blob)).toBe('known');
    expect(checkHostKey(entries(`10.0.0.1 ${one.line}`), '10.0.0.1', 22, 'pi-one', one.blob)).toBe('unknown');
  });

  it('refuses a revoked key even when it is also listed', () => {
    const known = entries(`raspi001 ${one.line}`, `@revoked * ${one.line}`);
    expect(checkHostKey(known, 'raspi001', 22, undefined, one.blob)).toEqual({ revoked: known[1] });
  });

  it('skips certificate authorities and damaged lines', () => {
    expect(
      entries(
        `@cert-authority * ${one.line}`,
        'raspi001',
        'raspi001 ssh-ed25519 AAAA',
        `raspi001 ssh-rsa ${one.line.split(' ')[1]!}`,
      ),
    ).toEqual([]);
  });
});

it('a fingerprint is written as OpenSSH writes it', () => {
  // The well-known key of github.com and the fingerprint that its owner publishes.
  const github = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl', 'base64');
  expect(fingerprint(github)).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
});
