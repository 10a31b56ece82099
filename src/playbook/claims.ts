import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PilabError, messageOf } from '../errors.js';

const claimSchema = z.strictObject({
  /** `B05`: section letter and number. */
  id: z.string().regex(/^[A-Z]\d\d$/),
  section: z.string().length(1),
  /** What a learner can see happen. Japanese comes with the section's exercises. */
  text: z.strictObject({ en: z.string().min(1), ja: z.string().min(1).optional() }),
});

/** Something the chapter says that a learner can see happen. */
export type Claim = Readonly<z.output<typeof claimSchema>>;

/** Every known claim by its id. */
export type Claims = ReadonlyMap<string, Claim>;

/** Reads a file of claims. @throws PilabError `CLAIMS_INVALID`: the installation is damaged. */
export async function readClaims(file: string): Promise<Claims> {
  try {
    const claims = z.array(claimSchema).parse(JSON.parse(await readFile(file, 'utf8')));
    return new Map(claims.map((claim) => [claim.id, claim]));
  } catch (error) {
    throw new PilabError({
      code: 'CLAIMS_INVALID',
      message: `${file}: the list of claims cannot be read: ${messageOf(error)}`,
      hint: 'install pilab again',
      cause: error,
    });
  }
}
