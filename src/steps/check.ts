import { judgeEndpoints } from '../check/endpoints.js';
import { judgeNewAddresses, judgePodNetwork } from '../check/pod-network.js';
import type { StepOf } from '../playbook/schema.js';
import type { StepContext, StepResult } from './context.js';
import { serviceView } from './backends.js';
import { evidence, judgement } from './judgement.js';
import { lookAtEvents, lookAtObject, lookAtObjects, type Look } from './look-objects.js';
import { filledList, podsWith } from './lookup.js';

/** Judges live objects. One look, but for events: whoever needs objects to settle first has a `wait` step before. */
export async function checkStep(step: StepOf<'check'>, context: StepContext): Promise<StepResult> {
  const startedAt = performance.now();
  const { subject, judged, seen } = await look(step, context);
  const command = context.info.command.replace(/^kubectl (?!-n )/, `kubectl -n ${context.namespace} `);
  const proof = [evidence('api', command, JSON.stringify(seen, undefined, 2))];
  return { judgements: [judgement({ ...judged, place: 'api', subject, startedAt, evidence: proof })] };
}

async function look(step: StepOf<'check'>, context: StepContext): Promise<Look> {
  const { namespace } = context;
  if (step.endpoints !== undefined) {
    const { service, pods, slices } = await serviceView(step.endpoints.of, context);
    const { are } = step.endpoints;
    const expect = { ...step.endpoints, are: typeof are === 'string' ? are : await filledList(are, context) };
    const judged = judgeEndpoints(expect, { service, pods, slices, namespace });
    return { subject: `endpoints of ${step.endpoints.of}`, judged, seen: slices };
  }
  if (step.object !== undefined) return lookAtObject(step, step.object, context);
  if (step.objects !== undefined) return lookAtObjects(step, step.objects, context);
  if (step.events !== undefined) return lookAtEvents(step.events, step.timeout, context);
  if (step.newAddresses !== undefined) {
    const pods = await podsWith(step.newAddresses.of, context);
    const before = await filledList([step.newAddresses.since], context);
    return {
      subject: `addresses of ${step.newAddresses.of}`,
      judged: judgeNewAddresses(pods, before),
      seen: { before, now: pods.map((pod) => pod.ip) },
    };
  }
  const of = step.podNetwork?.of ?? '';
  const pods = await podsWith(of, context);
  const nodes = context.facts.nodes;
  return { subject: 'pod segments', judged: judgePodNetwork(nodes, pods), seen: { nodes, pods } };
}
