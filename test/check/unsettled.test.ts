import { describe, expect, it } from 'vitest';
import { nextUnsettled, whyUnsettled } from '../../src/check/unsettled.js';
import type { Gate } from '../../src/probe/gate.js';

const gate = (state: Gate['state'], last: string): Gate => ({ kind: 'gate', reached: false, state, tries: 9, last });
const lines = (seen: Gate, place: object = {}): string =>
  nextUnsettled(seen, { url: 'http://10.96.0.7:8080/', namespace: 'n', service: 'web', node: 'b', ...place })
    .map(({ en }) => en)
    .join('\n');

describe('a Service that does not come to serve', () => {
  it('refused: nobody listens in the pods, so the endpoints come first', () => {
    expect(whyUnsettled(gate('empty', 'refused'), 'serving', undefined).en).toMatch(/targetPort.*readinessProbe/);
    expect(lines(gate('empty', 'refused'))).toMatch(/^Which endpoints/);
  });

  it('silent: the rules of the node, the Service’s ports, the pod network', () => {
    expect(lines(gate('silent', 'curl exit 28'))).toMatch(/^Are the rules on b\?[^]*Which ports[^]*route/);
  });

  it('one pod of several: the rules and the way to it, not the ports', () => {
    expect(whyUnsettled(gate('partly', 'never x'), 'serving', undefined).en).toContain('the way to a pod is cut');
    expect(lines(gate('partly', 'never x'))).toMatch(/^Are the rules on b\?[^]*route/);
  });

  it('asked at a node: that node’s firewall and rules', () => {
    const nodes = [{ name: 'a', address: '192.0.2.11', podCIDR: '10.244.0.0/24' }];
    const at = { url: 'http://192.0.2.11:30080/', nodes, node: undefined };
    expect(lines(gate('silent', 'curl exit 28'), at)).toMatch(/rules on a\?[^]*firewall on a /);
  });

  it('asked at a load balancer’s address: who answers for it', () => {
    expect(lines(gate('silent', 'no route'), { door: 'loadBalancer' })).toMatch(/Which address was given/);
  });

  it('still serving though nobody is ready: stale rules', () => {
    expect(whyUnsettled(gate('serving', 'status 200'), 'empty', undefined).en).toContain('stale');
  });
});
