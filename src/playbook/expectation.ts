import { z } from 'zod';
import { PilabError, messageOf } from '../errors.js';
import { parsePath } from './path.js';

/** One text or several. */
export const oneOrMany = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

const outcome = z.enum(['ok', 'refused', 'timeout', 'no-name', 'no-route', 'reset', 'tls', 'bad-body', 'other']);
const outcomes = z
  .union([outcome, z.array(outcome).min(1)])
  .transform((value) => (Array.isArray(value) ? value : [value]));

/** What an HTTP probe should see. Everything that is named must hold for every request. */
export const httpExpectation = z.strictObject({
  /** @default ok when nothing else says otherwise */
  outcome: outcomes.optional(),
  status: z.number().int().optional(),
  /** `even`: chi-square over the ready pods of `of`; `all`: each of them answered at least once; `one`: a single pod answered all. */
  spread: z.enum(['even', 'all', 'one']).optional(),
  /** The Service whose ready pods are the expected backends of `spread`. */
  of: z.string().optional(),
  /** Name(s) of the pod that must have answered; references allowed, e.g. `${each.name}`. */
  answeredBy: oneOrMany.optional(),
  /** Client address that the pod must have seen: `probe` (the probe's own address), `node` (an address of the probe's node in the pod network, or its LAN address), or an address. */
  client: z.string().optional(),
  /** Host header that the pod must have seen. */
  host: z.string().optional(),
  path: z.string().optional(),
  /** Body must hold this text (for servers other than the sample's). */
  body: z.string().optional(),
});

/** What a DNS probe should see. */
export const dnsExpectation = z.strictObject({
  /** @default NOERROR */
  rcode: z.enum(['NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED']).optional(),
  /** The exact set of rdata, order free; an item that is one `${…}` for a list spreads. `[]`: none (NODATA). */
  answers: z.array(z.string()).optional(),
  /** Flags that must be set, e.g. `aa`. */
  flags: z.array(z.string()).optional(),
  /** Exact TTL of every answer. */
  ttl: z.number().int().optional(),
  /** Each item `NAME TYPE DATA` must be in the additional section. */
  additional: z.array(z.string()).optional(),
  /** Each text must be part of an authority record. */
  authority: z.array(z.string()).optional(),
});

/** A JavaScript regular expression. */
const pattern = z.string().superRefine((text, context) => {
  try {
    new RegExp(text, 'm');
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) });
  }
});
const patterns = z
  .union([pattern, z.array(pattern).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** `spec.ports[0].port`, as a key. */
export const fieldPath = z.string().superRefine((text, context) => {
  try {
    parsePath(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof PilabError ? (error.hint ?? '') : messageOf(error) });
  }
});

/** What a command should leave behind. */
export const commandExpectation = z.strictObject({
  /** @default 0 */
  exit: z.number().int().optional(),
  /** Each text must be in standard output; references allowed. */
  contains: oneOrMany.optional(),
  /** JavaScript regular expressions, flag m, that standard output must match. */
  matches: patterns.optional(),
  lacks: oneOrMany.optional(),
  /** Standard output is a resolv.conf that must say this. */
  resolvConf: z
    .strictObject({
      nameserver: oneOrMany.optional(),
      searchStartsWith: z.array(z.string()).optional(),
      options: z.array(z.string()).optional(),
    })
    .optional(),
  /** Standard output is `ip route`; every other node's pod segment must go through flannel.1 onlink or straight to its LAN address. */
  routes: z.literal('pod-network').optional(),
  /** Standard output is `iptables-save` or `nft list …` of the service proxy: this Service's address must be rejected for want of endpoints. */
  rejects: z.strictObject({ service: z.string() }).optional(),
});

/** What a field of an object should be; one matcher or several. */
export const fieldMatcher = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z
    .strictObject({
      equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
      not: z.union([z.string(), z.number(), z.boolean()]).optional(),
      oneOf: z.array(z.union([z.string(), z.number()])).optional(),
      matches: pattern.optional(),
      /** An IPv4 address inside this CIDR. References allowed: `${cluster.serviceCIDR}`. */
      within: z.string().optional(),
      exists: z.boolean().optional(),
    })
    .refine(
      (matcher) => Object.keys(matcher).length > 0,
      'expects nothing; one of: equals, not, oneOf, matches, within, exists',
    ),
]);

export type HttpExpectation = z.output<typeof httpExpectation>;
export type DnsExpectation = z.output<typeof dnsExpectation>;
export type CommandExpectation = z.output<typeof commandExpectation>;
export type FieldMatcher = z.output<typeof fieldMatcher>;
