import { z } from 'zod';
import { parseVersionRange } from '../model/version.js';
import { suggest } from '../yaml/nearest.js';
import { fieldPath } from './expectation.js';
import { KIND_WORDS, isObjectName } from './kinds.js';

/** A sentence: one string (then the same in every language) or one per language. */
export const text = z
  .union([z.string().min(1), z.strictObject({ en: z.string().min(1), ja: z.string().min(1) })])
  .transform((value) => (typeof value === 'string' ? { en: value, ja: value } : value));

/** Claim ids as in claims.json: one or several. */
export const claims = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** `250ms`, `5s`, `2m` → milliseconds. */
export const duration = z
  .string()
  .regex(/^\d+(ms|s|m)$/, 'a duration such as 500ms, 5s or 2m')
  .transform((value) => {
    const number = Number.parseInt(value, 10);
    return value.endsWith('ms') ? number : number * (value.endsWith('m') ? 60_000 : 1000);
  });

/** `kind/name`, name may hold references: `service/sample-clusterip`. */
export const objectName = z.string().superRefine((value, context) => {
  if (isObjectName(value)) return;
  const word = value.split('/')[0] ?? '';
  const message = /^[a-z]+\/\S+$/.test(value)
    ? `unknown kind "${word}"; ${suggest(word, KIND_WORDS) ?? ''}`
    : 'not kind/name; for example service/sample-clusterip';
  context.addIssue({ code: 'custom', message });
});

/** What kube-proxy calls its way of working (claim C02). */
export const proxyMode = z.enum(['iptables', 'nftables', 'ipvs']);

export const cni = z.enum(['flannel']).optional();
/** Controllers whose behaviour playbooks know, as IngressClasses name them (`spec.controller`). */
export const ingressController = z.enum(['traefik.io/ingress-controller', 'k8s.io/ingress-nginx']);
export const loadBalancer = z.enum(['metallb', 'none', 'unknown']);

/** `>=1.33`, `<1.36`, `>=1.33 <1.36`: all must hold. */
export const versionRange = z
  .string()
  .refine((text) => parseVersionRange(text) !== undefined, 'a range of versions such as >=1.33 or >=1.33 <1.36');

/** `app=sample-app`: pods by one label. */
export const labelSelector = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9./_-]*=[A-Za-z0-9][A-Za-z0-9._-]*$/, 'LABEL=VALUE, for example app=sample-app');

/** Keys that every step may have. */
export const common = {
  /** Headline; a default is made from the step's kind. */
  title: text.optional(),
  /** Narration for a class. */
  say: text.optional(),
  /** For the presenter of a walkthrough, not for the class: what to ask, what to point at. */
  notes: text.optional(),
  /** What to look at when this step does not pass; added to what pilab knows itself. */
  look: text.optional(),
  /** The step's own time limit. */
  timeout: duration.optional(),
  /** The step applies only to such clusters; elsewhere it is skipped and does not count against the verdict. */
  when: z
    .strictObject({
      proxyMode: z.array(proxyMode).min(1).optional(),
      cni,
      /** Of the API server. */
      server: versionRange.optional(),
      coreDNS: versionRange.optional(),
      metalLB: versionRange.optional(),
      /** Controller of the ingress class that the exercise uses. */
      ingressController: z.array(ingressController).min(1).optional(),
      /** Who gives addresses to Services of type LoadBalancer. */
      loadBalancer: z.array(loadBalancer).min(1).optional(),
    })
    .refine((when) => Object.keys(when).length > 0, 'says nothing; for example { proxyMode: [iptables] }')
    .optional(),
};

/**
 * Where a probe starts: `pod` (any worker), `pod@NAME` (that node), `pod@each` (every worker), `pod@all` (control planes
 * too), `host@NAME`, `host@each` (every host, over SSH), `operator`, `neighbour` (a pod in a second namespace),
 * `in/SELECTOR` or `in/SELECTOR/CONTAINER` (inside the first ready pod that matches labels, e.g. `in/app=sample-app`),
 * `each/SELECTOR` or `each/SELECTOR/CONTAINER` (inside every ready pod that matches). For NAME also `controlPlane`,
 * `workerA`, `workerB`: nodes by their part, in the order of their names; node names have no capitals.
 */
export const from = z
  .string()
  .regex(
    /^(pod(@\S+)?|host@\S+|operator|neighbour|(in|each)\/\S+)$/,
    'pod, pod@NODE, pod@each, pod@all, host@NAME, host@each, operator, neighbour, in/LABEL=VALUE[/CONTAINER] or each/LABEL=VALUE[/CONTAINER]',
  );

/** Path → value; a text that is exactly one reference becomes its value, list or number. */
export const manifestValues = z.record(fieldPath, z.json());
