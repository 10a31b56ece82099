import { randomBytes } from 'node:crypto';
import type { Finding, Judgement } from '../event/event.js';
import { internalEndpoints } from '../model/policy.js';
import type { KubeObject } from '../ports/cluster.js';
import { PilabError } from '../errors.js';
import { absolute } from '../probe/dig.js';
import { typedCurl } from '../probe/equivalent.js';
import { gateArgv, parseGate, type GateSpec } from '../probe/gate.js';
import type { CheckPlace } from '../check/judged.js';
import { nextUnsettled, whyUnsettled } from '../check/unsettled.js';
import type { StepContext, StepResult } from './context.js';
import { evidence, judgement, unmeasured } from './judgement.js';
import { objectRef } from './kinds.js';
import type { Place } from './place.js';
import { nodesOf, resolvePlaces } from './places.js';
import { serverName } from './by-hand.js';
import { dnsSettled } from './settle-dns.js';
import { slicesSettled } from './slices.js';

/** Where else than at the cluster IP a Service is asked: a load balancer's address, a node port, an ingress. */
export interface Door {
  readonly url: string;
  /** The place that asks, as in `from` of a probe. */
  readonly from: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What stands there. */
  readonly kind: CheckPlace['door'];
}

/**
 * Pods that are told to stop have 30 s by default, and a StatefulSet stops one after the other: how long they take is
 * theirs, and no sign of a slow data plane.
 */
const STOP_LIMIT_MS = 90_000;

/** An exec of a gate may outlast its limit by its last try. */
const ROOM_MS = 15_000;

/**
 * The data plane must have settled before traffic is judged: first the slices, then the rules on each node, which only
 * traffic shows (a new Service refuses for about a second although everything says Ready; observed.md part 1, surprise 3).
 * `empty` is the opposite: no ready endpoint is left, and the address refuses from everywhere.
 * Services without an address of their own are waited for in DNS. How long it took is itself measured. This is a gate with
 * a limit, not a retry of a measurement; slices and rules have `timeoutMs` each.
 */
export async function settle(
  name: string,
  goal: GateSpec['goal'],
  timeoutMs: number,
  context: StepContext,
  door?: Door,
): Promise<StepResult> {
  const startedAt = performance.now();
  const { cluster, namespace, signal, emit, info } = context;
  const service = await cluster.get(objectRef(name, namespace), signal);
  if (service === undefined) {
    throw new PilabError({ code: 'STEP_NO_SERVICE', message: `${name} does not exist in ${namespace}`, exitCode: 3 });
  }
  const { type, externalName } = service['spec'] as { readonly type?: string; readonly externalName?: string };
  if (type === 'ExternalName') {
    const wanted = goal === 'serving' && externalName !== undefined ? [absolute(externalName)] : [];
    return {
      judgements: [await dnsSettled(service.metadata?.name ?? '', { type: 'CNAME', wanted }, timeoutMs, context)],
    };
  }
  const slicesLimitMs = goal === 'empty' ? Math.max(timeoutMs, STOP_LIMIT_MS) : timeoutMs;
  const slices = await slicesSettled(service, goal, slicesLimitMs, context);
  if ('judgement' in slices) return { judgements: [slices.judgement] };
  const slicesMs = Math.round(performance.now() - startedAt);
  emit({ type: 'measured', step: info.id, what: `${name} slices`, value: slicesMs, unit: 'ms' });
  const url = door?.url ?? serviceUrl(service);
  if (url === undefined) {
    const wanted = slices.endpoints.map(({ address }) => address);
    return { judgements: [await dnsSettled(service.metadata?.name ?? '', { type: 'A', wanted }, timeoutMs, context)] };
  }
  const atDoor = door === undefined ? {} : { headers: door.headers, noErrors: true };
  const places =
    door === undefined ? await gatePlaces(context) : await resolvePlaces(door.from, context.places, signal);
  const gates = places.flatMap((place): { place: Place; gate: GateSpec }[] => {
    const reached = door === undefined ? internalEndpoints(service, slices.endpoints, place.node) : slices.endpoints;
    // Where the policy leaves nobody to a node there is silence, which says nothing of whether its rules are new.
    if (goal === 'serving' && reached.length === 0) return [];
    const backends = reached.flatMap((endpoint) => serverName(endpoint, context.lab) ?? []);
    return [{ place, gate: { url, goal, backends, limitMs: timeoutMs, need: neededOf(service, door), ...atDoor } }];
  });
  if (gates.length === 0) {
    return { judgements: [judgement({ verdict: 'passed', place: 'api', subject: name, startedAt })] };
  }
  const judgements = gates.map(({ place, gate }) =>
    rulesSettled(place, { service: service.metadata?.name ?? '', gate }, startedAt, context, door),
  );
  return { judgements: await Promise.all(judgements) };
}

