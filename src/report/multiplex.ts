import type { Reporter, RunEvent } from '../event/event.js';

/**
 * Many reporters as one. One that throws is not called again, stops neither the run nor the others, and is reported
 * once, so that the run fails for it.
 * @param reporters by the name that `onFailure` hears
 */
export function multiplex(
  reporters: Readonly<Record<string, Reporter>>,
  onFailure: (name: string, error: unknown) => void,
): Required<Reporter> {
  const live = new Map(Object.entries(reporters));
  const drop = (name: string, error: unknown): void => {
    live.delete(name);
    onFailure(name, error);
  };
  return {
    onEvent: (event: RunEvent) => {
      for (const [name, reporter] of live) {
        try {
          reporter.onEvent(event);
        } catch (error) {
          drop(name, error);
        }
      }
    },
    onEnd: async () => {
      for (const [name, reporter] of live) {
        try {
          await reporter.onEnd?.();
        } catch (error) {
          drop(name, error);
        }
      }
    },
  };
}
