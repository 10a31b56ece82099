import type { StepOf } from '../playbook/schema.js';
import { PilabError } from '../errors.js';
import type { ObjectRef } from '../ports/cluster.js';
import { readyPods } from '../model/pods.js';
import { isRefusal, refused } from './apply.js';
import type { StepContext, StepResult } from './context.js';
import { judgement } from './judgement.js';
import { objectRef } from './kinds.js';
import { filled, filledParts } from './lookup.js';

/** How long deleted objects may take to go away. */
const GONE_LIMIT_MS = 30_000;

/** Deletes objects and waits until the API no longer has them. */
export async function deleteStep(step: StepOf<'delete'>, context: StepContext): Promise<StepResult> {
  return change(step.delete.join(', '), `kubectl -n ${context.namespace} delete ${step.delete.join(' ')}`, async () => {
    await Promise.all(
      step.delete.map(async (name) => {
        const ref = await target(await filled(name, context), context);
        const { signal, cluster } = context;
        await cluster.delete(ref, { signal });
        await cluster.waitFor(
          { ...ref, fieldSelector: `metadata.name=${ref.name}` },
          (found) => (found.length === 0 ? true : undefined),
          { timeoutMs: step.timeout ?? GONE_LIMIT_MS, signal, describe: () => `${name} is still there` },
        );
      }),
    );
  });
}

/**
 * `pod/LABEL=VALUE` is the first ready pod that matches; anything else is a name.
 * @throws PilabError `STEP_NO_POD`: to delete nothing would look like success
 */
async function target(name: string, context: StepContext): Promise<ObjectRef> {
  const { cluster, namespace, signal } = context;
  const ref = objectRef(name, namespace);
  if (!ref.name.includes('=')) return ref;
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: ref.name }, signal);
  const [pod] = readyPods(pods);
  if (pod !== undefined) return { ...ref, name: pod.name };
  throw new PilabError({
    code: 'STEP_NO_POD',
    message: `no ready pod in ${namespace} matches ${ref.name}`,
    hint: `kubectl -n ${namespace} get pods -l ${ref.name} -o wide`,
    exitCode: 3,
  });
}

/** Sets the number of replicas. */
export function scaleStep(step: StepOf<'scale'>, context: StepContext): Promise<StepResult> {
  const command = `kubectl -n ${context.namespace} scale ${step.scale} --replicas=${step.replicas}`;
  return change(step.scale, command, async () => {
    const ref = objectRef(await filled(step.scale, context), context.namespace);
    await context.cluster.patch(ref, { spec: { replicas: step.replicas } }, { signal: context.signal });
  });
}

/** Changes a live object. */
export function patchStep(step: StepOf<'patch'>, context: StepContext): Promise<StepResult> {
  const command = `kubectl -n ${context.namespace} patch ${step.patch} -p '${JSON.stringify(step.with)}'`;
  const { cluster, namespace, signal, emit, info } = context;
  return change(step.patch, command, async () => {
    const ref = objectRef(await filled(step.patch, context), namespace);
    const { warnings } = await cluster.patch(ref, await filledParts(step.with, context), { signal });
    for (const message of warnings) emit({ type: 'warning', step: info.id, message: `${step.patch}: ${message}` });
  });
}

/** A refusal of the change fails the step; without it the rest of the playbook has no ground. */
async function change(subject: string, command: string, work: () => Promise<void>): Promise<StepResult> {
  const startedAt = performance.now();
  try {
    await work();
  } catch (error) {
    if (isRefusal(error)) return refused(subject, command, error, startedAt);
    throw error;
  }
  return { judgements: [judgement({ verdict: 'passed', place: 'api', subject, startedAt })] };
}
