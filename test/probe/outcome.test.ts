import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/probe/outcome.js';

const exit7 = (trace: string[], ms = 0.1) =>
  outcomeOf({ exitCode: 7, error: "Failed to connect to 10.0.0.9 port 80: Couldn't connect to server", trace, ms });

describe("curl's exit 7", () => {
  it.each([
    ['* connect to 10.96.0.1 port 80 failed: Connection refused', 'refused'],
    ['* connect to 10.96.0.1 port 80 from 10.244.1.7 port 41000 failed: Connection refused', 'refused'],
    ['* connect to 192.168.66.99 port 80 failed: No route to host', 'no-route'],
    ['* connect to 192.168.66.99 port 80 from 10.244.1.7 port 4 failed: Host is unreachable', 'no-route'],
    ['* Immediate connect fail for 10.96.0.1: Network is unreachable', 'no-route'],
    ['* Immediate connect fail for 10.96.0.1: Network unreachable', 'no-route'],
    ['* connect to 10.96.0.1 port 80 failed: Operation timed out', 'timeout'],
    ['* connect to 127.0.0.1 port 80 failed: Connection reset by peer', 'reset'],
  ])('%s: %s', (line, outcome) => expect(exit7([line])).toBe(outcome));

  it('is a refusal when one of several addresses refused', () => {
    expect(
      exit7([
        '* connect to ::1 port 80 failed: Network is unreachable',
        '* connect to 127.0.0.1 port 80 failed: Connection refused',
      ]),
    ).toBe('refused');
  });

  it('goes by the text and not by the time: a rate-limited refusal may take seconds', () => {
    expect(exit7(['* connect to 10.96.0.1 port 80 failed: Connection refused'], 3060)).toBe('refused');
    expect(exit7(['* connect to 10.96.0.1 port 80 failed: No route to host'], 0.1)).toBe('no-route');
  });

  it('goes by the time only without any text', () => {
    expect(exit7([], 1010)).toBe('refused');
    expect(exit7([], 3060)).toBe('no-route');
  });
});

describe('other exits', () => {
  const plain = (exitCode: number, error = '') => outcomeOf({ exitCode, error, trace: [], ms: 1 });

  it('have their words', () => {
    expect([0, 6, 28, 52, 56, 35, 60, 18, 3].map((code) => plain(code))).toEqual([
      'ok',
      'no-name',
      'timeout',
      'reset',
      'reset',
      'tls',
      'tls',
      'bad-body',
      'other',
    ]);
  });

  it('tell a resolver that stays silent from a Service that does', () => {
    expect(plain(28, 'Resolving timed out after 4000 milliseconds')).toBe('no-name');
    expect(plain(28, 'Connection timed out after 4001 milliseconds')).toBe('timeout');
    expect(plain(28, 'Failed to connect to 10.0.0.1 port 80 after 4000 ms: Timeout was reached')).toBe('timeout');
  });
});
