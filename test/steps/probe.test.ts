import { describe, expect, it } from 'vitest';
import type { StepOf } from '../../src/playbook/schema.js';
import type { Host } from '../../src/ports/host.js';
import { runStep } from '../../src/steps/step.js';
import { host } from '../run/world.js';
import { NAMESPACE, cluster, context, sources } from './world.js';

type RunProbe = Extract<StepOf<'probe'>, { tool: 'run' }>;

function probe(run: readonly string[], expected: RunProbe['expect'], more: Partial<RunProbe> = {}): RunProbe {
  return {
    kind: 'probe',
    where: { file: 'web.yaml', line: 1, column: 1 },
    probe: ['C06'],
    from: 'host@each',
    tool: 'run',
    subject: { kind: 'run', run },
    expect: expected,
    ...more,
  };
}

/** Hosts that print something of their own when asked for their rules. */
async function onHosts(rules: (name: string) => string): Promise<ReturnType<typeof context>> {
  const of = await cluster();
  const speaking = (name: string): Host => ({
    name,
    exec: (argv, options) => host(name).exec([...argv.slice(0, -2), 'echo', rules(name)], options),
  });
  return context(of, { places: sources(of, { host: speaking }) });
}

describe('a probe about how soon', () => {
  it('asks again until the expectation holds, and measures how long that took', async () => {
    const file = `/tmp/pilab-test-${process.pid}-${Math.random()}`;
    // Succeeds from the third time on.
    const run = ['sh', '-c', `echo x >> ${file}; test $(wc -l < ${file}) -ge 3`];
    const at = context(await cluster());
    const { judgements } = await runStep(probe(run, {}, { from: 'host@raspi001', within: 20_000 }), at);
    expect(judgements).toMatchObject([{ verdict: 'passed' }]);
    expect(at.told).toContainEqual(
      expect.objectContaining({ type: 'measured', what: 'settled host@raspi001', unit: 'ms' }),
    );
  });

  it('judges the last answer when the time is up, and measures nothing', async () => {
    const at = context(await cluster());
    const { judgements } = await runStep(probe(['false'], {}, { from: 'host@raspi001', within: 10 }), at);
    expect(judgements).toMatchObject([{ verdict: 'failed' }]);
    expect(at.told.filter(({ type }) => type === 'measured')).toEqual([]);
  });

  it('does not ask again when nothing could be measured', async () => {
    const at = context(await cluster());
    const { judgements } = await runStep(probe(['no-such-command'], {}, { from: 'host@raspi001', within: 60_000 }), at);
    expect(judgements).toMatchObject([{ verdict: 'inconclusive' }]);
  });
});

describe('rules that must be the same everywhere', () => {
  const CAUGHT = `*nat
:KUBE-SERVICES - [0:0]
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "${NAMESPACE}/web:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-A`;
  const step = probe(['iptables-save', '-t'], {
    rules: { service: 'web', are: 'none', sameEverywhere: true },
  });

  it('are judged over all places together, beside each place for itself', async () => {
    const at = await onHosts((name) => (name === 'raspi002' ? CAUGHT : CAUGHT.replace(/^-A.*$/m, '')));
    const { judgements } = await runStep(step, at);
    expect(judgements.map(({ place, verdict }) => `${place} ${verdict}`)).toEqual([
      'host@raspi001 passed',
      'host@raspi002 failed',
      'host@raspi003 passed',
      'all places failed',
    ]);
    expect(judgements[3]?.findings[0]?.observed).toMatch(/host@raspi002: 10\.96\.0\.1:80\/tcp to nobody$/);
  });

  it('have the lines about the Service as evidence, not the whole dump', async () => {
    const at = await onHosts(() => `-A OTHER -j ACCEPT\n${CAUGHT}`);
    const { judgements } = await runStep(step, at);
    expect(judgements[0]?.evidence[0]?.output).toBe(CAUGHT.split('\n')[2]);
  });
});

describe('a check in another namespace', () => {
  it('looks there', async () => {
    const of = await cluster();
    await of.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: `${NAMESPACE}-b` },
      spec: { ports: [{ port: 9999 }] },
    });
    const at = {
      ...context(of),
      info: { ...context(of).info, command: `kubectl -n ${NAMESPACE}-b get service/web -o yaml` },
    };
    const step: StepOf<'check'> = {
      kind: 'check',
      where: { file: 'web.yaml', line: 1, column: 1 },
      check: ['B01'],
      object: 'service/web',
      in: `${NAMESPACE}-b`,
      fields: { 'spec.ports[0].port': 9999 },
    };
    const { judgements } = await runStep(step, at);
    expect(judgements).toMatchObject([
      { verdict: 'passed', evidence: [{ command: `kubectl -n ${NAMESPACE}-b get service/web -o yaml` }] },
    ]);
  });
});
