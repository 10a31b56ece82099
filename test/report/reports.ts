import type { RunEvent } from '../../src/event/event.js';
import { initialState, reduce, type RunState } from '../../src/event/state.js';
import { plainReporter, type PlainOptions } from '../../src/report/plain.js';

/** The state after all of these events. */
export function stateAfter(events: readonly RunEvent[]): RunState {
  return events.reduce(reduce, initialState());
}

/** What the plain display writes, piece by piece. */
export async function plainWrites(
  events: readonly RunEvent[],
  options: Partial<PlainOptions> = {},
): Promise<readonly string[]> {
  const written: string[] = [];
  const reporter = plainReporter({
    columns: 80,
    color: false,
    unicode: true,
    tty: false,
    lang: 'en',
    write: (text) => void written.push(text),
    ...options,
  });
  for (const event of events) reporter.onEvent(event);
  await reporter.onEnd?.();
  return written;
}
