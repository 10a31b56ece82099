import { describe, expect, it } from 'vitest';
import { PilabError } from '../../src/errors.js';
import type { EventBody, RunEvent } from '../../src/event/event.js';
import { initialState, namespacesLeft, reduce } from '../../src/event/state.js';
import { Rejection } from '../../src/ports/cluster.js';
import type { Host } from '../../src/ports/host.js';
import { multiplex } from '../../src/report/multiplex.js';
import { Emitter } from '../../src/run/emitter.js';
import { MemoryCluster } from './memory-cluster.js';
import { eventsOf, host, playbookOf, playbooks, runOn, trouble, verdicts, webServer } from './world.js';

const PREPARE = `
  - apply: web.yaml
  - wait: deployment/web
    is: ready
`;
const ALL_KINDS = `${PREPARE}
  - wait: service/web
    is: serving
  - save: before
    values: { vip: '\${service/web.clusterIP}', port: '\${service/web.spec.ports[0].port}' }
  - probe: B05
    from: pod@each
    curl: { url: 'http://\${saved.before.vip}:\${saved.before.port}/', times: 30 }
    expect: { status: 200, spread: all, of: web, client: probe }
  - probe: B06
    from: host@raspi001
    run: [echo, '\${saved.before.vip}']
    expect: { exit: 0, matches: '127' }
  - check: B03
    endpoints: { of: web, are: readyPods, count: 3 }
  - try: B18
    patch: service/web
    with: { spec: { clusterIP: 10.96.0.99 } }
    expect: { rejected: 'may not change once set', status: 422 }
`;

/** The one rule of the real API server that the playbooks here try. */
function immutableAddress(verb: string, subject: string): Error | undefined {
  if (verb !== 'patch' || subject !== 'Service/web') return undefined;
  return new Rejection(422, 'Invalid', 'spec.clusterIPs[0]: field is immutable: may not change once set');
}

/** Breaks one kind of call. */
function broken(verb: string, subject: string, error: Error): MemoryCluster {
  return new MemoryCluster({ before: (v, s) => (v === verb && s.startsWith(subject) ? error : undefined) });
}

