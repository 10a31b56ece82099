import type { Judgement } from '../event/event.js';
import { endpointsOf, expectedEndpoints, sameEndpoints, someTerminate, type Endpoint } from '../model/endpoints.js';
import type { KubeObject } from '../ports/cluster.js';
import { PilabError } from '../errors.js';
import type { StepContext } from './context.js';
import { evidence, judgement } from './judgement.js';

/** The slices are as they should be, or a judgement that says what is wrong. */
export type SlicesSettled = { readonly endpoints: readonly Endpoint[] } | { readonly judgement: Judgement };

/** Waits, by watching, until a Service's EndpointSlices list exactly its ready pods (`serving`), or nobody, not even a pod that terminates (`empty`). */
export async function slicesSettled(
  service: KubeObject,
  goal: 'serving' | 'empty',
  timeoutMs: number,
  context: StepContext,
): Promise<SlicesSettled> {
  const startedAt = performance.now();
  const { cluster, namespace, signal } = context;
  const name = service.metadata?.name ?? '';
  const podsNow = (): Promise<KubeObject[]> => cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }, signal);
  const expected = goal === 'empty' ? [] : expectedEndpoints(service, await podsNow());
  if (goal === 'serving' && expected.length === 0) {
    return { judgement: notSettled(name, 'at least one ready pod that matches the selector', [], startedAt, context) };
  }
  let seen: Endpoint[] = [];
  try {
    await cluster.waitFor(
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        namespace,
        labelSelector: `kubernetes.io/service-name=${name}`,
      },
      (slices) => {
        seen = endpointsOf(slices, name);
        const settled = sameEndpoints(seen, expected) && (goal === 'serving' || !someTerminate(slices, name));
        return settled ? true : undefined;
      },
      { timeoutMs, signal },
    );
    return { endpoints: expected };
  } catch (error) {
    if (!(error instanceof PilabError) || error.code !== 'CLUSTER_WAIT_TIMEOUT') throw error;
    // The pods may have changed while we waited for the old set.
    const now = goal === 'empty' ? [] : expectedEndpoints(service, await podsNow());
    if (now.length > 0 && sameEndpoints(seen, now)) return { endpoints: now };
    const wanted = goal === 'empty' ? 'no ready endpoint' : `ready pods that match the selector: ${words(expected)}`;
    return { judgement: notSettled(name, wanted, seen, startedAt, context) };
  }
}

function words(endpoints: readonly Endpoint[]): string {
  return endpoints.length === 0 ? 'no ready endpoint' : endpoints.map(({ pod, address }) => pod ?? address).join(', ');
}

function notSettled(
  name: string,
  expected: string,
  seen: readonly Endpoint[],
  startedAt: number,
  { namespace }: StepContext,
): Judgement {
  const slices = `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name} -o wide`;
  const compare = `kubectl -n ${namespace} get service ${name} -o jsonpath='{.spec.selector}'; kubectl -n ${namespace} get pods --show-labels`;
  return judgement({
    verdict: 'failed',
    place: 'api',
    subject: name,
    startedAt,
    findings: [
      {
        what: 'endpoints',
        expected,
        observed: words(seen),
        verdict: 'failed',
        why: {
          en: 'A Service finds its pods by labels only: compare its selector with the labels of the pods, and look whether they are ready.',
          ja: 'Service は Pod をラベルだけで探します。セレクタと Pod のラベル、Pod が Ready かどうかを確認してください。',
        },
      },
    ],
    evidence: [evidence('api', slices, JSON.stringify(seen, undefined, 2))],
    next: [{ en: `Compare labels: ${compare}`, ja: `ラベルを比べてください: ${compare}` }],
  });
}
