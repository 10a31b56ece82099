import { afterEach, describe, expect, it } from 'vitest';
import { finding, judged, kubectl, leftovers, onNode, verdicts, verifyWithFault } from './rack.js';

/** Stops or continues kube-proxy on a node: its rules stay, and grow old. */
async function proxyOn(node: string, signal: '-STOP' | '-CONT'): Promise<void> {
  const pid = await onNode(node, 'pidof', 'kube-proxy');
  await onNode(node, 'kill', signal, pid.trim());
}

describe('a node whose kube-proxy stands still', () => {
  afterEach(async () => expect(await leftovers()).toBe(''));

  it('keeps rules for a pod that is gone: that node fails, and all places together name it', async () => {
    const [two, gone] = ['Two endpoints, half each', 'Its rules go with it, on every node'];
    const run = await verifyWithFault(['kube-proxy'], {
      // Early enough: the run goes on for a moment until it is stopped itself.
      after: 'Wait until the Service answers',
      inject: () => proxyOn('raspi003', '-STOP'),
      until: gone,
      heal: () => proxyOn('raspi003', '-CONT'),
    });
    expect(run.exitCode).toBe(1);
    expect(verdicts(run, 'All nodes hold the same rules')).toMatchObject({ 'all places': 'passed' });
    expect(verdicts(run, two)).toMatchObject({
      'host@raspi001': 'passed',
      'host@raspi002': 'passed',
      'host@raspi003': 'failed',
      'all places': 'failed',
    });
    const stale = judged(run, two).find(({ place }) => place === 'host@raspi003');
    expect(finding(stale, 'targets')).toMatchObject({ verdict: 'failed' });
    expect(stale?.next[0]?.en).toContain('ssh raspi003');
    const together = judged(run, two).find(({ place }) => place === 'all places');
    expect(together?.findings[0]?.observed).toMatch(/^host@raspi001, host@raspi002: .* \| host@raspi003: /);
    expect(together?.next[0]?.en).toContain('ssh raspi003');
    expect(verdicts(run, gone)).toMatchObject({ 'host@raspi002': 'passed', 'host@raspi003': 'failed' });
    await kubectl('-n', 'kube-system', 'rollout', 'status', 'daemonset/kube-proxy', '--timeout=60s');
  });
});
