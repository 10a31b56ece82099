import { parseVersionRange } from '../model/version.js';
import { parseTemplate } from '../playbook/reference.js';
import type { Step } from '../playbook/schema.js';
import { assign } from './readings.js';
import type { References } from './references.js';
import { quoteWord } from '../quote.js';

type When = NonNullable<Step['when']>;

/** How a script decides whether a step is for its cluster. */
interface Condition {
  /** A command that succeeds where it is; all of them must. */
  readonly test: string;
  /** Lines before the first step that read what the test needs. */
  readonly reads: readonly string[];
}

/** Each key of `when` as a test; the compiler finds one that is missing. */
const CONDITIONS: {
  readonly [K in keyof When]-?: (wanted: NonNullable<When[K]>, references: References) => Condition;
} = {
  proxyMode: (modes) => oneOf('PROXY_MODE', 'proxy_mode', modes),
  cni: (name) => oneOf('POD_NETWORK', 'pod_network', [name]),
  server: (range) => versions('SERVER_VERSION', 'server_version', range),
  coreDNS: (range) => versions('COREDNS_VERSION', 'coredns_version', range),
  metalLB: (range) => versions('METALLB_VERSION', 'metallb_version', range),
  loadBalancer: (wanted) => oneOf('LOAD_BALANCER', 'load_balancer', wanted),
  ingressController: (wanted, references) => {
    const [reference] = parseTemplate('${ingress.controller}');
    if (reference === undefined || typeof reference === 'string') return { test: 'true', reads: [] };
    return { test: anyOf(references.use(reference).variable, wanted), reads: [] };
  },
};

/** The test of a step's `when`, for an `if`, and what is read for it beforehand. */
export function conditionOf(when: When, references: References): Condition {
  const given: readonly (readonly [string, unknown])[] = Object.entries(when);
  const conditions = given.flatMap(([key, wanted]) => {
    if (wanted === undefined) return [];
    // TypeScript cannot see that the value belongs to the key.
    const condition = CONDITIONS[key as keyof When] as (wanted: unknown, references: References) => Condition;
    return [condition(wanted, references)];
  });
  const tests = conditions.map(({ test }) => test);
  return {
    // Alternatives in one of several tests need braces of their own.
    test: (tests.length === 1 ? tests : tests.map((test) => (test.includes('||') ? `{ ${test}; }` : test))).join(
      ' && ',
    ),
    reads: conditions.flatMap(({ reads }) => reads),
  };
}

function oneOf(variable: string, reader: string, wanted: readonly string[]): Condition {
  return { test: anyOf(variable, wanted), reads: [assign(variable, reader)] };
}

function anyOf(variable: string, wanted: readonly string[]): string {
  return wanted.map((value) => `[ "$${variable}" = ${quoteWord(value)} ]`).join(' || ');
}

/** What is not known is in no range, as in a run. */
function versions(variable: string, reader: string, range: string): Condition {
  const bounds = parseVersionRange(range) ?? [];
  const tests = bounds.map(
    ({ sign, version }) => `${sign === '<' ? 'is_older' : 'is_at_least'} "$${variable}" ${version.join('.')}`,
  );
  return { test: tests.join(' && '), reads: [assign(variable, reader)] };
}
