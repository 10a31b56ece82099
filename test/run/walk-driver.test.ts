import { describe, expect, it } from 'vitest';
import { initialState, namespacesLeft, reduce } from '../../src/event/state.js';
import type { EventBody } from '../../src/event/event.js';
import { PilabError } from '../../src/errors.js';
import { PAUSED_LABEL, planPlaybook, RUN_LABEL } from '../../src/plan/plan.js';
import { Rejection } from '../../src/ports/cluster.js';
import { keptOf, type Kept } from '../../src/run/kept.js';
import { Certificates } from '../../src/steps/certificates.js';
import type { Playbook } from '../../src/playbook/schema.js';
import { MemoryCluster } from './memory-cluster.js';
import { again, keep, next, quit, to, walkOn } from './walk.js';
import { playbookOf, playbooks, RUN, runOn, verdicts, webServer } from './world.js';

const STEPS = `
  - apply: web.yaml
    say: { en: Three servers, ja: 3台 }
    notes: { en: Ask who has used one, ja: 経験を尋ねる }
  - wait: deployment/web
    is: ready
  - save: before
    values: { vip: '\${service/web.clusterIP}', names: '\${pods/app=web.names}' }
  - probe: B05
    from: pod
    curl: { url: 'http://\${saved.before.vip}:\${service/web.spec.ports[0].port}/' }
    expect: { status: 200 }
  - check: B03
    endpoints: { of: web, are: readyPods, count: 3 }
  - scale: deployment/web
    replicas: 0
`;

async function web(steps = STEPS): Promise<Playbook[]> {
  return playbooks(await webServer(), playbookOf(steps));
}

function stateAfter(events: readonly EventBody[]): ReturnType<typeof initialState> {
  return events.reduce(
    (state, body, index) => reduce(state, { v: 1, seq: index + 1, ms: index, ...body }),
    initialState(),
  );
}

