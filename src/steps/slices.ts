import type { Judgement } from '../event/event.js';
import {
  endpointsOf,
  expectedEndpoints,
  sameEndpoints,
  slicesByHand,
  someTerminate,
  type Endpoint,
} from '../model/endpoints.js';
import type { KubeObject } from '../ports/cluster.js';
import { PilabError } from '../errors.js';
import type { Text } from '../text.js';
import { endpointsByHand } from './by-hand.js';
import type { StepContext } from './context.js';
import { evidence, judgement } from './judgement.js';

/** The slices are as they should be, or a judgement that says what is wrong. */
export type SlicesSettled = { readonly endpoints: readonly Endpoint[] } | { readonly judgement: Judgement };

/**
 * Waits, by watching, until a Service's EndpointSlices list exactly who should be there (`serving`): its ready pods, and
 * what was written down by hand; or nobody, not even a pod that terminates (`empty`).
 */
export async function slicesSettled(
  service: KubeObject,
  goal: 'serving' | 'empty',
  timeoutMs: number,
  context: StepContext,
): Promise<SlicesSettled> {
  const startedAt = performance.now();
  const { cluster, namespace, signal } = context;
  const name = service.metadata?.name ?? '';
  const membersNow = async (): Promise<Endpoint[]> => {
    if (goal === 'empty') return [];
    const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }, signal);
    return [...expectedEndpoints(service, pods), ...(await endpointsByHand(service, context))];
  };
  const query = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
  };
  const withSlices = (members: readonly Endpoint[], slices: readonly KubeObject[]): Endpoint[] =>
    goal === 'empty' ? [] : [...members, ...slicesByHand(slices, name)];
  const members = await membersNow();
  let expected = withSlices(members, goal === 'empty' ? [] : await cluster.list(query, signal));
  if (goal === 'serving' && expected.length === 0) {
    const wanted = byHandOnly(service)
      ? 'at least one member written down by hand'
      : 'at least one ready pod that matches the selector';
    return { judgement: notSettled(service, wanted, [], startedAt, context) };
  }
  let seen: Endpoint[] = [];
  try {
    await cluster.waitFor(
      query,
      (slices) => {
        seen = endpointsOf(slices, name);
        expected = withSlices(members, slices);
        const settled = sameEndpoints(seen, expected) && (goal === 'serving' || !someTerminate(slices, name));
        return settled ? true : undefined;
      },
      { timeoutMs, signal },
    );
    return { endpoints: expected };
  } catch (error) {
    if (!(error instanceof PilabError) || error.code !== 'CLUSTER_WAIT_TIMEOUT') throw error;
    // The pods may have changed while we waited for the old set.
    const now = withSlices(await membersNow(), goal === 'empty' ? [] : await cluster.list(query, signal));
    if (now.length > 0 && sameEndpoints(seen, now)) return { endpoints: now };
    const members = byHandOnly(service) ? 'what was written down by hand' : 'ready pods that match the selector';
    const wanted = goal === 'empty' ? 'no ready endpoint' : `${members}: ${words(expected)}`;
    return { judgement: notSettled(service, wanted, seen, startedAt, context) };
  }
}

function words(endpoints: readonly Endpoint[]): string {
  return endpoints.length === 0 ? 'no ready endpoint' : endpoints.map(({ pod, address }) => pod ?? address).join(', ');
}

function notSettled(
  service: KubeObject,
  expected: string,
  seen: readonly Endpoint[],
  startedAt: number,
  { namespace }: StepContext,
): Judgement {
  const name = service.metadata?.name ?? '';
  const slices = `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name} -o wide`;
  const { why, next } = byHandOnly(service) ? handAdvice(slices) : labelAdvice(name, namespace);
  return judgement({
    verdict: 'failed',
    place: 'api',
    subject: name,
    startedAt,
    findings: [{ what: 'endpoints', expected, observed: words(seen), verdict: 'failed', why }],
    evidence: [evidence('api', slices, JSON.stringify(seen, undefined, 2))],
    next: [next],
  });
}

/** Without a selector nobody looks for pods: people write the members down (claim N01). */
function byHandOnly(service: KubeObject): boolean {
  const { selector } = (service['spec'] ?? {}) as { readonly selector?: Readonly<Record<string, string>> };
  return Object.keys(selector ?? {}).length === 0;
}

interface Advice {
  readonly why: Text;
  readonly next: Text;
}

function labelAdvice(name: string, namespace: string): Advice {
  const compare = `kubectl -n ${namespace} get service ${name} -o jsonpath='{.spec.selector}'; kubectl -n ${namespace} get pods --show-labels`;
  return {
    why: {
      en: 'A Service finds its pods by labels only: compare its selector with the labels of the pods, and look whether they are ready.',
      ja: 'Service は Pod をラベルだけで探します。セレクタと Pod のラベル、Pod が Ready かどうかを確認してください。',
    },
    next: { en: `Compare labels: ${compare}`, ja: `ラベルを比べてください: ${compare}` },
  };
}

function handAdvice(slices: string): Advice {
  return {
    why: {
      en: 'A Service without a selector has only the members that are written down for it: an Endpoints object of the same name, or an EndpointSlice with its name in the label kubernetes.io/service-name.',
      ja: 'セレクタのない Service のメンバーは、手で書いたものだけです。同名の Endpoints か、ラベル kubernetes.io/service-name に Service 名を書いた EndpointSlice を確認してください。',
    },
    next: { en: `Look at what was written down: ${slices}`, ja: `手で書いたものを確認してください: ${slices}` },
  };
}
