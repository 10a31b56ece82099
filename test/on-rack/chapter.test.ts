import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/event/event.js';
import { listPlaybooks } from '../../src/playbook/library.js';
import { CHAPTER, healthyRun } from './healthy-run.js';
import { modeDependent, switchProxyMode } from './proxy-mode.js';
import { playbookSteps } from './rack.js';

/** Claims (without the traps, T) that both runs together prove on the rack; raise it when more are proven. */
const PROVEN = 158;

/** Step id → verdict. */
function verdictsOf(events: readonly RunEvent[]): Map<string, string> {
  return new Map(
    events.flatMap((event) => (event.type === 'step-finished' ? [[event.step, event.verdict] as const] : [])),
  );
}

/** What did not pass: when, where, and what was seen, as the run itself is gone when somebody reads this. */
function troubles(events: readonly RunEvent[]): string[] {
  const titles = new Map(playbookSteps(events).map(({ id, title }) => [id, title.en]));
  return events.flatMap((event) => {
    if (event.type !== 'judged' || !['failed', 'inconclusive'].includes(event.judgement.verdict)) return [];
    const { place, verdict, findings, durationMs } = event.judgement;
    const seen = findings
      .filter((finding) => finding.verdict !== 'passed')
      .map(({ what, expected, observed }) => `${what}: ${observed} instead of ${expected}`);
    const at = `after ${event.ms} ms (took ${durationMs} ms)`;
    return [`${at}: ${event.step} ${titles.get(event.step) ?? ''}, ${place} ${verdict}: ${seen.join('; ')}`];
  });
}

function proven(events: readonly RunEvent[]): string[] {
  const verdicts = verdictsOf(events);
  return playbookSteps(events).flatMap(({ id, claims }) => (verdicts.get(id) === 'passed' ? claims : []));
}

/** Why steps were skipped. */
function reasons(events: readonly RunEvent[]): Set<string> {
  const skipped = events.flatMap((event) =>
    event.type === 'judged' && event.judgement.verdict === 'skipped'
      ? [event.judgement.findings[0]?.observed ?? '']
      : [],
  );
  return new Set(skipped);
}

const iptables = (): Promise<readonly RunEvent[]> => healthyRun(CHAPTER);
const nftables = async (): Promise<readonly RunEvent[]> => healthyRun('nftables', await modeDependent());

describe('the whole chapter in proxy mode iptables', () => {
  let events: readonly RunEvent[];
  beforeAll(async () => {
    events = await iptables();
  }, 600_000);

  it('runs every shipped playbook, and nothing fails or cannot be measured', async () => {
    const start = events.find((event) => event.type === 'run-started');
    expect(start?.playbooks.map(({ name }) => name).sort()).toEqual(await listPlaybooks());
    expect(troubles(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'run-finished', verdict: 'passed', exitCode: 0 });
  });

  it('skips only what belongs to another proxy mode, controller or version', () => {
    for (const reason of reasons(events)) {
      expect(reason).toMatch(
        /^holds (in proxy mode (nftables|ipvs|nftables, ipvs);|with ingress controller traefik|for (Kubernetes|CoreDNS|MetalLB) )/,
      );
    }
  });
});

describe('the playbooks that differ with the mode, in proxy mode nftables', () => {
  let events: readonly RunEvent[];
  beforeAll(async () => {
    await switchProxyMode('nftables');
    events = await nftables();
  }, 600_000);
  afterAll(() => switchProxyMode('iptables'));

  it('nothing fails or cannot be measured', () => {
    expect(events.find((event) => event.type === 'cluster-read')?.facts.proxyMode).toBe('nftables');
    expect(troubles(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'run-finished', verdict: 'passed', exitCode: 0 });
  });

  it('the steps of this mode ran, and those of iptables were skipped', () => {
    expect([...reasons(events)]).toContainEqual(
      expect.stringMatching(/^holds in proxy mode iptables; this cluster runs nftables/),
    );
    for (const reason of reasons(events)) expect(reason).not.toMatch(/^holds in proxy mode .*nftables.*; this/);
  });

  it('both modes together prove the chapter', async () => {
    const claims = new Set([...proven(await iptables()), ...proven(events)].filter((claim) => !claim.startsWith('T')));
    expect(claims.size).toBeGreaterThanOrEqual(PROVEN);
  });
});
