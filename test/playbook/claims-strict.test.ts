import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../src/plan/plan.js';
import { loadClaims, loadPlaybooks, loadUnproven } from '../../src/playbook/library.js';

describe('every claim', () => {
  it('is cited by a step of a shipped playbook, or it is said why none can prove it; never both', async () => {
    const [claims, unproven, playbooks] = await Promise.all([loadClaims(), loadUnproven(), loadPlaybooks([])]);
    const cited = new Set(playbooks.flatMap(({ steps }) => steps.flatMap(claimsOf)));
    const ids = [...claims.keys()];
    expect({
      uncovered: ids.filter((id) => !cited.has(id) && !unproven.has(id)),
      both: ids.filter((id) => cited.has(id) && unproven.has(id)),
      unknown: [...unproven.keys()].filter((id) => !claims.has(id)),
    }).toEqual({ uncovered: [], both: [], unknown: [] });
  });

  it('of the chapter is mostly proven: at least 150', async () => {
    const cited = new Set((await loadPlaybooks([])).flatMap(({ steps }) => steps.flatMap(claimsOf)));
    expect(cited.size).toBeGreaterThanOrEqual(150);
  });
});
