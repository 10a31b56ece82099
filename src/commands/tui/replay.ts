import type { RunEvent } from '../../event/event.js';
import { eventsOf } from './records.js';

/** How fast a replay goes. */
export interface Pace {
  /** Times as fast as it was; 0: as fast as possible. */
  readonly speed: number;
  readonly paused: boolean;
}

/** A wait is cut into such pieces, so that a change of pace is felt at once. */
const TICK_MS = 50;
/** A pause in the record that is longer than this is shortened: nobody watches an hour pass. */
const LONGEST_PAUSE_MS = 10_000;
/** As fast as possible still lets keys in. */
const BATCH = 500;

/** Plays a record's events in their own time, divided by the speed. */
export async function replay(
  file: string,
  pace: () => Pace,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let before = 0;
  let count = 0;
  for await (const event of eventsOf(file)) {
    await elapse(Math.min(LONGEST_PAUSE_MS, event.ms - before), pace, signal);
    if (signal.aborted) return;
    before = event.ms;
    onEvent(event);
    count += 1;
    if (count % BATCH === 0) await pause(0);
  }
}

async function elapse(ms: number, pace: () => Pace, signal: AbortSignal): Promise<void> {
  let rest = ms;
  while (!signal.aborted) {
    const { speed, paused } = pace();
    if (paused) {
      await pause(TICK_MS);
      continue;
    }
    if (speed === 0 || rest <= 0) return;
    const piece = Math.min(TICK_MS, rest / speed);
    await pause(piece);
    rest -= piece * speed;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms === 0) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}
