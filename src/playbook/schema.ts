import { z } from 'zod';
import type { Position } from '../yaml/problem.js';
import {
  type CommandExpectation,
  type DnsExpectation,
  type FieldMatcher,
  type HttpExpectation,
  commandExpectation,
  dnsExpectation,
  fieldMatcher,
  fieldPath,
  httpExpectation,
  oneOrMany,
} from './expectation.js';
import { KIND_WORDS } from './kinds.js';
import { CURL, DIG, type ProbeCase, RUN } from './subject.js';
import {
  claims,
  cni,
  common,
  duration,
  from,
  labelSelector,
  manifestValues,
  objectName,
  proxyMode,
  text,
  versionRange,
} from './vocabulary.js';

export type { Position };
export { commandExpectation, dnsExpectation, fieldMatcher, httpExpectation };
export type { CommandExpectation, DnsExpectation, FieldMatcher, HttpExpectation };
export type { CurlSubject, DigSubject, ProbeCase, RunSubject } from './subject.js';

/** One schema a step kind; the kind is the step's first distinguishing key. */
export const stepSchemas = {
  /** Server-side apply of manifest files, in order. */
  apply: z.strictObject({
    ...common,
    apply: oneOrMany,
    /** Values of the lab put into the manifest before it is sent: path → value, references allowed. One file, one object; a ConfigMap beside a workload stays as it is. */
    set: manifestValues.optional(),
  }),
  /** Delete objects and wait until they are gone. `pod/LABEL=VALUE` deletes the first ready pod that matches. */
  delete: z.strictObject({
    ...common,
    delete: z.union([objectName, z.array(objectName).min(1)]).transform((v) => (Array.isArray(v) ? v : [v])),
  }),
  scale: z.strictObject({ ...common, scale: objectName, replicas: z.number().int().min(0) }),
  patch: z.strictObject({ ...common, patch: objectName, with: z.record(z.string(), z.unknown()) }),
  /**
   * Wait: `ready` (Deployment/StatefulSet/DaemonSet/Pod rolled out), `gone`, `serving` (Service: slices match the ready
   * pods, then every place that will probe it gets an answer), `empty` (Service: no ready endpoint, and its address
   * refuses); or `until` fields of the object are so.
   */
  wait: z.strictObject({
    ...common,
    wait: objectName,
    is: z.enum(['ready', 'gone', 'serving', 'empty']).optional(),
    until: z.record(fieldPath, fieldMatcher).optional(),
    /** With `serving`: ask at this URL instead of the cluster IP, for example the address of a load balancer. */
    at: z.string().optional(),
    /** With `at`: ask from there. @default operator */
    from: from.optional(),
    /** With `at`: headers of the request. */
    headers: z.record(z.string(), z.string()).optional(),
  }),
  /** Does nothing for a while, where time itself is the lesson (a cache's TTL, an affinity's timeout). */
  pause: z.strictObject({ ...common, pause: duration }),
  /** Keep values of live objects for later steps as `${saved.NAME.KEY}`. */
  save: z.strictObject({
    ...common,
    save: z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
    values: z.record(z.string(), z.string()),
  }),
  /** Run curl, dig or a command somewhere and judge what it saw. Exactly one of `curl`, `dig`, `run`. */
  probe: z.strictObject({
    ...common,
    probe: claims,
    from,
    curl: CURL.optional(),
    dig: DIG.optional(),
    run: RUN.optional(),
    /** On hosts: run as root. @default false */
    sudo: z.boolean().optional(),
    /**
     * For claims about how soon: asks again until the expectation holds, at most so long, and measures how long it took;
     * after that the last answer is judged. Not with `spread`, which must not be repeated until it passes.
     * @default once
     */
    within: duration.optional(),
    /** For `curl` an httpExpectation, for `dig` a dnsExpectation, for `run` a commandExpectation. */
    expect: z.union([httpExpectation, dnsExpectation, commandExpectation]),
  }),
  /** Judge live objects. Exactly one subject. */
  check: z.strictObject({
    ...common,
    check: claims,
    /** The endpoint set of a Service. */
    endpoints: z
      .strictObject({
        of: z.string(),
        /** `readyPods`: exactly the ready pods that the selector matches; `none`: nobody; or exactly these addresses. */
        are: z.union([z.enum(['readyPods', 'none']), z.array(z.string()).min(1)]),
        /** Expected port numbers, as `80` or `http-port:80`. */
        ports: z.array(z.union([z.string(), z.number()])).optional(),
        /** Number of EndpointSlice objects. */
        slices: z.number().int().optional(),
        /** Number of ready endpoints. */
        count: z.number().int().optional(),
        /** `sameNode`: each endpoint's hint names its own node, and no other (PreferSameNode); `none`: no hints. */
        hints: z.enum(['sameNode', 'none']).optional(),
        /** Who keeps the slices: `endpointslice-controller.k8s.io`, `endpointslicemirroring-controller.k8s.io`. */
        managedBy: z.string().optional(),
      })
      .optional(),
    /** Fields of one object; the key is a path: `spec.ports[0].port`. */
    object: objectName.optional(),
    /** Namespace of `object` or `objects`. @default the exercise's own */
    in: z.string().optional(),
    fields: z.record(fieldPath, fieldMatcher).optional(),
    /** The object is there, or is not. */
    exists: z.boolean().optional(),
    /** How many objects of a kind there are. */
    objects: z
      .strictObject({
        kind: z.enum(KIND_WORDS),
        labels: z.string().optional(),
        count: z.union([z.number().int(), z.string()]),
      })
      .optional(),
    /** Events about an object: each reason was given at least once. */
    events: z.strictObject({ of: objectName, reasons: z.array(z.string()).min(1) }).optional(),
    /** `segments`: node podCIDRs are disjoint and every pod of `of` lies in its node's. */
    podNetwork: z.strictObject({ of: labelSelector }).optional(),
    /** The ready pods of `of` share no address with `since`, a reference to a saved list: `${saved.before.ips}`. */
    newAddresses: z.strictObject({ of: labelSelector, since: z.string() }).optional(),
  }),
  /** An API call that must be rejected (or, as a control, accepted). Exactly one of `apply`, `create`, `patch`. */
  try: z.strictObject({
    ...common,
    try: claims,
    apply: z.string().optional(),
    create: z.string().optional(),
    patch: objectName.optional(),
    with: z.record(z.string(), z.unknown()).optional(),
    /** Values put into the manifest before it is sent: path → value, references allowed. */
    set: manifestValues.optional(),
    dryRun: z.boolean().optional(),
    expect: z.union([
      /** Each text must be part of what the API server says; texts that hold across Kubernetes versions are best. */
      z.strictObject({ rejected: oneOrMany, status: z.number().int().optional() }),
      /** Each text of `warns` must be part of a warning of the API server. */
      z.strictObject({ accepted: z.literal(true), warns: oneOrMany.optional() }),
    ]),
  }),
} as const;

