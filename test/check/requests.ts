import type { Observation, Outcome, Request } from '../../src/probe/observation.js';

export const URL_ = 'http://10.96.0.42:8080/';

/** A request that the sample server answered. */
export function answer(from: string, more: Partial<Request> & { client?: string; host?: string } = {}): Request {
  const { client = '10.244.1.7', host = '10.96.0.42:8080', ...rest } = more;
  return {
    url: URL_,
    outcome: 'ok',
    status: 200,
    exitCode: 0,
    ms: 0.5,
    remote: '10.96.0.42',
    answer: { host, path: '/', from, client, forwardedFor: '' },
    ...rest,
  };
}

/** A request that got none. */
export function failure(outcome: Outcome, more: Partial<Request> = {}): Request {
  const exitCode = { refused: 7, timeout: 28, 'no-name': 6, 'no-route': 7 }[outcome as string] ?? 99;
  return { url: URL_, outcome, status: 0, exitCode, ms: 1, remote: '', error: 'curl says so', ...more };
}

export function http(...requests: Request[]): Observation {
  return { kind: 'http', requests };
}

/** `{ a: 3, b: 1 }` → four answers. */
export function answers(counts: Record<string, number>): Request[] {
  return Object.entries(counts).flatMap(([name, count]) => Array.from({ length: count }, () => answer(name)));
}
