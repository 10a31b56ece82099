import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { stripVTControlCharacters } from 'node:util';
import type { RunEvent } from '../../src/event/event.js';
import { plainReporter } from '../../src/report/plain.js';
import { sampleRun, stamped, PLAYBOOK } from '../event/sample.js';
import { runOf } from '../event/side-by-side.js';
import { plainWrites } from './reports.js';

const plain = async (...args: Parameters<typeof plainWrites>): Promise<string> => (await plainWrites(...args)).join('');

describe('the plain display', () => {
  for (const lang of ['en', 'ja'] as const) {
    for (const columns of [80, 120]) {
      it(`shows a whole run in ${lang} at ${columns} columns`, async () => {
        await expect(await plain(sampleRun(), { lang, columns })).toMatchFileSnapshot(
          `snapshots/plain-${lang}-${columns}.txt`,
        );
      });
    }
  }

  it('shows an interrupted run, in ASCII and simulated', async () => {
    const text = await plain(sampleRun({ ending: 'interrupted', simulated: true }), { unicode: false });
    await expect(text).toMatchFileSnapshot('snapshots/plain-interrupted-ascii.txt');
    // The English texts of the sample have twins in ASCII, and so have all signs.
    // eslint-disable-next-line no-control-regex -- ASCII is what is meant
    expect(text).toMatch(/^[\u0000-\u007f]*$/);
  });

  it('shows a run that lost its cluster: the error, what to do, what is left', async () => {
    const text = await plain(sampleRun({ ending: 'broken' }));
    expect(text).toContain('The run ended early: CLUSTER_UNREACHABLE');
    expect(text).toContain('what to do: is the control plane up? ssh raspi001 sudo crictl ps');
    expect(text).toContain('Left on the cluster: namespace/pilab-clusterip-3f9a');
    expect(text).toContain('pilab clean');
    expect(text).toMatch(/! clusterip\/9 +Scale to zero \(the run ended here\)/);
  });

  it('says that a record ends before the run', async () => {
    expect(await plain(sampleRun().slice(0, 20))).toContain('The record ends in the middle of the run');
  });

  it('never says that all is well when a run without failures was interrupted', async () => {
    const events = stamped([
      [0, { ...startOf(), playbooks: [PLAYBOOK] }],
      [
        1,
        {
          type: 'run-finished',
          verdict: 'passed',
          steps: { passed: 3, failed: 0, inconclusive: 0, skipped: 0 },
          interrupted: true,
          exitCode: 130,
          durationMs: 9,
        },
      ],
    ]);
    const text = await plain(events);
    expect(text).toContain('Interrupted');
    expect(text).not.toContain('as it should be');
  });

  it('fits the screen at any width, in both languages, wherever the run stops', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 60, max: 140 }),
        fc.constantFrom('en' as const, 'ja' as const),
        fc.constantFrom('whole' as const, 'interrupted' as const, 'broken' as const),
        fc.nat({ max: 70 }),
        async (columns, lang, ending, length) => {
          const text = await plain(sampleRun({ ending }).slice(0, length), { columns, lang });
          expect(text.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('writes no control codes without colour and terminal, whatever a probe printed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (output) => {
        const events = sampleRun().map((event) =>
          event.type === 'judged' && event.judgement.verdict === 'failed'
            ? {
                ...event,
                judgement: {
                  ...event.judgement,
                  subject: output,
                  evidence: [{ place: 'pod', command: output, output }],
                },
              }
            : event,
        );
        // eslint-disable-next-line no-control-regex -- control characters are what is looked for
        expect(await plain(events)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 40 },
    );
  });

  it('lets no text of an event reach the terminal as a control code, whichever field it is in', async () => {
    for (const event of sampleRun({ ending: 'broken' }).keys()) {
      const events = sampleRun({ ending: 'broken' }).map((each, index) => (index === event ? hostile(each) : each));
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(await plain(events)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });

  it('names a pod that nobody expected as it calls itself, without its control codes', async () => {
    const text = await plain(withSpread({ 'a-1': 20, 'evil\u001b[2J\u009b1m': 5 }, ['evil\u001b[2J\u009b1m']));
    expect(text).toMatch(/^ +evil +5 +20\.0 % .*not expected$/m);
  });

  it('fits the screen when a stranger answers most, and in ASCII', async () => {
    for (const unicode of [true, false]) {
      for (let columns = 60; columns <= 140; columns += 5) {
        for (const events of [sampleRun(), withSpread({ 'sample-a-1': 1, stranger: 299 }, ['stranger'])]) {
          const text = await plain(events, { columns, unicode });
          expect(text.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
        }
      }
    }
  });

  it('says with colour nothing that it does not say without', async () => {
    const colored = await plain(sampleRun(), { color: true });
    expect(colored).toContain('\u001b[');
    expect(stripVTControlCharacters(colored)).toBe(await plain(sampleRun()));
  });

  it('leaves the same text on a terminal, once the live line has been taken back', async () => {
    const writes = await plainWrites(sampleRun(), { tty: true });
    expect(writes.some((text) => text.includes('412/1000') && text.includes('140 + 131 + 141'))).toBe(true);
    // What an erase takes back is everything before it on its line.
    const seen = writes
      .join('')
      .split('\n')
      .map((line) => line.split('\r\u001b[2K').at(-1));
    expect(seen.join('\n')).toBe(await plain(sampleRun()));
  });

  it('keeps the live line shorter than the screen', async () => {
    const writes = await plainWrites(sampleRun(), { tty: true, columns: 60, lang: 'ja' });
    const live = writes.filter((text) => !text.includes('\n')).map(stripVTControlCharacters);
    expect(live.length).toBeGreaterThan(5);
    expect(live.filter((text) => stringWidth(text.replace('\r', '')) > 59)).toEqual([]);
  });

  it('tells playbooks that run side by side one after the other, the first to begin as it goes', async () => {
    const events = runOf({
      one: { at: [1, 8, 13], steps: { a: 1, b: 6 } },
      two: { at: [1, 4, 9], steps: { c: 1, d: 2 } },
      three: { at: [4, 20, 25], steps: { e: 1, f: 15 } },
    });
    const heads = (text: string): string[] => text.match(/^(one|two|three) |^✓ +\d \w|cleaned up/gm) ?? [];
    const [one, two, three] = [
      ['one ', '✓   1 a', '✓   2 b', 'cleaned up'],
      ['two ', '✓   1 c', '✓   2 d', 'cleaned up'],
      ['three ', '✓   1 e', '✓   2 f', 'cleaned up'],
    ];
    expect(heads(await plain(events))).toEqual([...one, ...two, ...three]);
    // What has been told by the time that the second one is over, before the first is.
    const until = events.findIndex(({ ms, type }) => ms === 4000 && type === 'cleanup-started');
    expect(heads(written(events.slice(0, until + 1)))).toEqual(one.slice(0, 2));
  });

  it('tells also those that an interrupted run had not come to', async () => {
    const events = runOf({ one: { at: [1, 8, 13] }, two: { at: [1, 6, 11] } });
    const cut = events.filter(({ ms, type }) => ms < 7000 && type !== 'run-finished');
    expect(await plain(cut)).toMatch(/^two {2}About two$/m);
  });

  it('counts on the live line how many run, and what has failed in those that are told later', async () => {
    const drafts = { one: { at: [1, 9, 14] }, two: { at: [1, 5, 10], verdict: 'failed' } } as const;
    const writes = await plainWrites(runOf({ ...drafts, three: { at: [2, 9, 14] } }), { tty: true });
    const live = writes.filter((text) => !text.includes('\n')).map(stripVTControlCharacters);
    expect(live.some((text) => text.includes('[2 running] one 0/1 Look on'))).toBe(true);
    expect(live.some((text) => text.includes('✗ 1 [3 running] '))).toBe(true);
    expect(live.at(-1)).not.toContain('running');
  });

  it.each(['en', 'ja'] as const)('says what held the end back (%s)', async (lang) => {
    const locks = ['nodePort 30080'];
    const events = runOf({
      nodeport: { at: [1, 20, 26], locks },
      dns: { at: [1, 10, 16] },
      'session-affinity': { at: [26, 50, 55], locks, steps: { 'Wait twelve seconds': 12.1, Apply: 0.2 } },
    });
    const end = (await plain(events, { lang })).trimEnd().split('\n').slice(-3).join('\n');
    expect(end).toMatchSnapshot();
  });

  it('says nothing of it where playbooks ran one after the other, or alone', async () => {
    for (const events of [
      runOf({ a: { at: [1, 9, 14] }, b: { at: [14, 20, 25] } }),
      runOf({ a: { at: [1, 9, 14] } }),
    ]) {
      expect(await plain(events)).not.toContain('held back');
    }
  });
});

/** What stands there before the run is over. */
function written(events: readonly RunEvent[]): string {
  let text = '';
  const write = (more: string): void => void (text += more);
  const reporter = plainReporter({ columns: 80, color: false, unicode: true, tty: false, lang: 'en', write });
  for (const event of events) reporter.onEvent(event);
  return text;
}

function startOf(): Extract<ReturnType<typeof sampleRun>[number], { type: 'run-started' }> {
  const [start] = sampleRun();
  if (start?.type !== 'run-started') throw new Error('the sample begins with something else');
  return start;
}

/** The same event, with a control code in every text that is no word of the format and no id. */
function hostile(event: RunEvent): RunEvent {
  const fixed = new Set(['type', 'verdict', 'kind', 'role', 'id', 'step', 'playbook', 'name']);
  return JSON.parse(JSON.stringify(event), (key, value: unknown) =>
    typeof value === 'string' && !fixed.has(key) ? `${value}\u001b[2J\u009b1m\r\u0007` : value,
  ) as RunEvent;
}

/** The sample, whose failed spread has these answers. */
function withSpread(counts: Readonly<Record<string, number>>, unexpected: readonly string[]): RunEvent[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return sampleRun().map((event) =>
    event.type === 'judged' && event.judgement.verdict === 'failed' && event.judgement.spread !== undefined
      ? {
          ...event,
          judgement: { ...event.judgement, spread: { ...event.judgement.spread, counts, unexpected, total } },
        }
      : event,
  );
}
