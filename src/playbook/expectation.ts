import { z } from 'zod';
import { PilabError, messageOf } from '../errors.js';
import { parseAddress } from '../model/cidr.js';
import { parsePath } from './path.js';

/** One text or several. */
export const oneOrMany = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

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

const outcome = z.enum(['ok', 'refused', 'timeout', 'no-name', 'no-route', 'reset', 'tls', 'bad-body', 'other']);
const outcomes = z
  .union([outcome, z.array(outcome).min(1)])
  .transform((value) => (Array.isArray(value) ? value : [value]));

const CLIENTS = ['probe', 'node', 'entry', 'anyNode'];
/** Whose address it is, or an address; references allowed. */
const clientWord = z
  .string()
  .refine(
    (text) => CLIENTS.includes(text) || text.includes('${') || parseAddress(text) !== undefined,
    `one of ${CLIENTS.join(', ')}, or an address`,
  );

/** What an HTTP probe should see. Everything that is named must hold for every request. */
export const httpExpectation = z.strictObject({
  /** @default ok when nothing else says otherwise */
  outcome: outcomes.optional(),
  status: z.number().int().optional(),
  /**
   * `even`: chi-square over the ready pods of `of`; `all`: each of them answered at least once; `one`: a single pod
   * answered all; `members`: nobody else answered, and nothing is said of how often. With `each`: of every URL for itself.
   */
  spread: z.enum(['even', 'all', 'one', 'members']).optional(),
  /** The Service whose ready pods are the expected backends of `spread`. */
  of: z.string().optional(),
  /** Only those of its pods that run there: `entry` (the node whose address the URL has), `probe` (the probe's node), or a node's name. */
  on: z.string().optional(),
  /** Name(s) of the pod that must have answered; references allowed, e.g. `${each.name}`. */
  answeredBy: oneOrMany.optional(),
  /**
   * Client address that the pod must have seen: `probe` (the address that the probe itself sent from), `node` (an address
   * of the probe's node in the pod network, or its LAN address), `entry` (the same of the node whose address the URL has),
   * `anyNode` (the same of any node), or an address.
   */
  client: clientWord.optional(),
  /** First address of X-Forwarded-For that the pod must have seen, one of these; words as for `client`, or `none`. */
  forwardedFor: oneOrMany.optional(),
  /** Host header that the pod must have seen. */
  host: z.string().optional(),
  path: z.string().optional(),
  /** Body must hold this text (for servers other than the sample's). */
  body: z.string().optional(),
  /** Fields of a JSON body. */
  json: z.record(fieldPath, fieldMatcher).optional(),
  /** Headers of the answer; names in any case. */
  headers: z.record(z.string(), fieldMatcher).optional(),
  /** Where a redirect leads to. */
  location: z.string().optional(),
  /** The certificate that the server showed: the one made for this name (`${certificate/NAME.crt}`), or any `other`. */
  certificate: z.string().optional(),
  /** Over all places together: their first answers came from `several` pods, or from the `same`. */
  across: z.enum(['several', 'same']).optional(),
  /** Over time, in the answers of one place and URL: `some` place got another pod later, or `none` did. */
  changes: z.enum(['some', 'none']).optional(),
  /** At one time: some place got different pods at different URLs. */
  urlsDiffer: z.literal(true).optional(),
});

/** DNS response codes, and `TIMEOUT` for a server that stays silent where that is legitimate. */
const rcode = z.enum(['NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED', 'TIMEOUT']);

/** What a DNS probe should see. Of every question, when there are several. */
export const dnsExpectation = z.strictObject({
  /** One of them. @default NOERROR */
  rcode: z.union([rcode, z.array(rcode).min(1)]).optional(),
  /** The exact set of rdata, order free; an item that is one `${…}` for a list spreads. `[]`: none (NODATA). */
  answers: z.array(z.string()).optional(),
  /** The exact set of rdata, one for each item of a list: `is` with `${each.ip}`, `${each.name}`, `${each.node}`. */
  answersEach: z.strictObject({ of: z.string(), is: z.string() }).optional(),
  /** Rdata that must be among the answers. */
  includes: z.array(z.string()).optional(),
  /** With `times`: every answer stands first at least once (`all`), as a client that takes the first one needs. */
  first: z.literal('all').optional(),
  /** Types of the answers, in the order in which a chain is followed: [CNAME, A]. */
  types: z.array(z.string()).optional(),
  /** Flags that must be set, e.g. `aa`. */
  flags: z.array(z.string()).optional(),
  /** Exact TTL of every answer, or a bound. */
  ttl: z.union([z.number().int(), z.strictObject({ max: z.number().int() })]).optional(),
  /** Each item `NAME TYPE DATA` must be in the additional section. */
  additional: z.array(z.string()).optional(),
  /** Each text must be part of an authority record. */
  authority: z.array(z.string()).optional(),
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
  /**
   * Standard output is the service proxy's rules (`iptables-save`, or `nft list table ip kube-proxy`); the reader is
   * chosen by the proxy mode of the node.
   */
  rules: z
    .strictObject({
      service: z.string(),
      /** `endpoints`: exactly its ready endpoints, with equal chances; `none`: nothing about it (a headless Service). */
      are: z.enum(['endpoints', 'none']),
      /** Also caught for these addresses: external IPs, load balancer addresses. */
      addresses: z.array(z.string()).optional(),
      /** Also caught for its node ports. */
      nodePorts: z.boolean().optional(),
      /** Every place has the same rules about it. */
      sameEverywhere: z.literal(true).optional(),
    })
    .optional(),
  /**
   * Standard output is `printenv`: the variables of these Services are all there, right, and no more; of those, there is
   * none. Services of the exercise, or `kubernetes`, the API server's, which every pod gets.
   */
  variables: z.strictObject({ of: z.array(z.string()).optional(), noneOf: z.array(z.string()).optional() }).optional(),
});

export type HttpExpectation = z.output<typeof httpExpectation>;
export type DnsExpectation = z.output<typeof dnsExpectation>;
export type CommandExpectation = z.output<typeof commandExpectation>;
export type FieldMatcher = z.output<typeof fieldMatcher>;
