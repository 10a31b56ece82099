import { afterEach, describe, expect, it } from 'vitest';
import { finish, leftovers, namespaceOf, pilab, verify, type Running } from './rack.js';
import type { RunEvent } from '../../src/event/event.js';

/** Calls `act` once, when the exercise's traffic has begun. */
function whenRunning(act: (running: Running) => void): (event: RunEvent, running: Running) => void {
  let done = false;
  return (event, running) => {
    if (done || event.type !== 'step-finished' || !event.step.endsWith('/7')) return;
    done = true;
    act(running);
  };
}

describe('an interrupted run', () => {
  afterEach(async () => {
    await pilab('clean', '--lab', 'rack', '--yes');
    expect(await leftovers()).toBe('');
  });

  it('stops within two seconds on Ctrl-C, cleans up, and ends with 130', async () => {
    const run = await verify(
      ['clusterip'],
      whenRunning(({ kill }) => kill('SIGINT')),
    );
    expect(run.exitCode).toBe(130);
    expect(finish(run)).toMatchObject({ interrupted: true, exitCode: 130 });
    const at = (type: RunEvent['type']): number => run.events.find((event) => event.type === type)?.ms ?? Number.NaN;
    const seventh = run.events.find((event) => event.type === 'step-finished' && event.step.endsWith('/7'));
    expect(at('cleanup-started') - (seventh?.ms ?? Number.NaN)).toBeLessThan(2000);
    expect(await leftovers()).toBe('');
  });

  it('leaves at once on a second Ctrl-C, and says what is left', async () => {
    const run = await verify(
      ['clusterip'],
      whenRunning(({ kill }) => {
        kill('SIGINT');
        setTimeout(() => kill('SIGINT'), 500);
      }),
    );
    expect(run.exitCode).toBe(130);
    expect(run.endedAfterMs).toBeLessThan(3000);
    expect(run.stderr).toContain(namespaceOf(run.events));
    expect(run.stderr).toContain('pilab clean');
  });

  it('that was killed leaves things, which pilab clean names and removes', async () => {
    const run = await verify(
      ['clusterip'],
      whenRunning(({ kill }) => kill('SIGKILL')),
    );
    const namespace = namespaceOf(run.events);
    expect(await leftovers()).toContain(namespace);
    const look = await pilab('clean', '--lab', 'rack', '--dry-run');
    expect(look.stdout).toContain(namespace);
    expect(await leftovers()).toContain(namespace);
    const clean = await pilab('clean', '--lab', 'rack', '--yes');
    expect(clean).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(namespace) as string });
    expect(await leftovers()).toBe('');
  });
});
