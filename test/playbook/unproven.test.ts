import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadClaims, loadUnproven } from '../../src/playbook/library.js';
import { readUnproven } from '../../src/playbook/unproven.js';
import { folder } from './folders.js';

describe('the claims that cannot be proven', () => {
  it('exist, and say why in both languages', async () => {
    const claims = await loadClaims();
    const unproven = await loadUnproven();
    expect(unproven.size).toBeGreaterThan(0);
    for (const [id, { reason }] of unproven) {
      expect(claims.has(id), id).toBe(true);
      expect(reason.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
      expect(reason.en).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
      // Another claim may be pointed at, one that exists.
      const named = [...`${reason.en} ${reason.ja}`.matchAll(/\b[A-T]\d\d\b/g)].map(([word]) => word);
      for (const other of named) expect(claims.has(other) && !unproven.has(other), other).toBe(true);
    }
  });

  it('are refused when the file is damaged', async () => {
    const entry = { claim: 'G09', kind: 'control-plane', reason: { en: 'a', ja: 'あ' } };
    const root = await folder({
      'good.json': JSON.stringify([entry]),
      'kind.json': JSON.stringify([{ ...entry, kind: 'lazy' }]),
      'half.json': '[{',
    });
    expect((await readUnproven(join(root, 'good.json'))).get('G09')).toEqual(entry);
    for (const name of ['kind.json', 'half.json', 'none.json']) {
      await expect(readUnproven(join(root, name))).rejects.toMatchObject({ code: 'UNPROVEN_INVALID' });
    }
  });
});
