import { X509Certificate, createPrivateKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Certificates, withoutKeys } from '../../src/steps/certificates.js';

const HOST = 'sample.example.com';

describe('certificates of a playbook run', () => {
  it('are for the name that was asked for, valid now, and belong to their key', async () => {
    const { crt, key } = await new Certificates().for(HOST);
    const read = new X509Certificate(crt);
    expect(read.checkHost(HOST, { subject: 'never' })).toBe(HOST);
    expect(read.checkHost('other.example.com')).toBeUndefined();
    expect(read.ca).toBe(false);
    expect(Date.parse(read.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(read.validTo)).toBeGreaterThan(Date.now());
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it('are made once a name, and anew for every run', async () => {
    const made = new Certificates();
    const [one, same, other] = await Promise.all([made.for(HOST), made.for(HOST), made.for('other.example.com')]);
    expect(same).toBe(one);
    expect(other.key).not.toBe(one.key);
    expect((await new Certificates().for(HOST)).key).not.toBe(one.key);
  });

  it('of an earlier process are known again, but not their keys', async () => {
    const before = new Certificates();
    const crt = await before.part(HOST, 'crt');
    expect(before.made()).toEqual({ [HOST]: crt });
    const after = new Certificates(before.made());
    expect(await after.part(HOST, 'crt')).toBe(crt);
    await expect(after.part(HOST, 'key')).rejects.toMatchObject({ code: 'CERTIFICATE_KEY_GONE', exitCode: 3 });
    expect(after.made()).toEqual({ [HOST]: crt });
    expect(await after.part('other.example.com', 'key')).toContain('PRIVATE KEY');
  });

  it('keep their keys out of texts, plain or as a Secret holds them, and leave certificates', async () => {
    const { crt, key } = await new Certificates().for(HOST);
    const encoded = (pem: string): string => Buffer.from(pem).toString('base64');
    const told = withoutKeys(`invalid: ${JSON.stringify({ a: encoded(key), b: encoded(crt) })} and ${key} and ${crt}`);
    expect(told).toBe(`invalid: {"a":"(private key)","b":"${encoded(crt)}"} and (private key)\n and ${crt}`);
    expect(withoutKeys(key.slice(0, 100))).toBe('(private key)');
  });
});
