import { expect } from 'vitest';
import type { Judgement, Verdict } from '../../src/event/event.js';
import { type Copy, nameOf, writeCopy } from './copy.js';
import { expectHealthy } from './healthy-run.js';
import { finish, judged, leftovers, type Run, stepsThat, verdicts } from './rack.js';

/** What a step should say of a fault. */
export interface Red {
  /** English title. */
  readonly step: string;
  /** @default failed */
  readonly verdict?: Verdict;
  /** Place → verdict, exactly: a bad node must not hide among good ones, nor good ones beside it. */
  readonly places?: Readonly<Record<string, Verdict>>;
  /** Matches what was observed at the first place that has this verdict. */
  readonly observed: RegExp;
  /** Matches the sentence that explains it. */
  readonly why?: RegExp;
  /** Each matches one of the lines "look here next". */
  readonly next?: readonly RegExp[];
}

/** A fault in one exercise, and all that it should do. */
export interface FaultCase {
  /** What is broken, and what it looks like: the title of the test. */
  readonly name: string;
  readonly playbook: Copy;
  readonly red: readonly Red[];
  /** Further steps that fail or cannot be measured because of it: these and no others. */
  readonly also?: readonly string[];
  /** Steps that must pass: the fault has not broken everything. */
  readonly green: readonly string[];
}

/** All copies side by side in one run: what breaks in manifests breaks only its own namespace. */
export async function runCases(cases: readonly FaultCase[], options: readonly string[] = []): Promise<Run> {
  const { verify } = await import('./rack.js');
  return verify(
    cases.map(({ playbook }) => writeCopy(playbook)),
    undefined,
    ['--jobs', '4', ...options],
  );
}

/** That the run says of this fault what it should: which steps, where, why and where to look; and that the healthy run does not. */
export async function expectCase(run: Run, { playbook, red, also = [], green }: FaultCase): Promise<void> {
  const name = nameOf(playbook);
  for (const { step, verdict = 'failed', places, observed, why, next = [] } of red) {
    const all = judged(run, step, name);
    if (places !== undefined) expect(verdicts(run, step, name), `places of "${step}"`).toEqual(places);
    const found = all.find((each) => each.verdict === verdict);
    expect(found, `a ${verdict} place of "${step}": ${JSON.stringify(all, undefined, 1)}`).toBeDefined();
    if (found === undefined) continue;
    expect(observedBy(found), `"${step}"`).toMatch(observed);
    if (why !== undefined) expect(whyOf(found), `why of "${step}"`).toMatch(why);
    for (const line of next) expect(found.next.map(({ en }) => en).join('\n'), `next of "${step}"`).toMatch(line);
    expect(found.evidence.length + found.findings.length, `proof of "${step}"`).toBeGreaterThan(0);
  }
  const wrong = new Set([...stepsThat(run, 'failed', name), ...stepsThat(run, 'inconclusive', name)]);
  expect(wrong, `steps of ${name} that did not pass`).toEqual(new Set([...red.map(({ step }) => step), ...also]));
  expect(stepsThat(run, 'passed', name)).toEqual(expect.arrayContaining([...green]));
  await expectHealthy(playbook.of, [...red.map(({ step }) => step), ...also, ...green]);
}

/** That nothing of a run is left, and that it says itself that it failed. */
export async function expectFailedCleanly(run: Run): Promise<void> {
  expect(finish(run)).toMatchObject({ verdict: 'failed', exitCode: 1, interrupted: false });
  expect(run.exitCode).toBe(1);
  expect(await leftovers(run)).toBe('');
}

function observedBy({ findings }: Judgement): string {
  return findings
    .filter(({ verdict }) => verdict !== 'passed')
    .map(({ what, observed }) => `${what}: ${observed}`)
    .join('\n');
}

function whyOf({ findings }: Judgement): string {
  return findings.flatMap(({ why }) => (why === undefined ? [] : [why.en])).join('\n');
}
