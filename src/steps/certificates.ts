import { PilabError } from '../errors.js';

/** A server certificate with its private key, both PEM. */
export interface Certificate {
  readonly crt: string;
  /** Goes into manifests only: never into events, errors or argument vectors. */
  readonly key: string;
}

const DAY_MS = 86_400_000;

/**
 * Self-signed server certificates of one playbook run, one a DNS name, made when first asked for and kept in memory only.
 * X.509 v3 with a subject alternative name, as clients no longer read the common name (RFC 9110, 4.3.4; claim O11).
 */
export class Certificates {
  readonly #making = new Map<string, Promise<Certificate>>();
  /** Name → certificate in PEM. */
  readonly #made: Map<string, string>;

  /** @param earlier name → PEM of certificates that an earlier process made; their keys are gone with it. @default none */
  constructor(private readonly earlier: Readonly<Record<string, string>> = {}) {
    this.#made = new Map(Object.entries(earlier));
  }

  /**
   * A part of the one for this name, also of one that was made earlier.
   * @throws PilabError `CERTIFICATE_KEY_GONE` for the key of an earlier one: another key would not fit what is served
   */
  async part(host: string, part: keyof Certificate): Promise<string> {
    const earlier = Object.hasOwn(this.earlier, host) ? this.earlier[host] : undefined;
    if (earlier === undefined) return (await this.for(host))[part];
    if (part === 'crt') return earlier;
    throw new PilabError({
      code: 'CERTIFICATE_KEY_GONE',
      message: `the private key for ${host} was made before the break, and is never written to a file`,
      hint: 'what was applied with it still works; to apply it anew, start the playbook from the beginning',
      exitCode: 3,
    });
  }

  /** Name → PEM, of all that were made, without their keys. */
  made(): Record<string, string> {
    return Object.fromEntries(this.#made);
  }

  /** A new one for this name, with its key. Concurrent callers share it. */
  for(host: string): Promise<Certificate> {
    const known = this.#making.get(host);
    if (known !== undefined) return known;
    const made = make(host).then((certificate) => {
      this.#made.set(host, certificate.crt);
      return certificate;
    });
    this.#making.set(host, made);
    return made;
  }
}

async function make(host: string): Promise<Certificate> {
  // Most runs need none, and the library costs a tenth of a second to load.
  const { generate } = await import('selfsigned');
  const now = Date.now();
  const pems = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // Clocks of Raspberry Pis differ: they have no battery.
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + 7 * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
    ],
  });
  return { crt: pems.cert, key: pems.private };
}

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g;
/** The same as Secrets keep it: base64 of `-----BEGIN … PRIVATE KEY`, told by its first characters. */
const ENCODED_KEY = /LS0tLS1CRUdJTi[A-Za-z0-9+/]+={0,2}/g;

/** A text without private keys: what an API server says, and objects it gives, may quote one. */
export function withoutKeys(text: string): string {
  return text
    .replaceAll(PRIVATE_KEY, '(private key)')
    .replaceAll(ENCODED_KEY, (encoded) =>
      Buffer.from(encoded, 'base64').toString().includes('PRIVATE KEY') ? '(private key)' : encoded,
    );
}
