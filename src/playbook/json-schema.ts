import { z } from 'zod';
import { STEP_KINDS, playbookHeader, probeSchemas, stepSchemas } from './schema.js';

/** JSON Schema (draft 2020-12) of a playbook file, for editors: what a person writes, before defaults are filled in. */
export function playbookJsonSchema(): Record<string, unknown> {
  const others = STEP_KINDS.filter((kind) => kind !== 'probe').map((kind) => stepSchemas[kind]);
  const step = z.union([...others, ...Object.values(probeSchemas)]);
  const file = playbookHeader.extend({ steps: z.array(step).min(1) });
  return { ...z.toJSONSchema(file, { io: 'input' }), title: 'pilab playbook' };
}