describe('a run', () => {
  it('whose lab cannot be reached is told from its start to its end, so that a report can be written', async () => {
    const away = new PilabError({
      code: 'SSH_UNREACHABLE',
      message: 'raspi001 does not answer',
      hint: 'ping it',
      exitCode: 3,
    });
    const told = await runOn(await playbooks(1, playbookOf(ALL_KINDS)), new MemoryCluster(), {
      connect: () => Promise.reject(away),
    });
    expect(told.events.map(({ type }) => type)).toEqual(['run-started', 'run-finished']);
    expect(told.outcome).toEqual({ verdict: 'inconclusive', exitCode: 3 });
    expect(told.events.at(-1)).toMatchObject({ error: { code: 'SSH_UNREACHABLE', hint: 'ping it' } });
  });

  it('passes when the cluster does what the playbook says, and leaves nothing behind', async () => {
    const port = await webServer();
    const cluster = new MemoryCluster({ before: immutableAddress });
    const told = await runOn(await playbooks(port, playbookOf(ALL_KINDS)), cluster);
    expect(verdicts(told)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((step) => `${step} passed`));
    expect(told.outcome).toEqual({ verdict: 'passed', exitCode: 0 });
    expect(told.events.at(-1)).toMatchObject({ type: 'run-finished', steps: { passed: 8, failed: 0 }, exitCode: 0 });
    expect(cluster.namespaces()).toEqual([]);
    expect(eventsOf(told, 'cleanup-finished')).toMatchObject([{ playbook: 'web', left: [] }]);
    expect(
      eventsOf(told, 'judged')
        .filter(({ step }) => step === 'web/5')
        .map(({ judgement }) => judgement.place),
    ).toEqual(['pod@raspi002', 'pod@raspi003']);
  });

  it('tells its steps one after the other, each from start to end', async () => {
    const port = await webServer();
    const told = await runOn(
      await playbooks(port, playbookOf(ALL_KINDS)),
      new MemoryCluster({ before: immutableAddress }),
    );
    const steps = told.events.flatMap((event) => ('step' in event && event.step !== undefined ? [event.step] : []));
    const runs = steps.filter((step, index) => step !== steps[index - 1]);
    expect(runs).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((step) => `web/${step}`));
    const [first, second, ...rest] = told.events.map(({ type }) => type);
    expect([first, second]).toEqual(['run-started', 'cluster-read']);
    expect(rest.slice(-4)).toEqual(['playbook-finished', 'cleanup-started', 'cleanup-finished', 'run-finished']);
  });

  it('tells with each step the line that a person would type, with what is known by then', async () => {
    const port = await webServer();
    const cluster = new MemoryCluster({ before: immutableAddress });
    const told = await runOn(await playbooks(port, playbookOf(ALL_KINDS)), cluster);
    const lines = eventsOf(told, 'step-started').map(({ command }) => command);
    expect(lines[0]).toMatch(/^kubectl -n pilab-web-\w{4} apply -f web\.yaml$/);
    expect(lines[4]).toMatch(/^kubectl -n pilab-web-\w{4} exec pilab-probe-raspi002 -- .*http:\/\/127\.0\.0\.1:\d+\//);
    expect(lines[5]).toMatch(/^ssh raspi001 .*echo .*127\.0\.0\.1/);
    // There is nothing to type for what is only kept.
    expect(lines[3]).toBeUndefined();
  });

  it('ends with 1 when an expectation is not met, and says what was expected and seen', async () => {
    const port = await webServer(['web-0']);
    const steps = `${PREPARE}
  - probe: B05
    from: pod
    curl: { url: 'http://127.0.0.1:${port}/', times: 60 }
    expect: { status: 200, spread: all, of: web }
  - probe: B05
    from: pod
    curl: { url: 'http://127.0.0.1:${port}/' }
    expect: { status: 200 }
`;
    const told = await runOn(await playbooks(port, playbookOf(steps)), new MemoryCluster());
    expect(verdicts(told)).toEqual(['1 passed', '2 passed', '3 failed', '4 passed']);
    expect(told.outcome).toEqual({ verdict: 'failed', exitCode: 1 });
    expect(trouble(told, 'web/3').judgement.spread?.counts).toEqual({ 'web-0': 60, 'web-1': 0, 'web-2': 0 });
    expect(trouble(told, 'web/3').judgement.next).not.toEqual([]);
  });

  it('is inconclusive, never failed, when a command is lost', async () => {
    const port = await webServer();
    const lost = new PilabError({ code: 'CLUSTER_EXEC_LOST', message: 'the connection broke', exitCode: 3 });
    const steps = `${PREPARE}
  - probe: B05
    from: pod
    curl: { url: 'http://127.0.0.1:${port}/' }
    expect: { status: 200 }
`;
    const told = await runOn(await playbooks(port, playbookOf(steps)), broken('exec', 'pilab-probe', lost));
    expect(verdicts(told)).toEqual(['1 passed', '2 passed', '3 inconclusive']);
    expect(trouble(told, 'web/3').text).toContain('CLUSTER_EXEC_LOST: the connection broke');
    expect(told.outcome).toEqual({ verdict: 'inconclusive', exitCode: 3 });
    expect(told.cluster.namespaces()).toEqual([]);
  });

  it.each([
    ['RBAC', new Rejection(403, 'Forbidden', 'services is forbidden: User "guest"'), 'kubectl auth can-i --list'],
    ['a quota', new Rejection(403, 'Forbidden', 'exceeded quota: small'), 'kubectl get resourcequota'],
    [
      'a node port that is taken',
      new Rejection(422, 'Invalid', 'spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated'),
      'kubectl get services -A',
    ],
    ['a webhook', new Rejection(500, 'InternalError', 'failed calling webhook "x"'), 'validatingwebhookconfigurations'],
  ])(
    'fails when %s refuses a manifest: says why, skips the rest, removes the namespace',
    async (_name, refusal, why) => {
      const port = await webServer();
      const told = await runOn(await playbooks(port, playbookOf(ALL_KINDS)), broken('apply', 'Service/', refusal));
      expect(verdicts(told).slice(0, 2)).toEqual(['1 failed', '2 skipped']);
      expect(
        new Set(
          verdicts(told)
            .slice(1)
            .map((line) => line.slice(2)),
        ),
      ).toEqual(new Set(['skipped']));
      expect(trouble(told, 'web/1').text).toContain(refusal.message);
      expect(trouble(told, 'web/1').text).toContain(why);
      expect(trouble(told, 'web/2').text).toContain('needs step 1 (Apply web.yaml), which did not succeed');
      expect(told.outcome).toEqual({ verdict: 'failed', exitCode: 1 });
      expect(told.cluster.namespaces()).toEqual([]);
    },
  );

  it.each([
    [503, 'the server is currently unable to handle the request'],
    [429, 'too many requests'],
    [500, 'etcdserver: request timed out'],
  ])('does not take %i (%s) for a refusal', async (status, message) => {
    const cluster = broken('apply', 'Service/', new Rejection(status, '', message));
    const told = await runOn(await playbooks(await webServer(), playbookOf(PREPARE)), cluster);
    expect(verdicts(told)).toEqual(['1 inconclusive', '2 skipped']);
    expect(told.outcome.exitCode).toBe(3);
  });

  it('stops in the middle when interrupted, cleans up, and ends with 130', async () => {
    const port = await webServer();
    const stop = new AbortController();
    const steps = `${PREPARE}
  - probe: B05
    from: pod
    run: [sleep, '30']
    expect: { exit: 0 }
  - check: B03
    endpoints: { of: web, are: readyPods }
`;
    const told = await runOn(await playbooks(port, playbookOf(steps)), new MemoryCluster(), {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'step-started' && event.step === 'web/3')
          setTimeout(() => stop.abort(new Error('enough')), 20);
      },
    });
    expect(told.outcome.exitCode).toBe(130);
    expect(told.events.at(-1)).toMatchObject({
      type: 'run-finished',
      interrupted: true,
      // The check that stood beside the interrupted probe was done.
      steps: { passed: 3, failed: 0, inconclusive: 0, skipped: 0 },
      exitCode: 130,
    });
    expect(verdicts(told)).toEqual(['1 passed', '2 passed', '4 passed']);
    expect(told.events.at(-1)).not.toHaveProperty('error');
    expect(eventsOf(told, 'cleanup-finished')).toMatchObject([{ left: [] }]);
    expect(told.cluster.namespaces()).toEqual([]);
  });

  it('hears nothing of work that an interrupt has overtaken', async () => {
    const port = await webServer();
    const stop = new AbortController();
    const finished = { late: (): void => undefined };
    const answered = new Promise<void>((resolve) => (finished.late = resolve));
    const cluster = new MemoryCluster();
    const steps = `
  - probe: B06
    from: operator
    run: [echo, hello]
    expect: { exit: 0 }
`;
    const told = await runOn(await playbooks(port, playbookOf(steps)), cluster, {
      signal: stop.signal,
      // Deaf to the signal, and late.
      operator: {
        name: 'operator',
        exec: async () => {
          setTimeout(() => stop.abort(new Error('enough')), 5);
          await answered;
          return { stdout: '', stderr: '', exitCode: 0, durationMs: 1 };
        },
      },
    });
    finished.late();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told.events.at(-1)?.type).toBe('run-finished');
    expect(eventsOf(told, 'observed')).toEqual([]);
  });

  it('starts no other playbook once it is interrupted', async () => {
    const stop = new AbortController();
    const loaded = await playbooks(await webServer(), playbookOf(PREPARE, 'one'), playbookOf(PREPARE, 'two'));
    const told = await runOn(loaded, new MemoryCluster(), {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'step-finished') stop.abort(new Error('enough'));
      },
    });
    expect(eventsOf(told, 'playbook-started').map(({ playbook }) => playbook)).toEqual(['one']);
    expect(told.cluster.calls.join()).not.toContain('Namespace/pilab-two');
  });

  it('ends with an error and 3 when the API server is away from the start', async () => {
    const away = new PilabError({
      code: 'CLUSTER_UNREACHABLE',
      message: 'cannot reach the API server',
      hint: 'is the control plane up?',
      exitCode: 3,
    });
    const told = await runOn(await playbooks(await webServer(), playbookOf(PREPARE)), broken('version', '', away));
    expect(told.events.map(({ type }) => type)).toEqual(['run-started', 'run-finished']);
    expect(told.events.at(-1)).toMatchObject({
      verdict: 'inconclusive',
      error: { code: 'CLUSTER_UNREACHABLE', message: 'cannot reach the API server', hint: 'is the control plane up?' },
      exitCode: 3,
    });
    expect(told.outcome.exitCode).toBe(3);
  });

  it('keeps what was found before a defect of ours ends it: failed stays failed', async () => {
    const steps = `
  - check: B03
    object: service/kube-dns
    fields: { spec.type: ClusterIP }
  - scale: deployment/web
    replicas: 2
`;
    const cluster = broken('patch', 'Deployment/', new TypeError('x is not a function'));
    const text = playbookOf(steps.replace('  - check', '  - apply: web.yaml\n  - check').replace('kube-dns', 'web'));
    const told = await runOn(await playbooks(await webServer(), text), cluster);
    expect(verdicts(told)).toEqual(['1 passed', '2 failed']);
    expect(told.events.at(-1)).toMatchObject({
      verdict: 'failed',
      steps: { passed: 1, failed: 1, inconclusive: 0, skipped: 0 },
      error: { code: 'INTERNAL', message: expect.stringContaining('x is not a function') as string },
      exitCode: 1,
    });
    expect(told.cluster.namespaces()).toEqual([]);
  });

  it('is not healthy when something stays on the cluster, though every step passed', async () => {
    const cluster = new MemoryCluster({ namespaceStays: 'finalizer remains' });
    const told = await runOn(await playbooks(await webServer(), playbookOf(PREPARE)), cluster, {
      onEvent: (event) => {
        if (event.type === 'cleanup-started') cluster.faults.patienceMs = 10;
      },
    });
    expect(told.outcome).toEqual({ verdict: 'inconclusive', exitCode: 3 });
    expect(eventsOf(told, 'cleanup-finished')[0]?.left).toEqual([
      'namespace/pilab-web-3f9a (waited in vain: still terminating; finalizer remains)',
    ]);
    // Steps are counted, not what was left.
    expect(told.events.at(-1)).toMatchObject({ steps: { passed: 2, inconclusive: 0 } });
  });

  it('skips a playbook whose needs the lab lacks, with the reason, and makes nothing for it', async () => {
    const needs = 'needs: { nodes: 9 }\n';
    const text = playbookOf(PREPARE, 'web', needs);
    const told = await runOn(await playbooks(await webServer(), text), new MemoryCluster());
    expect(verdicts(told)).toEqual(['1 skipped', '2 skipped']);
    expect(trouble(told, 'web/1').text).toContain('needs 9 ready nodes, the cluster has 3');
    expect(told.cluster.calls.filter((call) => call.startsWith('apply'))).toEqual([]);
    // It proved nothing.
    expect(told.outcome).toEqual({ verdict: 'skipped', exitCode: 3 });
  });

  it('skips only the steps of another proxy mode, and passes', async () => {
    const steps = `${PREPARE}
  - check: B03
    when: { proxyMode: [ipvs] }
    endpoints: { of: web, are: none }
`;
    const told = await runOn(await playbooks(await webServer(), playbookOf(steps)), new MemoryCluster());
    expect(verdicts(told)).toEqual(['1 passed', '2 passed', '3 skipped']);
    expect(told.outcome.exitCode).toBe(0);
  });

  it('started in the middle prepares as always, and skips the looks before that step', async () => {
    const told = await runOn(
      await playbooks(await webServer(), playbookOf(ALL_KINDS)),
      new MemoryCluster({ before: immutableAddress }),
      { from: ['web/6'] },
    );
    expect(verdicts(told)).toEqual([
      '1 passed',
      '2 passed',
      '3 passed',
      '4 passed',
      '5 skipped',
      '6 passed',
      '7 passed',
      '8 passed',
    ]);
    expect(trouble(told, 'web/5').text).toContain('before step 6, where this run starts');
    expect(told.outcome.exitCode).toBe(0);
  });

  it('tells the ends of the way of its requests, for drawing it', async () => {
    const told = await runOn(
      await playbooks(await webServer(), playbookOf(ALL_KINDS)),
      new MemoryCluster({ before: immutableAddress }),
    );
    const [judged] = eventsOf(told, 'judged').filter(({ step }) => step === 'web/5');
    expect(judged?.judgement.path).toMatchObject({ client: '127.0.0.1', node: 'raspi002' });
    expect(judged?.judgement.path?.targets.map(({ pod }) => pod)).toEqual(['web-0', 'web-1', 'web-2']);
  });

  it('makes a second namespace for neighbours, both labelled with the run, and removes both', async () => {
    const port = await webServer();
    const steps = `${PREPARE}
  - probe: B04
    from: neighbour
    curl: { url: 'http://127.0.0.1:${port}/\${namespace}/\${neighbour}' }
    expect: { status: 200, path: '/\${namespace}/\${neighbour}' }
`;
    const told = await runOn(await playbooks(port, playbookOf(steps)), new MemoryCluster());
    expect(told.outcome.exitCode).toBe(0);
    expect(told.cluster.calls.filter((call) => call.includes('Namespace/'))).toEqual([
      'apply Namespace/pilab-web-3f9a',
      'apply Namespace/pilab-web-3f9a-b',
      'delete Namespace/pilab-web-3f9a',
      'delete Namespace/pilab-web-3f9a-b',
    ]);
    expect(eventsOf(told, 'judged').at(-1)?.judgement.subject).toContain('/pilab-web-3f9a/pilab-web-3f9a-b');
  });

  it('ends with an error when its namespace may not be made', async () => {
    const refusal = new Rejection(403, 'Forbidden', 'namespaces is forbidden');
    const told = await runOn(
      await playbooks(await webServer(), playbookOf(PREPARE)),
      broken('apply', 'Namespace', refusal),
    );
    expect(told.events.at(-1)).toMatchObject({ error: { code: 'CLUSTER_REJECTED' }, exitCode: 3 });
    expect(eventsOf(told, 'step-started')).toEqual([]);
  });
});

