import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PilabError, messageOf } from '../errors.js';

/** What keeps a claim from being proven; `trap`: no fact about a cluster, but one that pilab and its manifests honour. */
export const UNPROVEN_KINDS = [
  'proxy-mode',
  'version',
  'cni',
  'cloud',
  'hardware',
  'control-plane',
  'opinion',
  'trap',
] as const;

const unprovenSchema = z.strictObject({
  claim: z.string(),
  kind: z.enum(UNPROVEN_KINDS),
  /** Half a sentence, beside the claim's text. */
  reason: z.strictObject({ en: z.string().min(1), ja: z.string().min(1) }),
});

/** Why no step proves a claim. */
export type Unproven = Readonly<z.output<typeof unprovenSchema>>;

/**
 * Reads the file of the claims that no playbook can prove: claim id → why.
 * @throws PilabError `UNPROVEN_INVALID`: the installation is damaged
 */
export async function readUnproven(file: string): Promise<ReadonlyMap<string, Unproven>> {
  try {
    const entries = z.array(unprovenSchema).parse(JSON.parse(await readFile(file, 'utf8')));
    return new Map(entries.map((entry) => [entry.claim, entry]));
  } catch (error) {
    throw new PilabError({
      code: 'UNPROVEN_INVALID',
      message: `${file}: the list of claims that cannot be proven cannot be read: ${messageOf(error)}`,
      hint: 'install pilab again',
      cause: error,
    });
  }
}
