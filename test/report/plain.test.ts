import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { stripVTControlCharacters } from 'node:util';
import type { RunEvent } from '../../src/event/event.js';
import { sampleRun, stamped, PLAYBOOK, passed } from '../event/sample.js';
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
      for (let columns = 60; columns <= 140; columns += 1) {
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

  it('says which playbook speaks when two run side by side', async () => {
    const names = ['one', 'two'];
    const playbooks = names.map((name) => ({
      ...PLAYBOOK,
      name,
      steps: PLAYBOOK.steps.slice(0, 2).map((step, index) => ({ ...step, id: `${name}/${index + 1}` })),
    }));
    const finished = (step: string): Parameters<typeof stamped>[0] => [
      [1, { type: 'step-started', step }],
      [2, { type: 'judged', step, judgement: passed('api', 'x') }],
      [3, { type: 'step-finished', step, verdict: 'passed', durationMs: 1 }],
    ];
    const events = stamped([
      [0, { ...startOf(), playbooks }],
      ...names.map((playbook) => [0, { type: 'playbook-started', playbook }] as const),
      ...finished('one/1'),
      ...finished('two/1'),
      ...finished('two/2'),
      ...finished('one/2'),
    ]);
    const heads = (await plain(events)).match(/^(one|two|✓ +\d)/gm);
    expect(heads).toEqual(['one', 'two', 'one', '✓   1', 'two', '✓   1', '✓   2', 'one', '✓   2']);
  });
});

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
