import { X509Certificate } from 'node:crypto';
import type { ShownCertificate } from './observation.js';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/;

/** The server's own certificate out of curl's `%{certs}`, where it stands first; undefined when there is none to read. */
export function shownCertificate(text: string): ShownCertificate | undefined {
  const pem = PEM.exec(text)?.[0];
  return pem === undefined ? undefined : readCertificate(pem);
}

/** What a verdict needs of a PEM certificate; undefined when it cannot be read. */
export function readCertificate(pem: string): ShownCertificate | undefined {
  try {
    const { fingerprint256, subject, subjectAltName = '' } = new X509Certificate(pem);
    const names = subjectAltName.split(', ').filter((name) => name !== '');
    return { fingerprint: fingerprint256, subject: subject.replaceAll('\n', ', '), names };
  } catch {
    return undefined;
  }
}
