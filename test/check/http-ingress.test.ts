import { describe, expect, it } from 'vitest';
import { judgeHttp } from '../../src/check/http.js';
import { readCertificate } from '../../src/probe/certificate.js';
import type { Request } from '../../src/probe/observation.js';
import { Certificates } from '../../src/steps/certificates.js';
import { answer, failure, http } from './requests.js';

const URL_ = 'https://sample.example.com/';
const secure = (more: Partial<Request> = {}): Request => answer('pod', { url: URL_, ...more });

function verdictOf(what: string, ...args: Parameters<typeof judgeHttp>): { verdict?: string; observed?: string } {
  return judgeHttp(...args).findings.find((finding) => finding.what === what) ?? {};
}

describe('a certificate', () => {
  it('must be the one that was made for the name', async () => {
    const made = new Certificates();
    const { crt } = await made.for('sample.example.com');
    const shown = readCertificate(crt)!;
    const expectation = { certificate: crt };
    expect(verdictOf('certificate', expectation, http(secure({ certificate: shown }))).verdict).toBe('passed');
    const again = readCertificate((await new Certificates().for('sample.example.com')).crt)!;
    expect(verdictOf('certificate', expectation, http(secure({ certificate: again }))).verdict).toBe('failed');
    const foreign = { fingerprint: 'AA', subject: 'CN=TRAEFIK DEFAULT CERT', names: ['DNS:x.traefik.default'] };
    expect(verdictOf('certificate', expectation, http(secure({ certificate: foreign })))).toMatchObject({
      verdict: 'failed',
      observed: expect.stringContaining('CN=TRAEFIK DEFAULT CERT (DNS:x.traefik.default)') as string,
    });
    expect(verdictOf('certificate', { certificate: 'other' }, http(secure({ certificate: foreign }))).verdict).toBe(
      'passed',
    );
    expect(verdictOf('certificate', { certificate: 'other' }, http(secure({ certificate: shown }))).verdict).toBe(
      'failed',
    );
  });

  it('could not be measured where curl is too old to tell, and is missing without TLS or an answer', async () => {
    const { crt } = await new Certificates().for('sample.example.com');
    expect(verdictOf('certificate', { certificate: crt }, http(secure())).verdict).toBe('inconclusive');
    expect(verdictOf('certificate', { certificate: crt }, http(answer('pod'))).verdict).toBe('failed');
    expect(verdictOf('certificate', { certificate: crt }, http(failure('refused')))).toMatchObject({
      verdict: 'failed',
      observed: 'no answer',
    });
  });
});

describe('a forwarded client address', () => {
  const forwarded = (header: string): Request => {
    const base = answer('pod');
    return { ...base, answer: { ...base.answer!, forwardedFor: header } };
  };
  it('is the first one of the header', () => {
    const expectation = { forwardedFor: ['192.168.66.1'] };
    expect(verdictOf('forwardedFor', expectation, http(forwarded('192.168.66.1, 10.244.1.3'))).verdict).toBe('passed');
    expect(verdictOf('forwardedFor', expectation, http(forwarded('10.244.1.3, 192.168.66.1'))).verdict).toBe('failed');
    expect(verdictOf('forwardedFor', { forwardedFor: ['none'] }, http(forwarded(''))).verdict).toBe('passed');
    expect(verdictOf('forwardedFor', { forwardedFor: ['none'] }, http(forwarded('1.2.3.4'))).verdict).toBe('failed');
  });

  it('may be given by the words for places, and is open when their address is not known', () => {
    const observation = http(forwarded('10.244.1.7'));
    expect(verdictOf('forwardedFor', { forwardedFor: ['probe'] }, observation, { probeIp: '10.244.1.7' }).verdict).toBe(
      'passed',
    );
    expect(verdictOf('forwardedFor', { forwardedFor: ['probe'] }, observation).verdict).toBe('inconclusive');
    expect(
      verdictOf('forwardedFor', { forwardedFor: ['1.2.3.4', 'probe'] }, observation, { probeIp: '10.244.1.7' }).verdict,
    ).toBe('passed');
  });
});

it('a redirect leads where it should', () => {
  const request = answer('pod', { status: 308, redirect: 'https://sample.example.com/' });
  expect(verdictOf('location', { location: 'https://sample.example.com/' }, http(request)).verdict).toBe('passed');
  expect(verdictOf('location', { location: 'https://other.example.com/' }, http(request)).verdict).toBe('failed');
  expect(verdictOf('location', { location: 'https://sample.example.com/' }, http(answer('pod'))).verdict).toBe(
    'failed',
  );
});

it('what fails behind an ingress or a load balancer is looked for there first', () => {
  const next = (door: 'ingress' | 'loadBalancer'): string | undefined =>
    judgeHttp({ status: 200 }, http(answer('pod', { status: 404 })), { door, namespace: 'n' }).next[0]?.en;
  expect(next('ingress')).toContain('kubectl get ingressclasses; kubectl -n n describe ingress');
  expect(next('loadBalancer')).toContain('kubectl -n n describe services; kubectl -n metallb-system get pods');
  const silent = judgeHttp({ status: 200 }, http(failure('timeout')), { door: 'loadBalancer', namespace: 'n' });
  expect(silent.next[0]?.en).toContain('metallb-system');
});
