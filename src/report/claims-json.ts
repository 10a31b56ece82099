import type { ClaimResult } from '../event/claim-results.js';
import type { Text } from '../text.js';
import { countStandings, standingOf, type ClaimRow, type ClaimStanding, type ProvingStep } from './claims.js';

/** The table of claims for programs. Keys are only ever added within a version. */
export interface ClaimsJson {
  readonly version: 1;
  readonly counts: Readonly<Record<ClaimStanding, number>>;
  readonly claims: readonly {
    readonly id: string;
    readonly section: string;
    readonly text: Text;
    readonly standing: ClaimStanding;
    readonly steps: readonly ProvingStep[];
    /** `null`: no run is known that has it. */
    readonly last: ClaimResult | null;
    /** `null`: nobody says that it cannot be proven. */
    readonly unproven: { readonly kind: string; readonly reason: Text } | null;
  }[];
}

export function claimsJson(rows: readonly ClaimRow[]): ClaimsJson {
  return {
    version: 1,
    counts: countStandings(rows),
    claims: rows.map((row) => ({
      id: row.id,
      section: row.section.id,
      text: row.text,
      standing: standingOf(row),
      steps: row.steps,
      last: row.last ?? null,
      unproven: row.unproven ?? null,
    })),
  };
}
