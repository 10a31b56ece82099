import { namespacesLeft } from '../../event/state.js';
import type { Lab } from '../../lab/lab.js';
import type { Plan } from '../../plan/plan.js';
import { DEFAULT_PROBE_IMAGE } from '../../probe/pod.js';
import { Emitter } from '../../run/emitter.js';
import { run } from '../../run/run.js';
import type { Hosts } from '../../ssh/connections.js';
import { labImage } from '../../steps/manifest.js';
import type { Store } from '../../tui/store.js';
import { reportersFor, type DisplayOptions } from '../displays.js';
import { openSession } from '../session.js';
import { version } from '../version.js';

/** What a run on the screen writes besides its record, and how many playbooks it runs side by side. */
export type RunOptions = Omit<DisplayOptions, 'display' | 'lang'> & { readonly jobs: number };

/** A run that the screen shows. */
export interface LiveRun {
  /** Its exit code, once everything is cleaned up and written. */
  readonly ended: Promise<number>;
  stop(): void;
  abandon(): void;
  /** What of it is on the cluster. */
  left(): string[];
}

/** Starts a run; its events go to the store. @throws PilabError when it cannot be recorded */
export function startRun(plan: Plan, lab: Lab, hosts: Hosts, store: Store, options: RunOptions): LiveRun {
  const stop = new AbortController();
  const abandon = new AbortController();
  const outlets = reportersFor(
    plan,
    { ...options, display: 'tui' },
    {
      onEvent: store.event,
      onTrouble: (message) => store.dispatch({ type: 'say', text: { en: message, ja: message }, role: 'warning' }),
    },
  );
  store.dispatch({ type: 'run-opened', source: 'live' });
  const finish = async (): Promise<number> => {
    const outcome = await run(plan, {
      lab,
      connect: (signal) => openSession(lab, signal, { shared: hosts }),
      probeImage: labImage(DEFAULT_PROBE_IMAGE, lab.images),
      jobs: options.jobs,
      version: version(),
      emit: new Emitter(outlets.reporter).emit,
      signal: stop.signal,
      abandon: abandon.signal,
    });
    const reportsFailed = await outlets.end();
    store.flush();
    return reportsFailed && outcome.exitCode === 0 ? 3 : outcome.exitCode;
  };
  return {
    ended: finish(),
    stop: () => stop.abort(new Error('interrupted')),
    abandon: () => {
      stop.abort(new Error('interrupted'));
      abandon.abort(new Error('interrupted twice'));
    },
    left: () => {
      const { run: shown } = store.get();
      return shown === undefined ? [] : namespacesLeft(shown.state);
    },
  };
}