describe('a run of several playbooks at once', () => {
  const SLOW = `${PREPARE}
  - probe: B06
    from: operator
    run: [sleep, '0.3']
    expect: { exit: 0 }
`;
  const several = async (...texts: string[]): ReturnType<typeof playbooks> => playbooks(await webServer(), ...texts);
  /** `+name` when a playbook begins, `/name` when its steps are over, `-name` when nothing of it is left. */
  const order = (told: { readonly events: readonly EventBody[] }): string[] =>
    told.events.flatMap((event) => {
      if (event.type === 'playbook-started') return [`+${event.playbook}`];
      if (event.type === 'cleanup-started') return [`/${event.playbook}`];
      return event.type === 'cleanup-finished' ? [`-${event.playbook}`] : [];
    });

  it('starts as many as there are jobs, the longest first', async () => {
    const loaded = await several(
      playbookOf(PREPARE, 'short'),
      playbookOf(SLOW, 'one', 'takes: 10s\n'),
      playbookOf(SLOW, 'two', 'takes: 20s\n'),
    );
    const told = await runOn(loaded, new MemoryCluster(), { jobs: 2 });
    expect(told.outcome).toEqual({ verdict: 'passed', exitCode: 0 });
    expect(order(told).slice(0, 2)).toEqual(['+two', '+one']);
    expect(order(told)[2]).toMatch(/^[/](one|two)$/);
    expect(told.events.at(-1)).toMatchObject({ type: 'run-finished', steps: { passed: 8 } });
    expect(told.cluster.namespaces()).toEqual([]);
  });

  it('keeps apart those that share a lock until nothing of the first is left, whatever the jobs', async () => {
    const header = 'locks: [kube-proxy]\n';
    const loaded = await several(playbookOf(SLOW, 'one', header), playbookOf(PREPARE, 'two', header));
    const told = await runOn(loaded, new MemoryCluster(), { jobs: 4 });
    expect(order(told)).toEqual(['+one', '/one', '-one', '+two', '/two', '-two']);
  });

  it('one at a time cleans up after each before the next begins', async () => {
    const told = await runOn(await several(playbookOf(PREPARE, 'one'), playbookOf(SLOW, 'two')), new MemoryCluster(), {
      jobs: 1,
    });
    expect(order(told)).toEqual(['+one', '/one', '-one', '+two', '/two', '-two']);
  });

  it('tells the steps of each playbook one after the other, and reports them in the order of the plan', async () => {
    const loaded = await several(playbookOf(PREPARE, 'a'), playbookOf(SLOW, 'b'), playbookOf(SLOW, 'c'));
    const log: RunEvent[] = [];
    const { emit } = new Emitter({ onEvent: (event) => log.push(event) });
    const told = await runOn(loaded, new MemoryCluster(), { jobs: 3, onEvent: emit });
    for (const name of ['a', 'b', 'c']) {
      const own = told.events.flatMap((each) =>
        'step' in each && each.step?.startsWith(`${name}/`) ? [each.step] : [],
      );
      const runs = own.filter((step, index) => step !== own[index - 1]);
      expect(runs).toEqual([...new Set(own)]);
    }
    const state = log.reduce(reduce, initialState());
    expect(state.playbooks.map(({ info, verdict }) => `${info.name} ${verdict ?? ''}`)).toEqual([
      'a passed',
      'b passed',
      'c passed',
    ]);
    expect(namespacesLeft(state)).toEqual([]);
  });

  it('stops all of them when interrupted, starts no other, and cleans up', async () => {
    const stop = new AbortController();
    const long = SLOW.replace('0.3', '30');
    const loaded = await several(playbookOf(long, 'one'), playbookOf(long, 'two'), playbookOf(PREPARE, 'three'));
    const running = new Set<string>();
    const told = await runOn(loaded, new MemoryCluster(), {
      jobs: 2,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'step-started' && event.step.endsWith('/3')) running.add(event.step);
        if (running.size === 2) stop.abort(new Error('enough'));
      },
    });
    expect(order(told).sort()).toEqual(['+one', '+two', '-one', '-two', '/one', '/two']);
    expect(told.events.at(-1)).toMatchObject({ type: 'run-finished', interrupted: true, exitCode: 130 });
    expect(told.cluster.namespaces()).toEqual([]);
  });

  it('finishes what runs beside a defect of ours, starts no other, and ends with the defect', async () => {
    const broken = new MemoryCluster({
      before: (verb, subject) =>
        verb === 'patch' && subject === 'Deployment/web' ? new TypeError('a defect') : undefined,
    });
    const defect = `${PREPARE}\n  - scale: deployment/web\n    replicas: 2\n`;
    const loaded = await several(
      playbookOf(defect, 'defect', 'takes: 30s\n'),
      playbookOf(SLOW, 'sound', 'takes: 20s\n'),
      playbookOf(PREPARE, 'other'),
    );
    const told = await runOn(loaded, broken, { jobs: 2 });
    expect(order(told)).not.toContain('+other');
    expect(eventsOf(told, 'playbook-finished')).toMatchObject([{ playbook: 'sound', verdict: 'passed' }]);
    expect(told.events.at(-1)).toMatchObject({
      type: 'run-finished',
      error: { code: 'INTERNAL', message: expect.stringContaining('a defect') as string },
      exitCode: 3,
    });
    expect(told.cluster.namespaces()).toEqual([]);
  });

  it('says once what several of them broke off for', async () => {
    const refusal = new Rejection(403, 'Forbidden', 'namespaces is forbidden');
    const loaded = await several(playbookOf(PREPARE, 'one'), playbookOf(PREPARE, 'two'));
    const told = await runOn(loaded, broken('apply', 'Namespace', refusal), { jobs: 2 });
    expect(told.events.at(-1)).toMatchObject({ error: { code: 'CLUSTER_REJECTED' }, exitCode: 3 });
    expect(eventsOf(told, 'warning')).toEqual([]);
  });

  it('asks four questions at once besides one of each playbook, however many wait', async () => {
    let [now, most] = [0, 0];
    const real = host('operator');
    const operator: Host = {
      name: 'operator',
      exec: async (...call) => {
        most = Math.max(most, ++now);
        try {
          return await real.exec(...call);
        } finally {
          now -= 1;
        }
      },
    };
    const ask = `  - probe: B06\n    from: operator\n    run: [sleep, '0.1']\n    expect: { exit: 0 }\n`;
    const names = ['a', 'b', 'c', 'd'];
    const loaded = await several(...names.map((name) => playbookOf(ask.repeat(6), name)));
    const told = await runOn(loaded, new MemoryCluster(), { jobs: 4, operator });
    expect(told.outcome.exitCode).toBe(0);
    expect(most).toBe(8);
  });
});

