import { setTimeout as sleep } from 'node:timers/promises';
import type { PilabError } from '../errors.js';
import { abortError, clusterError, isPassing } from './errors.js';

/** Milliseconds that one answer of the API server may take. */
export const REQUEST_LIMIT_MS = 15_000;
/** Milliseconds for which a passing failure is tried again. */
const PATIENCE_MS = 5000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/** When a piece of work has to stop. */
export interface Limit {
  readonly ms: number;
  readonly signal: AbortSignal;
  /** The error when the time is up. */
  readonly expired: (cause: unknown) => PilabError;
}

/**
 * Work that ends when its time is up or the signal says so, whether it notices or not. The signal that the work gets
 * goes on following `limit.signal` afterwards: a stream that was opened lives under it.
 * @throws whatever the work throws; `limit.expired`; `CLUSTER_ABORTED`
 */
export async function withLimit<T>(limit: Limit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (limit.signal.aborted) throw abortError(limit.signal.reason);
  const clock = new AbortController();
  const stop = AbortSignal.any([limit.signal, clock.signal]);
  const timer = setTimeout(() => clock.abort(), limit.ms);
  let onAbort: () => void = () => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    onAbort = (): void => reject(new Error('stopped'));
    stop.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work(stop), stopped]);
  } catch (error) {
    if (isAborted(limit.signal)) throw abortError(limit.signal.reason);
    if (clock.signal.aborted) throw limit.expired(error);
    throw error;
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', onAbort);
  }
}

/** Asked anew: the compiler takes a signal that was not aborted for one that never will be. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The error of an API server that takes longer than {@link REQUEST_LIMIT_MS}. */
export function noAnswer(server: string): (cause: unknown) => PilabError {
  return (cause) =>
    clusterError('CLUSTER_TIMEOUT', `the API server ${server} did not answer within ${REQUEST_LIMIT_MS / 1000} s`, {
      hint: 'is the control plane up, or overloaded? kubectl get --raw "/readyz?verbose"',
      cause,
    });
}

/** Waits, but not beyond an abort. @throws `CLUSTER_ABORTED` */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw abortError(signal.reason);
  }
}

/** Pauses that get longer. */
export class Backoff {
  #next = FIRST_PAUSE_MS;

  reset(): void {
    this.#next = FIRST_PAUSE_MS;
  }

  /** Milliseconds to pause now. */
  take(): number {
    const now = this.#next;
    this.#next = Math.min(now * 2, LONGEST_PAUSE_MS);
    return now;
  }
}

/** Tries again for some seconds while `again` says that the failure may pass. */
export async function patiently<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  again: (error: unknown) => boolean = isPassing,
): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  const backoff = new Backoff();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const ms = backoff.take();
      if (signal.aborted || !again(error) || performance.now() + ms > until) throw error;
      await pause(ms, signal);
    }
  }
}
