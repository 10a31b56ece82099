import type { Judged } from '../check/judged.js';
import { judged } from '../check/judged.js';
import { judgeFields } from '../check/fields.js';
import { existsFinding, judgeCount, judgeEvents, type EventView } from '../check/objects.js';
import type { StepOf } from '../playbook/schema.js';
import { PilabError } from '../errors.js';
import type { StepContext } from './context.js';
import { objectRef } from './kinds.js';
import { filled } from './lookup.js';

/** What a check looked at. */
export interface Look {
  readonly subject: string;
  readonly judged: Judged;
  /** The objects that were judged. */
  readonly seen: unknown;
}

/** Events are written by and by, some of them after the change that they tell of. */
const EVENTS_LIMIT_MS = 10_000;

/** One object: is it there, and are its fields as they should be? */
export async function lookAtObject(step: StepOf<'check'>, named: string, context: StepContext): Promise<Look> {
  const { cluster, signal } = context;
  const name = await filled(named, context);
  const namespace = await namespaceOf(step, context);
  const object = await cluster.get(objectRef(name, namespace), signal);
  const found = step.exists === undefined ? [] : [existsFinding(name, step.exists, object)];
  if (step.fields === undefined) return { subject: name, judged: judged(found), seen: object ?? null };
  const fields = judgeFields(name, object, await filled(step.fields, context), { namespace });
  const all = judged([...found, ...fields.findings], () => fields.next);
  return { subject: name, judged: all, seen: object ?? null };
}

/** How many objects of a kind there are. */
export async function lookAtObjects(
  step: StepOf<'check'>,
  objects: NonNullable<StepOf<'check'>['objects']>,
  context: StepContext,
): Promise<Look> {
  const { cluster, signal } = context;
  const { kind: word, labels, count } = await filled(objects, context);
  // A kind outside namespaces has none in its reference.
  const { apiVersion, kind, namespace } = objectRef(`${word}/`, await namespaceOf(step, context));
  const found = await cluster.list(
    {
      apiVersion,
      kind,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labelSelector: labels }),
    },
    signal,
  );
  const place = namespace === undefined ? '' : `-n ${namespace} `;
  const command = `kubectl ${place}get ${word}${labels === undefined ? '' : ` -l ${labels}`}`;
  const seen = found.map(({ metadata }) => metadata?.name);
  return { subject: `${word} objects`, judged: judgeCount(Number(count), found, command), seen };
}

/** Waits a little for the reasons, and judges what was told by then. */
export async function lookAtEvents(
  expected: NonNullable<StepOf<'check'>['events']>,
  timeoutMs: number | undefined,
  context: StepContext,
): Promise<Look> {
  const { cluster, namespace, signal } = context;
  const { of, reasons } = await filled(expected, context);
  const { kind, name } = objectRef(of, namespace);
  const query = { apiVersion: 'v1', kind: 'Event', namespace, fieldSelector: `involvedObject.name=${name}` };
  let events: EventView[] = [];
  try {
    await cluster.waitFor(
      query,
      (found) => {
        events = (found as readonly EventView[]).filter(
          ({ involvedObject: about }) => about?.kind === kind && about.name === name,
        );
        return reasons.every((reason) => events.some((event) => event.reason === reason)) ? true : undefined;
      },
      { timeoutMs: timeoutMs ?? EVENTS_LIMIT_MS, signal },
    );
  } catch (error) {
    // Not told within the limit: that is what was seen, and is judged below.
    if (!(error instanceof PilabError) || error.code !== 'CLUSTER_WAIT_TIMEOUT') throw error;
  }
  const seen = events.map(({ reason, message }) => ({ reason, message }));
  return { subject: `events of ${of}`, judged: judgeEvents(of, reasons, events, { namespace }), seen };
}

async function namespaceOf(step: StepOf<'check'>, context: StepContext): Promise<string> {
  return step.in === undefined ? context.namespace : filled(step.in, context);
}