describe('the event log of a run', () => {
  it('is numbered without gaps, and reduces to what is on the cluster', async () => {
    const log: RunEvent[] = [];
    const { emit } = new Emitter({ onEvent: (event) => log.push(event) });
    await runOn(await playbooks(await webServer(), playbookOf(PREPARE)), new MemoryCluster(), { onEvent: emit });
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    expect(log.every(({ ms }, index) => ms >= (log[index - 1]?.ms ?? 0))).toBe(true);
    const lefts = log.reduce<{ state: ReturnType<typeof initialState>; left: string[][] }>(
      ({ state, left }, event) => {
        const next = reduce(state, event);
        return { state: next, left: [...left, namespacesLeft(next)] };
      },
      { state: initialState(), left: [] },
    ).left;
    expect(lefts.at(-1)).toEqual([]);
    expect(lefts).toContainEqual(['namespace/pilab-web-3f9a']);
  });

  it('goes on to the other reporters when one throws, and the failure is told once', async () => {
    const heard: string[] = [];
    const failures: string[] = [];
    const reporter = multiplex(
      {
        broken: {
          onEvent: () => {
            throw new Error('disk full');
          },
        },
        whole: { onEvent: ({ type }) => heard.push(type) },
      },
      (name, error) => failures.push(`${name}: ${String(error)}`),
    );
    const loaded = await playbooks(await webServer(), playbookOf(PREPARE));
    const told = await runOn(loaded, new MemoryCluster(), { onEvent: new Emitter(reporter).emit });
    expect(told.outcome.exitCode).toBe(0);
    expect(heard.at(-1)).toBe('run-finished');
    expect(failures).toEqual(['broken: Error: disk full']);
  });
});