export type StepKind = keyof typeof stepSchemas;
export const STEP_KINDS = Object.keys(stepSchemas) as StepKind[];
/** Keys that every step may have, whatever its kind. */
export const COMMON_KEYS: readonly string[] = Object.keys(common);

/** What all probes have in common. */
export const probeBase = stepSchemas.probe.omit({ curl: true, dig: true, run: true, expect: true });
/** A probe by what it runs: each tool has expectations of its own. */
export const probeSchemas = {
  curl: probeBase.extend({ curl: CURL, expect: httpExpectation }),
  dig: probeBase.extend({ dig: DIG, expect: dnsExpectation }),
  run: probeBase.extend({ run: RUN, expect: commandExpectation }),
} as const;
export const PROBE_TOOLS = ['curl', 'dig', 'run'] as const;

type Output = { [K in StepKind]: z.output<(typeof stepSchemas)[K]> };
type Parsed = {
  [K in StepKind]: (K extends 'probe'
    ? Omit<Output['probe'], 'curl' | 'dig' | 'run' | 'expect'> & ProbeCase
    : Output[K]) & {
    readonly kind: K;
    readonly where: Position;
  };
};
/** A step after loading. */
export type Step = Parsed[StepKind];
export type StepOf<K extends StepKind> = Parsed[K];

export const playbookHeader = z.strictObject({
  $schema: z.string().optional(),
  playbook: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and dashes'),
  title: text,
  about: text.optional(),
  needs: z
    .strictObject({
      /** Ready worker nodes at least. */
      workers: z.number().int().optional(),
      /** Ready nodes at least. */
      nodes: z.number().int().optional(),
      proxyMode: z.array(proxyMode).min(1).optional(),
      cni,
      /** Something that gives addresses to Services of type LoadBalancer. */
      loadBalancer: z.literal(true).optional(),
      /** Ingress classes with a controller, at least so many. */
      ingressClasses: z.number().int().min(1).optional(),
      /** Web servers outside the cluster (`outside` of the lab file), at least so many. */
      outside: z.number().int().min(1).optional(),
      /** Of the API server. */
      server: versionRange.optional(),
    })
    .optional(),
  /**
   * Cluster-wide things that no other playbook may use meanwhile, by any name; node ports and chosen ClusterIPs are known
   * from the manifests and steps.
   */
  locks: z.array(z.string().min(1)).optional(),
  /** About how long its steps take, so that a long one starts early. @default a guess by its steps and pauses */
  takes: duration.optional(),
  steps: z.array(z.unknown()).min(1),
});

/** A playbook after loading: valid, claims and manifests exist, every reference can be known. */
export interface Playbook {
  readonly name: string;
  readonly title: { readonly en: string; readonly ja: string };
  readonly about?: { readonly en: string; readonly ja: string };
  readonly needs: NonNullable<z.output<typeof playbookHeader>['needs']>;
  /** What cannot be derived from its files; see `locksOf` in plan/. */
  readonly locks: readonly string[];
  /** Milliseconds that its author expects. */
  readonly takesMs?: number;
  readonly steps: readonly Step[];
  readonly file: string;
  /** Manifest file name → its documents, parsed. */
  readonly manifests: ReadonlyMap<string, readonly ManifestDocument[]>;
}

/** One document of a manifest file. */
export interface ManifestDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}
