import { judgeRejection } from '../check/rejection.js';
import type { StepOf } from '../playbook/schema.js';
import type { KubeObject } from '../ports/cluster.js';
import { isRefusal } from './apply.js';
import type { StepContext, StepResult } from './context.js';
import { evidence, judgement } from './judgement.js';
import { objectRef } from './kinds.js';
import { filled, filledParts, putValues } from './lookup.js';
import { labManifest } from './manifest.js';

/** Makes an API call that must be refused (or, as a control, accepted) and judges what the server said. */
export async function tryStep(step: StepOf<'try'>, context: StepContext): Promise<StepResult> {
  const startedAt = performance.now();
  const { namespace, info } = context;
  const answers: string[] = [];
  let rejection: { status: number; reason: string; message: string } | undefined;
  try {
    answers.push(...(await callApi(step, context)));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    rejection = { status: error.status, reason: error.reason, message: error.message };
  }
  const expect =
    'rejected' in step.expect ? { ...step.expect, rejected: await filled(step.expect.rejected, context) } : step.expect;
  const judged = judgeRejection(expect, rejection);
  const output =
    rejection === undefined ? answers.join('\n') : `${rejection.status} ${rejection.reason}: ${rejection.message}`;
  const command = info.command.replaceAll('${namespace}', namespace);
  return {
    judgements: [
      judgement({
        ...judged,
        place: 'api',
        subject: step.apply ?? step.create ?? step.patch ?? '',
        startedAt,
        evidence: [evidence('api', command, output)],
      }),
    ],
  };
}

async function callApi(step: StepOf<'try'>, context: StepContext): Promise<string[]> {
  const { cluster, namespace, signal, playbook } = context;
  const options = { signal, dryRun: step.dryRun ?? false };
  if (step.patch !== undefined) {
    const ref = objectRef(await filled(step.patch, context), namespace);
    return [nameOf(await cluster.patch(ref, await filledParts(step.with ?? {}, context), options))];
  }
  const done: string[] = [];
  for (const document of playbook.manifests.get(step.apply ?? step.create ?? '') ?? []) {
    const object = labManifest(document, context);
    await putValues(object, step.set ?? {}, context);
    done.push(
      nameOf(
        step.create === undefined
          ? (await cluster.apply(object, options)).object
          : await cluster.create(object, options),
      ),
    );
  }
  return done;
}

function nameOf(object: KubeObject): string {
  return `${object.kind ?? ''}/${object.metadata?.name ?? ''} accepted`;
}
