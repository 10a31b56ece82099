import { judgeRejection } from '../check/rejection.js';
import type { StepOf } from '../playbook/schema.js';
import type { KubeObject, Written } from '../ports/cluster.js';
import { isRefusal } from './apply.js';
import type { StepContext, StepResult } from './context.js';
import { evidence, judgement } from './judgement.js';
import { objectRef } from './kinds.js';
import { filled, filledParts, putValues } from './lookup.js';
import { takesValues } from '../playbook/manifest.js';
import { labManifest } from './manifest.js';

/** Makes an API call that must be refused (or, as a control, accepted) and judges what the server said. */
export async function tryStep(step: StepOf<'try'>, context: StepContext): Promise<StepResult> {
  const startedAt = performance.now();
  const { namespace, info } = context;
  let written: Written[] = [];
  let rejection: { status: number; reason: string; message: string } | undefined;
  try {
    written = await callApi(step, context);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    rejection = { status: error.status, reason: error.reason, message: error.message };
  }
  const expect = await filled(step.expect, context);
  const warnings = written.flatMap((each) => each.warnings);
  const judged = judgeRejection(expect, rejection, warnings);
  const output =
    rejection === undefined
      ? [...warnings.map((each) => `Warning: ${each}`), ...written.map(({ object }) => nameOf(object))].join('\n')
      : `${rejection.status} ${rejection.reason}: ${rejection.message}`;
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

async function callApi(step: StepOf<'try'>, context: StepContext): Promise<Written[]> {
  const { cluster, namespace, signal, playbook } = context;
  const options = { signal, dryRun: step.dryRun ?? false };
  if (step.patch !== undefined) {
    const ref = objectRef(await filled(step.patch, context), namespace);
    return [await cluster.patch(ref, await filledParts(step.with ?? {}, context), options)];
  }
  const done: Written[] = [];
  const documents = playbook.manifests.get(step.apply ?? step.create ?? '') ?? [];
  for (const document of documents) {
    const object = labManifest(document, context);
    if (takesValues(document, documents)) await putValues(object, step.set ?? {}, context);
    const write = step.create === undefined ? cluster.apply.bind(cluster) : cluster.create.bind(cluster);
    done.push(await write(object, options));
  }
  return done;
}

function nameOf(object: KubeObject): string {
  return `${object.kind ?? ''}/${object.metadata?.name ?? ''} accepted`;
}
