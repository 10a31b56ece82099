import { z } from 'zod';
import type { CommandExpectation, DnsExpectation, HttpExpectation } from './expectation.js';
import { duration } from './vocabulary.js';

export const CURL = z.strictObject({
  /** References allowed; with `each`, `${each.ip}`, `${each.name}`, `${each.node}`. */
  url: z.string().min(1),
  /** A reference to a list (`${pods/app=sample-app}`, `${nodes}`, `${workers}`, `${outside}`): one URL for each item. */
  each: z.string().optional(),
  /** Requests per URL. @default 1 */
  times: z.number().int().min(1).max(10_000).optional(),
  /** Idle time between two requests of a URL. @default none */
  pause: duration.optional(),
  /** A process of its own for each request, so that the name is looked up anew each time. @default false */
  fresh: z.boolean().optional(),
  /** Connect to this address whatever the URL's host resolves to; Host header and SNI stay the URL's. */
  resolve: z.string().optional(),
  /** Accept any certificate. @default false */
  insecure: z.boolean().optional(),
  /** All requests of a URL on one connection. @default false */
  keepAlive: z.boolean().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Limit for connecting. @default 4s: shorter ones read a rate-limited refusal as a timeout */
  connectTimeout: duration.optional(),
  /** Limit for a whole request. @default 10s */
  maxTime: duration.optional(),
});

export const DIG = z.strictObject({
  /** With `each`, `${each.ip}`, `${each.name}`, `${each.node}` are known here and in `answers`. */
  name: z.string().min(1),
  /** A reference to a list: one question for each item. */
  each: z.string().optional(),
  /** Asks the same again, this often in all. @default 1 */
  times: z.number().int().min(1).max(1000).optional(),
  type: z.enum(['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'SOA', 'ANY']).optional(),
  /** `name` is an address: ask for its reverse name. */
  reverse: z.boolean().optional(),
  /** Use the search list. @default false: the name is taken as absolute */
  search: z.boolean().optional(),
  tcp: z.boolean().optional(),
  /** Ask this address instead of the pod's resolver. */
  server: z.string().optional(),
});

/** Argument vector; no shell. */
export const RUN = z.array(z.string().min(1)).min(1);

/** The subject of a probe and what is expected of it; `tool` tells the three apart. */
export type ProbeCase =
  | { readonly tool: 'curl'; readonly subject: CurlSubject; readonly expect: HttpExpectation }
  | { readonly tool: 'dig'; readonly subject: DigSubject; readonly expect: DnsExpectation }
  | { readonly tool: 'run'; readonly subject: RunSubject; readonly expect: CommandExpectation };
export type CurlSubject = z.output<typeof CURL> & { readonly kind: 'curl' };
export type DigSubject = z.output<typeof DIG> & { readonly kind: 'dig' };
export interface RunSubject {
  readonly kind: 'run';
  readonly run: readonly string[];
}
