import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PilabError } from '../../src/errors.js';
import { batchesOf } from '../../src/plan/batch.js';
import { infoOf, planRun, runId } from '../../src/plan/plan.js';
import { STEP_KINDS, type Playbook, type Step } from '../../src/playbook/schema.js';
import { playbook } from '../playbook/folders.js';
import { RUN, lab } from '../run/world.js';

const ASK = `
  - probe: B04
    from: FROM
    curl: { url: 'http://web:8080/' }
    expect: { status: 200 }
`;

async function from(place: string): Promise<Playbook> {
  return playbook(ASK.replace('FROM', place));
}

/** What planning complains about. */
function complaint(playbooks: readonly Playbook[]): PilabError {
  try {
    planRun(playbooks, lab(), RUN);
  } catch (error) {
    if (error instanceof PilabError) return error;
    throw error;
  }
  throw new Error('no complaint');
}

describe('a plan', () => {
  it('names namespaces and steps by the playbook and the run', async () => {
    const plan = planRun([await from('pod')], lab(), RUN);
    expect(plan.run).toBe(RUN);
    expect(plan.playbooks.map(infoOf)).toMatchObject([
      {
        name: 'p',
        namespaces: ['pilab-p-3f9a'],
        steps: [
          { id: 'p/1', kind: 'apply', claims: [], from: 'api' },
          { id: 'p/2', kind: 'probe', claims: ['B04'], from: 'pod' },
        ],
      },
    ]);
    expect(plan.playbooks[0]?.steps[1]?.where).toMatch(/p\.yaml:5$/);
  });

  it('has a second namespace only for a playbook that has a neighbour', async () => {
    const plan = planRun([await from('neighbour')], lab(), RUN);
    expect(plan.playbooks.map(infoOf)[0]?.namespaces).toEqual(['pilab-p-3f9a', 'pilab-p-3f9a-b']);
  });

  it('starts where it is told to, and refuses a start that is not there', async () => {
    const loaded = await from('pod');
    expect(planRun([loaded], lab(), RUN, ['p/2']).playbooks[0]?.start).toBe(2);
    for (const id of ['p/3', 'p/0', 'q/1', 'p']) {
      expect(() => planRun([loaded], lab(), RUN, [id])).toThrow(`no step "${id}"`);
    }
  });

  it('tells how answers should be spread, for a display that draws them before they are judged', async () => {
    const even = await playbook(ASK.replace('FROM', 'pod').replace('status: 200', 'spread: even, of: web'));
    const steps = [await from('pod'), even].map((each) => planRun([each], lab(), RUN).playbooks[0]?.steps.at(-1));
    expect(steps.map((step) => step?.spread)).toEqual([undefined, 'even']);
  });

  it.each(['pod', 'pod@each', 'pod@all', 'pod@raspi003', 'host@each', 'host@raspi001', 'operator'])(
    'takes a probe from %s',
    async (place) => {
      const loaded = await from(place);
      expect(() => planRun([loaded], lab(), RUN)).not.toThrow();
    },
  );

  it.each(['pod@raspi009', 'host@raspi009', 'host@all'])(
    'refuses %s, with its place and the hosts there are',
    async (place) => {
      const { code, message, hint, exitCode } = complaint([await from(place)]);
      expect({ code, exitCode }).toEqual({ code: 'PLAN_UNKNOWN_HOST', exitCode: 2 });
      const name = place.slice(place.indexOf('@') + 1);
      expect(message).toMatch(new RegExp(`p\\.yaml:5:5: from: ${place}: the lab has no host "${name}"$`));
      expect(hint).toBe('/home/pi/lab.yaml names these hosts: raspi001, raspi002, raspi003');
    },
  );

  it('tells the unknown hosts of all playbooks at once, one a line', async () => {
    const { message } = complaint([await from('pod@raspi008'), await from('host@raspi009')]);
    expect(message.split('\n').map((line) => line.replace(/^.*no host/, ''))).toEqual([' "raspi008"', ' "raspi009"']);
  });
});

describe('the id of a run', () => {
  it('sorts by time', () => {
    expect(runId(new Date('2026-11-26T11:07:49.123Z'), () => 0.5)).toBe('20261126-110749-8000');
  });

  it('makes valid label values and names, whatever chance gives', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        expect(runId(new Date(0), () => random)).toMatch(/^19700101-000000-[0-9a-f]{4}$/);
      }),
    );
  });
});

describe('batches', () => {
  const step = (kind: string): Step =>
    ({ kind, ...(kind === 'try' ? { expect: { rejected: ['x'] } } : {}) }) as unknown as Step;
  const LOOKS = ['probe', 'check', 'try'];

  it('put neighbours that only look side by side, and everything else alone', () => {
    const kinds = ['apply', 'wait', 'check', 'probe', 'try', 'save', 'probe', 'delete', 'scale', 'patch', 'probe'];
    expect(batchesOf(kinds.map(step))).toEqual([[0], [1], [2, 3, 4], [5], [6], [7], [8], [9], [10]]);
  });

  it('let a call that should be accepted stand alone', () => {
    const accepted = { kind: 'try', expect: { accepted: true } } as unknown as Step;
    expect(batchesOf([step('probe'), accepted, step('probe')])).toEqual([[0], [1], [2]]);
  });

  it('hold every step once and in order; only lookers stand together', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEP_KINDS)), (kinds) => {
        const batches = batchesOf(kinds.map(step));
        expect(batches.flat()).toEqual(kinds.map((_, index) => index));
        for (const batch of batches) {
          if (batch.length > 1) expect(batch.every((index) => LOOKS.includes(kinds[index] ?? ''))).toBe(true);
        }
      }),
    );
  });
});