describe('a walkthrough', () => {
  it('stops before each step and at the end, runs each as a run does, and leaves the cluster as it was', async () => {
    const cluster = new MemoryCluster();
    const told = await walkOn(await web(), cluster, []);
    expect(told.presenter.shown).toEqual([1, 2, 3, 4, 5, 6, 0]);
    expect(verdicts(told)).toEqual([1, 2, 3, 4, 5, 6].map((step) => `${step} passed`));
    expect(told.outcome).toEqual({ verdict: 'passed', exitCode: 0 });
    expect(cluster.namespaces()).toEqual([]);
    const verified = await runOn(await web(), new MemoryCluster());
    expect(told.events.map(({ type }) => type)).toEqual(verified.events.map(({ type }) => type));
  });

  it('shows what a person would type, with what is known by then, what to expect, and notes', async () => {
    const { stops } = (await walkOn(await web(), new MemoryCluster(), [])).presenter;
    expect(stops[0]).toMatchObject({ notes: { en: 'Ask who has used one' }, verdict: undefined, again: false });
    expect(stops[3]?.command).toMatch(/^kubectl exec pilab-probe-raspi002 -- curl -s 'http:\/\/127\.0\.0\.1:\d+\/'$/);
    expect(stops[3]?.expects).toEqual([{ en: 'HTTP status 200.', ja: 'HTTP ステータスは 200 です。' }]);
  });

  it('leaves a reference as it is written as long as nobody knows it', async () => {
    const steps = `
  - apply: web.yaml
  - wait: service/web
    until: { 'spec.clusterIP': '\${service/web.clusterIP}' }
`;
    const { stops } = (await walkOn(await web(steps), new MemoryCluster(), [to(2), to(1), next, quit])).presenter;
    // Jumping forward applied the manifest on the way, so the second look knows the address.
    expect(stops[1]?.expects[0]?.en).toBe('spec.clusterIP = "127.0.0.1"');
  });

  it('tells a list by its first item, a line that can be typed, and names the others', async () => {
    const steps = `
  - apply: web.yaml
  - wait: deployment/web
    is: ready
  - probe: B08
    from: pod
    curl: { each: '\${pods/app=web}', url: 'http://\${each.ip}/' }
    expect: { answeredBy: '\${each.name}' }
`;
    const { stops } = (await walkOn(await web(steps), new MemoryCluster(), [])).presenter;
    expect(stops[2]?.command).toMatch(/ curl -s 'http:\/\/[\d.]+\/' {3}# likewise: web-1, web-2$/);
    expect(stops[2]?.expects[0]?.en).toContain('web-0');
  });

  it('goes back: shows the step as it ended, and runs it again only when asked', async () => {
    const told = await walkOn(await web(), new MemoryCluster(), [next, next, next, next, to(4), next, to(4), again]);
    expect(told.presenter.shown).toEqual([1, 2, 3, 4, 5, 4, 5, 4, 5, 6, 0]);
    expect(told.presenter.stops[5]).toMatchObject({ number: 4, verdict: 'passed', again: true, changedBy: undefined });
    expect(verdicts(told).filter((each) => each.startsWith('4'))).toEqual(['4 passed', '4 passed']);
    // Each step counts once.
    expect(told.events.at(-1)).toMatchObject({ steps: { passed: 6 } });
    expect(stateAfter(told.events).playbooks[0]?.steps[3]?.judgements).toHaveLength(1);
  });

  it('stays at a step that is run to be looked at', async () => {
    const run = { kind: 'run' } as const;
    const told = await walkOn(await web(), new MemoryCluster(), [run, run, next, next, next, run, run, next, quit]);
    // What changes the cluster is not run twice, a look is.
    expect(told.presenter.shown).toEqual([1, 1, 1, 2, 3, 4, 4, 4, 5]);
    expect(verdicts(told)).toEqual(['1 passed', '2 passed', '3 passed', '4 passed', '4 passed']);
  });

  it('never runs again what changes the cluster, and says what has changed since a look', async () => {
    const told = await walkOn(await web(), new MemoryCluster(), [
      ...Array.from({ length: 6 }, () => next),
      to(1),
      again,
      to(5),
      again,
    ]);
    expect(verdicts(told).filter((each) => each.startsWith('1'))).toEqual(['1 passed']);
    const look = told.presenter.stops.at(-2);
    expect(look).toMatchObject({ number: 5, again: true, changedBy: { id: 'web/6' } });
  });

  it('jumps forward: does on the way what later steps build on, and leaves out what only looks', async () => {
    const told = await walkOn(await web(), new MemoryCluster(), [to(5)]);
    expect(told.presenter.shown).toEqual([1, 5, 6, 0]);
    expect(verdicts(told)).toEqual(['1 passed', '2 passed', '3 passed', '5 passed', '6 passed']);
  });

  it('lets a step that did not succeed be run again, and then goes on with what builds on it', async () => {
    let broken = true;
    const away = new PilabError({ code: 'CLUSTER_UNREACHABLE', message: 'away', exitCode: 3 });
    const cluster = new MemoryCluster({
      before: (verb, subject) => (broken && verb === 'apply' && subject === 'Service/web' ? away : undefined),
    });
    const repaired = (): { kind: 'again' } => {
      broken = false;
      return { kind: 'again' };
    };
    const told = await walkOn(await web(), cluster, [next, next, to(1), repaired, again]);
    expect(verdicts(told).slice(0, 4)).toEqual(['1 inconclusive', '2 skipped', '1 passed', '2 passed']);
    expect(told.outcome).toEqual({ verdict: 'passed', exitCode: 0 });
  });

  it('passes over steps that are not for this cluster, with the reason', async () => {
    const steps = `
  - check: B01
    when: { proxyMode: [nftables] }
    object: service/kubernetes
    in: default
    exists: true
  - apply: web.yaml
`;
    const told = await walkOn(await web(steps), new MemoryCluster(), []);
    expect(told.presenter.shown).toEqual([2, 0]);
    expect(verdicts(told)).toEqual(['1 skipped', '2 passed']);
  });

  it('quits where it is, and cleans up', async () => {
    const told = await walkOn(await web(), new MemoryCluster(), [next, quit]);
    expect(verdicts(told)).toEqual(['1 passed']);
    expect(told.cluster.namespaces()).toEqual([]);
    expect(told.events.at(-1)).toMatchObject({ interrupted: false, exitCode: 0 });
  });

  it('cleans up when it is interrupted while the presenter thinks', async () => {
    const stop = new AbortController();
    const told = await walkOn(
      await web(),
      new MemoryCluster(),
      [
        next,
        () => {
          setImmediate(() => stop.abort());
          return { kind: 'to', number: 2 };
        },
        ...Array.from({ length: 1000 }, () => to(2)),
      ],
      { signal: stop.signal },
    );
    expect(told.outcome.exitCode).toBe(130);
    expect(told.cluster.namespaces()).toEqual([]);
  });
});

describe('a walkthrough that is kept for later', () => {
  it('leaves its namespaces, marked, and says where it goes on', async () => {
    const cluster = new MemoryCluster();
    const told = await walkOn(await web(), cluster, [next, next, next, keep]);
    expect(cluster.namespaces()).toEqual(['pilab-web-3f9a']);
    const namespace = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: 'pilab-web-3f9a' });
    expect(namespace?.metadata?.labels).toMatchObject({ [RUN_LABEL]: RUN, [PAUSED_LABEL]: 'true' });
    expect(told.events.at(-1)).toMatchObject({ type: 'run-finished', kept: { playbook: 'web', next: 4 }, exitCode: 0 });
    expect(namespacesLeft(stateAfter(told.events))).toEqual(['namespace/pilab-web-3f9a']);
  });

  it('goes on with the same objects and values, and tells the whole in its record', async () => {
    const cluster = new MemoryCluster();
    const loaded = await web();
    const first = await walkOn(loaded, cluster, [next, next, next, keep]);
    const kept = first.presenter.kept[0]!;
    expect(kept.saved).toEqual({ before: { vip: '127.0.0.1', names: ['web-0', 'web-1', 'web-2'] } });
    // While the class was away, somebody removed the probe pods.
    await cluster.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'pilab-web-3f9a', name: 'pilab-probe-raspi002' });
    const events = first.events.filter((event) => 'step' in event);
    const second = await walkOn(loaded, cluster, [to(1), to(4)], { earlier: { kept, events } });
    expect(second.presenter.shown).toEqual([4, 1, 4, 5, 6, 0]);
    expect(second.presenter.stops[0]?.command).toContain('http://127.0.0.1:');
    expect(second.presenter.stops[1]).toMatchObject({ number: 1, verdict: 'passed' });
    expect(verdicts(second)).toEqual([1, 2, 3, 4, 5, 6].map((step) => `${step} passed`));
    expect(second.events.at(-1)).toMatchObject({ steps: { passed: 6 }, exitCode: 0 });
    expect(cluster.calls.filter((call) => call === 'apply Deployment/web')).toHaveLength(1);
    expect(cluster.namespaces()).toEqual([]);
  });

  it('does not go on when somebody removed its namespaces', async () => {
    const cluster = new MemoryCluster();
    const loaded = await web();
    const first = await walkOn(loaded, cluster, [next, keep]);
    await cluster.delete({ apiVersion: 'v1', kind: 'Namespace', name: 'pilab-web-3f9a' });
    const second = await walkOn(loaded, cluster, [], { earlier: { kept: first.presenter.kept[0]!, events: [] } });
    expect(second.events.at(-1)).toMatchObject({ error: { code: 'WALK_GONE' } });
    expect(second.outcome.exitCode).toBe(2);
  });

  it('goes on as before when it cannot be kept', async () => {
    const cluster = new MemoryCluster({
      before: (verb, subject) =>
        verb === 'patch' && subject.startsWith('Namespace/') ? new Rejection(403, 'Forbidden', 'no') : undefined,
    });
    const told = await walkOn(await web(), cluster, [next, keep]);
    expect(told.presenter.refusals.map(({ code }) => code)).toEqual(['CLUSTER_REJECTED']);
    expect(told.presenter.shown).toEqual([1, 2, 2, 3, 4, 5, 6, 0]);
    expect(told.cluster.namespaces()).toEqual([]);
  });

  it('is not kept when a private key would go into a file', async () => {
    const { key } = await new Certificates().for('web.example.com');
    const [playbook] = await web();
    const keepIt = (value: string): Kept =>
      keptOf(
        planPlaybook(playbook!, RUN),
        { saved: new Map([['tls', { value }]]), certificates: new Certificates(), labels: {} },
        2,
        {},
      );
    expect(() => keepIt(key)).toThrow(expect.objectContaining({ code: 'WALK_HAS_KEY' }) as Error);
    // As a Secret holds it.
    expect(() => keepIt(Buffer.from(key).toString('base64'))).toThrow(/private key/);
    expect(keepIt('10.96.0.1').saved).toEqual({ tls: { value: '10.96.0.1' } });
  });

  it('keeps certificates without their keys', async () => {
    const steps = `
  - apply: web.yaml
  - save: tls
    values: { crt: '\${certificate/web.example.com.crt}' }
`;
    const told = await walkOn(await web(steps), new MemoryCluster(), [next, next, keep]);
    const text = JSON.stringify(told.presenter.kept);
    expect(told.presenter.kept[0]?.certificates).toHaveProperty(['web.example.com']);
    expect(text).toContain('BEGIN CERTIFICATE');
    expect(text).not.toContain('PRIVATE KEY');
  });
});
