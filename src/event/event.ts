import type { Text } from '../text.js';
import type { Observation } from '../probe/observation.js';

/** passed, failed; could not measure; a need that the lab lacks. */
export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'skipped';

/** One expectation set beside what was seen. Short technical words, one line each. */
export interface Finding {
  /** The expectation's key: `status`, `answers`, `spread`, `client`, `endpoints` … */
  readonly what: string;
  readonly expected: string;
  readonly observed: string;
  readonly verdict: Verdict;
  /** One sentence that explains a finding that did not pass. */
  readonly why?: Text;
}

/** Answers per backend of one place, and what chance allows. */
export interface Spread {
  readonly total: number;
  /** Backend (pod name) → answers. Expected backends that never answered are here with 0. */
  readonly counts: Readonly<Record<string, number>>;
  /** Backends that answered without being expected. */
  readonly unexpected: readonly string[];
  /** Inside it a backend's count is unremarkable (two-sided, alpha 0.001, Bonferroni over the backends). */
  readonly band: readonly [number, number];
  readonly chiSquare: number;
  readonly pValue: number;
  /** The smallest share error this sample finds four times in five, in words: "40/30/30". */
  readonly detects: string;
}

/** The proof that goes with a verdict. */
export interface Evidence {
  /** Where it ran: `pod@raspi002`, `host@raspi001`, `operator`, `api`. */
  readonly place: string;
  /** The command a person would type for it. */
  readonly command: string;
  /** Raw output, cut to a sane length (8 KiB) with a mark where it was cut. */
  readonly output: string;
}

/** The ends of a request's way, for drawing it. The address that the server saw is in the observation. */
export interface PathFacts {
  /** The client's own address in the pod network; left out for hosts and the operator. */
  readonly client?: string;
  /** Node on which the client is. */
  readonly node?: string;
  /** Where the asked Service's rules may lead. */
  readonly targets: readonly {
    readonly pod: string;
    readonly address: string;
    readonly port?: number;
    readonly node?: string;
  }[];
}

/** One judged place of a step: a step that runs from three nodes has three. */
export interface Judgement {
  readonly verdict: Verdict;
  /** `pod@raspi002`, `host@raspi001`, `operator`, `api`. */
  readonly place: string;
  /** What was asked, e.g. the URL or the DNS name, after references were filled in. */
  readonly subject: string;
  readonly findings: readonly Finding[];
  readonly spread?: Spread;
  /** Where several entries were asked: who answered at each of them, a row an entry (a node, an address). */
  readonly matrix?: readonly { readonly entry: string; readonly spread: Spread }[];
  /** What is known of the way of its requests. */
  readonly path?: PathFacts;
  readonly evidence: readonly Evidence[];
  /** Where to look next; only when not passed. */
  readonly next: readonly Text[];
  readonly durationMs: number;
}

/** What a plan says of a step before it runs. */
export interface StepInfo {
  /** `clusterip/7`: playbook name and place in the file, from 1. Stable within a run. */
  readonly id: string;
  readonly kind: string;
  readonly title: Text;
  readonly say?: Text;
  readonly claims: readonly string[];
  /** `pod@each`, `operator`, `api`, … */
  readonly from: string;
  /** How its answers should be spread over backends, when it asks for that. */
  readonly spread?: string;
  /** The kubectl/curl/dig lines a person would type, references left as they are. */
  readonly command: string;
  /** file:line of the step. */
  readonly where: string;
}

export interface PlaybookInfo {
  readonly name: string;
  readonly title: Text;
  /** The namespaces that the run makes for it and removes. */
  readonly namespaces: readonly string[];
  /** Cluster-wide things, such as `nodePort 30080`, that it does not share with playbooks beside it. @default none: older records lack it */
  readonly locks?: readonly string[];
  readonly steps: readonly StepInfo[];
}

/** What was read from the cluster before the run. */
export interface ClusterFacts {
  readonly serverVersion: string;
  readonly proxyMode: string;
  /** `flannel`, or `unknown`. */
  readonly cni: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly role: 'control-plane' | 'worker';
    readonly ready: boolean;
    /** Cordoned: it takes no new pods. @default false */
    readonly cordoned?: true;
    readonly address: string;
    readonly podCIDR: string;
    readonly kubeletVersion: string;
    readonly architecture: string;
  }[];
  /** Version that CoreDNS says of itself, else the tag of its image: `1.14.7`. */
  readonly coreDNS?: string;
  /** Version of MetalLB by the tag of its controller: `0.15.2`. */
  readonly metalLB?: string;
  /** Who gives addresses to Services of type LoadBalancer; `unknown`: somebody does, `none`: nobody was found. */
  readonly loadBalancer?: 'metallb' | 'none' | 'unknown';
  /** By name. */
  readonly ingressClasses?: readonly { readonly name: string; readonly controller: string }[];
}

export type Counts = Readonly<Record<Verdict, number>>;

/** What happened, without the stamp that every event carries. */
export type EventBody =
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly pilab: string;
      readonly lab: { readonly name: string; readonly simulated: boolean };
      readonly startedAt: string;
      readonly playbooks: readonly PlaybookInfo[];
    }
  | { readonly type: 'cluster-read'; readonly facts: ClusterFacts }
  | { readonly type: 'playbook-started'; readonly playbook: string }
  /** `command`: what a person would type, with what is known by now filled in; missing: as it was planned. */
  | { readonly type: 'step-started'; readonly step: string; readonly command?: string }
  /** Requests are coming in: `counts` per backend so far. */
  | {
      readonly type: 'progress';
      readonly step: string;
      readonly place: string;
      readonly done: number;
      readonly total: number;
      readonly counts: Readonly<Record<string, number>>;
    }
  /** Something measured that is no expectation: convergence times, which pod was made where. */
  | {
      readonly type: 'measured';
      readonly step: string;
      readonly what: string;
      readonly value: number;
      readonly unit: string;
    }
  | { readonly type: 'observed'; readonly step: string; readonly place: string; readonly observation: Observation }
  | { readonly type: 'judged'; readonly step: string; readonly judgement: Judgement }
  | { readonly type: 'step-finished'; readonly step: string; readonly verdict: Verdict; readonly durationMs: number }
  | {
      readonly type: 'playbook-finished';
      readonly playbook: string;
      readonly verdict: Verdict;
      readonly durationMs: number;
    }
  | { readonly type: 'warning'; readonly step?: string; readonly message: string }
  | { readonly type: 'cleanup-started'; readonly playbook: string }
  | {
      readonly type: 'cleanup-finished';
      readonly playbook: string;
      readonly left: readonly string[];
      readonly durationMs: number;
    }
  | {
      readonly type: 'run-finished';
      readonly verdict: Verdict;
      readonly steps: Counts;
      readonly interrupted: boolean;
      /** A failure outside any step: the connection to the cluster is gone, a reporter threw. */
      readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
      /** A walkthrough that was kept for later: its namespaces stay. `next` is the number of the step that comes then. */
      readonly kept?: { readonly playbook: string; readonly next: number };
      readonly exitCode: number;
      readonly durationMs: number;
    };

/** The version of the record format; a reader refuses a newer one. */
export const EVENT_VERSION = 1;

/** One line of a record. */
export type RunEvent = EventBody & {
  readonly v: typeof EVENT_VERSION;
  /** From 1, without gaps. */
  readonly seq: number;
  /** Milliseconds since the run started. */
  readonly ms: number;
};

/** A view of the event stream: a display, a report, the record. Called in order, never concurrently. */
export interface Reporter {
  onEvent(event: RunEvent): void;
  /** After the last event; writes files. */
  onEnd?(): Promise<void> | void;
}