/**
 * Every place that this playbook probes from inside the cluster, and every node where requests come in from outside: a
 * node whose rules are late or broken shows itself here.
 */
async function gatePlaces(context: StepContext): Promise<Place[]> {
  const { playbook, facts, places, signal } = context;
  const froms = new Set(playbook.steps.flatMap((step) => (step.kind === 'probe' ? [step.from] : [])));
  const pods = [...froms].filter((from) => from.startsWith('pod'));
  const widest = pods.sort((a, b) => nodesOf(b, facts).length - nodesOf(a, facts).length)[0] ?? 'pod';
  const hosts = [...froms].flatMap((from) =>
    from === 'operator' ? ['host@each'] : from.startsWith('host@') ? [from] : [],
  );
  const found = await Promise.all([widest, ...hosts].map((from) => resolvePlaces(from, places, signal)));
  return [...new Map(found.flat().map((place) => [place.label, place])).values()];
}

async function rulesSettled(
  place: Place,
  { service, gate }: { readonly service: string; readonly gate: GateSpec },
  startedAt: number,
  context: StepContext,
  door?: Door,
): Promise<Judgement> {
  const { signal, emit, info, facts, namespace } = context;
  const at = { place: place.label, node: place.node, namespace, service, proxyMode: facts.proxyMode, door: door?.kind };
  const nonce = randomBytes(8).toString('hex');
  try {
    const result = await place.exec(gateArgv(gate, nonce), { signal, timeoutMs: gate.limitMs + ROOM_MS });
    const seen = parseGate(nonce, gate.goal, result.stdout);
    if (seen.kind === 'unmeasured') throw new PilabError({ code: 'PROBE_CUT', message: seen.reason, exitCode: 3 });
    const ms = Math.round(performance.now() - startedAt);
    if (seen.reached) {
      emit({ type: 'measured', step: info.id, what: `${gate.goal} ${place.label}`, value: ms, unit: 'ms' });
    }
    const finding: Finding = {
      what: gate.goal,
      expected: `${gate.need === 'any' && gate.goal === 'serving' ? 'a ready pod, and nobody else, answers' : EXPECTED[gate.goal]} within ${Math.round(gate.limitMs / 1000)} s`,
      observed: seen.reached ? `after ${ms} ms` : `${seen.tries} tries, the last one: ${seen.last}`,
      verdict: seen.reached ? 'passed' : 'failed',
      ...(seen.reached ? {} : { why: whyUnsettled(seen, gate.goal, door?.kind) }),
    };
    return judgement({
      verdict: finding.verdict,
      place: place.label,
      subject: gate.url,
      startedAt,
      findings: [finding],
      evidence: [
        evidence(
          place.label,
          typedCurl({ urls: [gate.url], headers: gate.headers }, { kind: 'operator' }),
          result.stdout.replaceAll(nonce, '#'),
        ),
      ],
      next: nextUnsettled(seen, { ...at, url: gate.url, nodes: facts.nodes }),
    });
  } catch (error) {
    return unmeasured(error, { place: place.label, subject: gate.url, startedAt, signal });
  }
}

const EXPECTED = { serving: 'every ready pod, and nobody else, answers', empty: 'the address refuses' } as const;

/** Affinity keeps the asker at one pod, and `externalTrafficPolicy: Local` serves only the pods of the node that is asked. */
function neededOf(service: KubeObject, door: Door | undefined): 'all' | 'any' {
  const { sessionAffinity, externalTrafficPolicy } = service['spec'] as {
    readonly sessionAffinity?: string;
    readonly externalTrafficPolicy?: string;
  };
  const local = door !== undefined && externalTrafficPolicy === 'Local';
  return sessionAffinity === 'ClientIP' || local ? 'any' : 'all';
}

/** The Service's first port on its own address; undefined for a headless one, which is DNS and nothing else. */
function serviceUrl(service: KubeObject): string | undefined {
  const spec = service['spec'] as {
    readonly clusterIP?: string;
    readonly ports?: readonly { readonly port: number }[];
  };
  const port = spec.ports?.[0]?.port;
  if (spec.clusterIP === undefined || spec.clusterIP === 'None' || port === undefined) return undefined;
  return `http://${spec.clusterIP}:${port}/`;
}
