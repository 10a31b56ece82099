import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PilabError, messageOf } from '../errors.js';
import type { Text } from '../text.js';

/** The parts of the chapter by their letter, in its order. */
export const SECTIONS: Readonly<Record<string, Text>> = {
  A: { en: 'Pod network', ja: 'Pod ネットワーク' },
  B: { en: 'ClusterIP', ja: 'ClusterIP' },
  C: { en: 'kube-proxy', ja: 'kube-proxy' },
  D: { en: 'Environment variables', ja: '環境変数' },
  E: { en: 'DNS', ja: 'DNS' },
  F: { en: 'ExternalIP', ja: 'ExternalIP' },
  G: { en: 'NodePort', ja: 'NodePort' },
  H: { en: 'Traffic policy and health port', ja: 'トラフィックポリシーとヘルスチェック用ポート' },
  I: { en: 'LoadBalancer', ja: 'LoadBalancer' },
  J: { en: 'Session affinity', ja: 'セッションアフィニティ' },
  K: { en: 'Headless', ja: 'Headless' },
  L: { en: 'ExternalName', ja: 'ExternalName' },
  N: { en: 'No selector', ja: 'セレクタなし' },
  O: { en: 'Ingress', ja: 'Ingress' },
  P: { en: 'Topology', ja: 'トポロジー' },
  T: { en: 'Traps', ja: '落とし穴' },
};

const claimSchema = z.strictObject({
  /** `B05`: section letter and number. */
  id: z.string().regex(/^[A-Z]\d\d$/),
  section: z.enum(Object.keys(SECTIONS)),
  /** What a learner can see happen. */
  text: z.strictObject({ en: z.string().min(1), ja: z.string().min(1) }),
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

/** Where an id that no claim has was meant to lead: its section's ids, or the sections. */
export function claimHint(id: string, claims: Claims): string {
  const section = id.charAt(0);
  const ids = [...claims.values()].filter((claim) => claim.section === section).map((claim) => claim.id);
  return ids.length > 0
    ? `section ${section} has ${ids[0] ?? ''} to ${ids.at(-1) ?? ''}`
    : `sections: ${Object.keys(SECTIONS).join(', ')}`;
}
