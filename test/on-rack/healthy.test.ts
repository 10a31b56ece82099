import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../../src/event/record.js';
import { finish, judged, leftovers, pilab, stepsThat, verify } from './rack.js';

describe('on a healthy cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pilab-'));
  const [record, junit, json] = ['run.ndjson', 'run.xml', 'run.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];

  it('both playbooks pass, and the record and the reports say so', async () => {
    const options = ['--record', record, '--junit', junit, '--json', json];
    const run = await verify(['pod-network', 'clusterip'], undefined, options);
    expect(stepsThat(run, 'failed')).toEqual([]);
    expect(stepsThat(run, 'inconclusive')).toEqual([]);
    expect(run.exitCode).toBe(0);
    expect(finish(run)).toMatchObject({ verdict: 'passed', interrupted: false });
    expect(await leftovers()).toBe('');

    const kept = decodeRecord(record, readFileSync(record, 'utf8'));
    expect(kept.cut).toBe(false);
    expect(kept.events).toEqual(run.events);
    const suites = (new XMLParser({ ignoreAttributes: false }).parse(readFileSync(junit, 'utf8')) as JUnit).testsuites;
    expect(Number(suites['@_failures'])).toBe(0);
    expect(Number(suites['@_tests'])).toBe(finish(run).steps.passed + finish(run).steps.skipped);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ version: 1, verdict: 'passed' });

    // A thousand requests, each judged: nobody answered who should not, nobody was silent.
    const [spread] = judged(run, 'A thousand requests spread evenly').map((each) => each.spread);
    expect(spread).toMatchObject({ total: 1000, unexpected: [] });
    expect(Object.values(spread?.counts ?? {})).toHaveLength(3);
  });

  it('a step of another proxy mode is skipped with its reason, never passed', async () => {
    const { events } = decodeRecord(record, readFileSync(record, 'utf8'));
    const skipped = events.filter((event) => event.type === 'judged' && event.judgement.verdict === 'skipped');
    expect(skipped.length).toBeGreaterThan(0);
    for (const event of skipped) {
      expect(event).toMatchObject({
        judgement: { findings: [{ observed: expect.stringContaining('proxy mode') as string }] },
      });
    }
    await Promise.resolve();
  });

  it('the plain display tells it without control codes when it is piped', async () => {
    const { stdout, exitCode } = await pilab('verify', 'pod-network', '--lab', 'rack', '--lang', 'ja');
    expect(exitCode).toBe(0);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/\u001B|\r/);
    expect(stdout).toContain('Podネットワーク');
  });

  it('there is nothing to clean afterwards', async () => {
    expect(await pilab('clean', '--lab', 'rack')).toMatchObject({ exitCode: 0, stdout: 'Nothing is left of any run.' });
  });
});

interface JUnit {
  readonly testsuites: Readonly<Record<string, unknown>>;
}
