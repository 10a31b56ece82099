import { judgeEndpoints } from '../check/endpoints.js';
import { judgeFields } from '../check/fields.js';
import type { Judged } from '../check/judged.js';
import { judgeNewAddresses, judgePodNetwork } from '../check/pod-network.js';
import type { StepOf } from '../playbook/schema.js';
import type { StepContext, StepResult } from './context.js';
import { serviceView } from './backends.js';
import { evidence, judgement } from './judgement.js';
import { objectRef } from './kinds.js';
import { filled, filledList, podsWith } from './lookup.js';

/** Judges live objects. One look: whoever needs them to settle first has a `wait` step before. */
export async function checkStep(step: StepOf<'check'>, context: StepContext): Promise<StepResult> {
  const startedAt = performance.now();
  const { subject, judged, seen } = await look(step, context);
  const command = context.info.command.replace(/^kubectl (?!-n )/, `kubectl -n ${context.namespace} `);
  const proof = [evidence('api', command, JSON.stringify(seen, undefined, 2))];
  return { judgements: [judgement({ ...judged, place: 'api', subject, startedAt, evidence: proof })] };
}

interface Look {
  readonly subject: string;
  readonly judged: Judged;
  /** The objects that were judged. */
  readonly seen: unknown;
}

async function look(step: StepOf<'check'>, context: StepContext): Promise<Look> {
  const { cluster, namespace, signal } = context;
  if (step.endpoints !== undefined) {
    const { service, pods, slices } = await serviceView(step.endpoints.of, context);
    const { are } = step.endpoints;
    const expect = { ...step.endpoints, are: typeof are === 'string' ? are : await filledList(are, context) };
    const judged = judgeEndpoints(expect, { service, pods, slices, namespace });
    return { subject: `endpoints of ${step.endpoints.of}`, judged, seen: slices };
  }
  if (step.object !== undefined) {
    const name = await filled(step.object, context);
    const home = step.in === undefined ? namespace : await filled(step.in, context);
    const object = await cluster.get(objectRef(name, home), signal);
    const judged = judgeFields(name, object, await filled(step.fields ?? {}, context), { namespace: home });
    return { subject: name, judged, seen: object };
  }
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
