import { EVENT_VERSION, type EventBody, type Reporter, type RunEvent } from '../event/event.js';

/** Puts the stamp on events and hands them on, in order. */
export class Emitter {
  #seq = 0;
  readonly #startedAt: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly reporter: Reporter,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#startedAt = now();
  }

  /** Milliseconds since the run started. */
  get ms(): number {
    return Math.round(this.now() - this.#startedAt);
  }

  readonly emit = (body: EventBody): void => {
    const event: RunEvent = { v: EVENT_VERSION, seq: ++this.#seq, ms: this.ms, ...body };
    this.reporter.onEvent(event);
  };
}
