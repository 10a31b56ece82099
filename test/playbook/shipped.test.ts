import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SECTIONS } from '../../src/playbook/claims.js';
import { playbookJsonSchema } from '../../src/playbook/json-schema.js';
import { SHIPPED, listPlaybooks, loadClaims, loadPlaybooks } from '../../src/playbook/library.js';
import { parseManifest } from '../../src/playbook/manifest.js';
import type { Step } from '../../src/playbook/schema.js';

const claimsOf = (step: Step): readonly string[] =>
  step.kind === 'probe' ? step.probe : step.kind === 'check' ? step.check : step.kind === 'try' ? step.try : [];
const hasNotes = ({ notes }: Step): boolean => notes !== undefined;
const numbered = (section: string, to: number): string[] =>
  Array.from({ length: to }, (_, index) => `${section}${String(index + 1).padStart(2, '0')}`);

describe('the shipped playbooks', () => {
  it('load without a problem, all by default', async () => {
    const playbooks = await loadPlaybooks([]);
    expect(playbooks.map(({ name }) => name)).toEqual(await listPlaybooks());
    expect(playbooks.map(({ name }) => name)).toEqual(expect.arrayContaining(['clusterip', 'pod-network']));
  });

  it.each([
    ['pod-network', numbered('A', 8)],
    ['headless', numbered('K', 16)],
    ['externalname', numbered('L', 8)],
    ['none-selector', numbered('N', 9)],
    ['clusterip clusterip-variants selector-mismatch', numbered('B', 22)],
    ['kube-proxy', [...numbered('C', 7), 'B12']],
    ['discovery-env', numbered('D', 7)],
    ['dns dns-outside', [...numbered('E', 16), 'T09', 'T11']],
  ])('%s prove every claim of their section', async (names, claims) => {
    const playbooks = await loadPlaybooks(names.split(' '));
    expect(playbooks.flatMap(({ steps }) => steps.flatMap(claimsOf))).toEqual(expect.arrayContaining(claims));
  });

  it('have a title in both languages on every step', async () => {
    for (const { steps, title } of await loadPlaybooks([])) {
      const told = steps.flatMap(({ say, notes }) => [say ?? [], notes ?? []].flat());
      for (const text of [title, ...steps.map((step) => step.title), ...told]) {
        expect(text?.ja).not.toBe(text?.en);
        expect(text?.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
      }
    }
  });

  it('have notes for the presenter at two steps or more', async () => {
    const noted = (await loadPlaybooks([])).map(({ name, steps }) => ({ name, notes: steps.filter(hasNotes).length }));
    expect(noted.filter(({ notes }) => notes < 2)).toEqual([]);
  });

  it('are valid for editors, and a mistyped key is not', async () => {
    const validate = new Ajv2020({ strict: false }).compile(playbookJsonSchema());
    for (const name of await listPlaybooks()) {
      const data = parse(await readFile(join(SHIPPED.playbooks, `${name}.yaml`), 'utf8')) as { steps: object[] };
      expect(validate(data), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
      expect(validate({ ...data, steps: [{ ...data.steps[0], tilte: 'x' }] })).toBe(false);
    }
  });
});

/** Samples of the chapter for kubectl only: the answers of these servers name no sender, so no playbook can judge them. */
const BY_HAND_ONLY = ['hostnames.yaml'];

describe('the shipped manifests', () => {
  it('are used, whole, and without a namespace, so that kubectl apply works as it stands', async () => {
    const used = new Set((await loadPlaybooks([])).flatMap(({ manifests }) => [...manifests.keys()]));
    for (const file of BY_HAND_ONLY) expect(used).not.toContain(file);
    for (const file of await readdir(SHIPPED.manifests)) {
      if (!BY_HAND_ONLY.includes(file)) expect(used).toContain(file);
      const text = await readFile(join(SHIPPED.manifests, file), 'utf8');
      expect(text).toMatch(/^# /);
      const { documents, problems } = parseManifest(file, text);
      expect(problems).toEqual([]);
      for (const document of documents) expect(document.metadata['namespace']).toBeUndefined();
    }
  });

  it('bring the configuration that their pods mount, the same in each file', async () => {
    const configs = new Map<string, string>();
    for (const file of await readdir(SHIPPED.manifests)) {
      const { documents } = parseManifest(file, await readFile(join(SHIPPED.manifests, file), 'utf8'));
      const own = new Set<string>();
      for (const document of documents.filter(({ kind }) => kind === 'ConfigMap')) {
        const data = JSON.stringify(document['data']);
        const { name } = document.metadata;
        own.add(name);
        expect(configs.get(name) ?? data).toBe(data);
        configs.set(name, data);
      }
      for (const [, name = ''] of JSON.stringify(documents).matchAll(/"configMap":\{"name":"([^"]+)"/g))
        expect(own).toContain(name);
    }
  });
});

describe('the claims', () => {
  it('are in both languages, each in a section of the chapter', async () => {
    const claims = [...(await loadClaims()).values()];
    expect(claims).toHaveLength(172);
    expect(claims.filter(({ id, section }) => id.charAt(0) !== section)).toEqual([]);
    expect(new Set(claims.map(({ section }) => section))).toEqual(new Set(Object.keys(SECTIONS)));
    for (const { text } of claims) {
      expect(text.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
      expect(text.en).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    }
    // A text that stands alone in a table must not need its neighbour.
    expect(claims.filter(({ text }) => /[A-T]\d\d/.test(text.en + text.ja))).toEqual([]);
  });

  it.each(['en', 'ja'] as const)('say something different each (%s)', async (lang) => {
    const texts = [...(await loadClaims()).values()].map(({ text }) => text[lang]);
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
  });
});
