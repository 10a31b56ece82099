/**
 * How one HTTP request ended. `refused` and `timeout` are different lessons: refused is an answer (RST or ICMP port
 * unreachable), timeout is silence. `no-route` is curl's exit 7 without a refusal: no route at once, or no ARP answer
 * after about 3 s (observed.md part 1, surprise 2).
 */
export type Outcome = 'ok' | 'refused' | 'timeout' | 'no-name' | 'no-route' | 'reset' | 'tls' | 'bad-body' | 'other';

/** The sample web server's one line, taken apart (`Host=… Path=… From=… ClientIP=… XFF=…`). */
export interface Answer {
  readonly host: string;
  readonly path: string;
  /** The pod that answered. */
  readonly from: string;
  /** The client's address as the pod saw it. */
  readonly client: string;
  readonly forwardedFor: string;
}

/** One request of a curl probe. */
export interface Request {
  readonly url: string;
  readonly outcome: Outcome;
  /** HTTP status, 0 when there was none. */
  readonly status: number;
  /** curl's exit code for this transfer. */
  readonly exitCode: number;
  readonly ms: number;
  /** The address that curl talked to. */
  readonly remote: string;
  /** The address that curl sent from; absent when no connection was made. */
  readonly local?: string;
  /** Headers of the answer, names in lower case; only where they were asked for. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer?: Answer;
  /** The body when it is not the sample server's line; cut to 2,000 characters. */
  readonly body?: string;
  readonly error?: string;
  /** Where a redirect leads to, as an absolute URL. */
  readonly redirect?: string;
  /** The certificate that the server showed; only where it was asked for, and curl could tell (7.88). */
  readonly certificate?: ShownCertificate;
}

/** What a verdict needs to know of a server certificate. */
export interface ShownCertificate {
  /** SHA-256 over its DER form, in hex with colons. */
  readonly fingerprint: string;
  /** `CN=sample.example.com` */
  readonly subject: string;
  /** Subject alternative names, as `DNS:sample.example.com`. */
  readonly names: readonly string[];
}

/** A DNS resource record as dig prints it. Names are absolute, lower case. */
export interface DnsRecord {
  readonly name: string;
  readonly ttl: number;
  readonly type: string;
  /** rdata in presentation form, e.g. `0 100 8080 sample-clusterip.default.svc.cluster.local.` */
  readonly data: string;
}

/** What a DNS server answered to one question. */
export interface DnsReply {
  /** As the server said it; `TIMEOUT` for silence, `UNREACHABLE` for an error instead of silence. */
  readonly rcode: string;
  readonly flags: readonly string[];
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
  readonly server: string;
  readonly ms: number;
}

/** Why an observation is missing: the frame was cut, the connection was lost, the time was up. */
export interface Unmeasured {
  readonly kind: 'unmeasured';
  readonly reason: string;
}

/** What a probe saw. */
export type Observation =
  | {
      readonly kind: 'http';
      readonly requests: readonly Request[];
      /** Set when the probe's time was up before all were made: how many there should have been. */
      readonly asked?: number;
    }
  | (DnsReply & { readonly kind: 'dns' })
  /**
   * Several questions of one probe: another name each, or the same again. `asked`: how many there should have been, when
   * the probe stopped at a server that stayed silent.
   */
  | {
      readonly kind: 'dns-many';
      /** `question`: the name or address as it was asked. */
      readonly replies: readonly (DnsReply & { readonly question: string })[];
      readonly asked?: number;
    }
  | { readonly kind: 'command'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | Unmeasured;
