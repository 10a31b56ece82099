import { DEFAULT_PROBE_IMAGE } from '../probe/pod.js';
import type { Lab } from '../lab/lab.js';
import type { Plan } from '../plan/plan.js';
import { Emitter } from '../run/emitter.js';
import { run } from '../run/run.js';
import { labImage } from '../steps/manifest.js';
import { reportersFor, type DisplayOptions } from './displays.js';
import { terminalPrompt } from './prompt.js';
import { openSession } from './session.js';
import { interruptible } from './signals.js';
import { version } from './version.js';

/** Runs a plan with displays, reports and signals around it. @returns the process's exit code */
export async function verifyPlan(
  plan: Plan,
  lab: Lab,
  options: DisplayOptions & { readonly jobs: number },
): Promise<number> {
  const outlets = reportersFor(plan, options);
  const interrupt = interruptible(() => outlets.left());
  try {
    const outcome = await run(plan, {
      lab,
      connect: (signal) => openSession(lab, signal, { prompt: outlets.asking(terminalPrompt()) }),
      probeImage: labImage(DEFAULT_PROBE_IMAGE, lab.images),
      jobs: options.jobs,
      version: version(),
      emit: new Emitter(outlets.reporter).emit,
      signal: interrupt.signal,
      abandon: interrupt.abandon,
    });
    const reportsFailed = await outlets.end();
    return reportsFailed && outcome.exitCode === 0 ? 3 : outcome.exitCode;
  } finally {
    interrupt.dispose();
  }
}
