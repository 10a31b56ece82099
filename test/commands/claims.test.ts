import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeEvent } from '../../src/event/record.js';
import type { RunEvent } from '../../src/event/event.js';
import { sampleRun } from '../event/sample.js';
import { home, pilab } from './pilab.js';

const RUN = '20261126-110749-3f9a';

function text(events: readonly RunEvent[]): string {
  return events.map(encodeEvent).join('');
}

/** Somebody whose state folder holds these records. */
async function homeWith(records: Readonly<Record<string, string>>): Promise<string> {
  const root = await home();
  const folder = join(root, 'state', 'pilab', 'runs');
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(records)) await writeFile(join(folder, name), content);
  return root;
}

interface Json {
  readonly counts: Readonly<Record<string, number>>;
  readonly claims: readonly {
    readonly id: string;
    readonly standing: string;
    readonly last: { readonly verdict: string; readonly run: string } | null;
    readonly steps: readonly { readonly playbook: string; readonly step: number; readonly where: string }[];
  }[];
}

async function claims(root: string, ...args: string[]): Promise<{ json: Json; stderr: string }> {
  const { exitCode, stdout, stderr } = await pilab(root, ['claims', '--display', 'json', ...args]);
  expect(exitCode).toBe(0);
  return { json: JSON.parse(stdout) as Json, stderr };
}

describe('pilab claims', { timeout: 30_000 }, () => {
  it('lists all claims with their steps before anything was run', async () => {
    const { json, stderr } = await claims(await home());
    expect(stderr).toBe('');
    expect(json.claims).toHaveLength(172);
    expect(json.counts).toMatchObject({ proven: 0, failed: 0 });
    const step = json.claims.find(({ id }) => id === 'B21')?.steps[0];
    expect(step?.playbook).toBe('clusterip');
    expect(step?.where).toMatch(/clusterip\.yaml:\d+$/);
  });

  it('says what the last run found, in the state folder or in another one', async () => {
    const root = await homeWith({ [`${RUN}.ndjson`]: text(sampleRun()) });
    const { json } = await claims(root, 'B01', 'b05', 'B06');
    expect(json.claims.map(({ id, standing }) => [id, standing])).toEqual([
      ['B01', 'proven'],
      ['B05', 'failed'],
      ['B06', 'proven'],
    ]);
    expect(json.claims[0]?.last?.run).toBe(RUN);
    const elsewhere = await claims(root, 'B01', '--records', join(root, 'state'));
    expect(elsewhere.json.claims[0]).toMatchObject({ standing: 'notRun', last: null });
  });

  it('warns of records that it cannot read, and goes on with the others', async () => {
    const whole = text(sampleRun());
    const root = await homeWith({
      'cut.ndjson': whole.slice(0, -20),
      'garbage.ndjson': 'no record\n',
      'newer.ndjson': whole.replaceAll('"v":1', '"v":2'),
      'empty.ndjson': '',
      'notes.txt': 'not even looked at',
    });
    const { json, stderr } = await claims(root, 'B01');
    expect(json.claims[0]?.standing).toBe('proven');
    expect(stderr.split('\n').map((line) => line.replace(/^pilab: warning: .*\/runs\//, ''))).toEqual([
      'cut.ndjson: the last line is cut; the rest counts',
      'garbage.ndjson:1: not an event of a run: no JSON object',
      'newer.ndjson:1: record format 2; this pilab reads format 1',
    ]);
  });

  it('takes sections, in both languages, without colour and within 80 columns when piped', async () => {
    const root = await home();
    const [en, ja] = await Promise.all([
      pilab(root, ['claims', 'P', 'B22']),
      pilab(root, ['claims', 'P'], { LANG: 'ja_JP.UTF-8' }),
    ]);
    expect(en.stdout).toMatch(/^B {4}ClusterIP/);
    expect(en.stdout.match(/^[BP]\d\d/gm)).toEqual(['B22', 'P01', 'P02', 'P03']);
    expect(ja.stdout).toContain('トポロジー');
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(en.stdout + ja.stdout).not.toMatch(/\u001b/);
  });

  it.each([
    [['B55'], 'there is no claim "B55"; section B has B01 to B22'],
    [['zz', 'A99'], 'there is no claim "ZZ"; sections: A, B, C'],
    [['zz', 'A99'], 'there is no claim "A99"; section A has A01 to A08'],
  ])('%j is bad input, with what is there', async (args, words) => {
    const { exitCode, stdout, stderr } = await pilab(await home(), ['claims', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/\[CLAIM_NOT_FOUND\]$/);
  });

  it('refuses a folder of records that is not there, when it was asked for', async () => {
    const { exitCode, stderr } = await pilab(await home(), ['claims', '--records', 'nowhere']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/ENOENT.*nowhere/);
    expect(stderr).toMatch(/\[RECORDS_UNREADABLE\]$/);
  });
});
