import type { Step } from '../playbook/schema.js';
import { applyStep } from './apply.js';
import { checkStep } from './check.js';
import { deleteStep, patchStep, scaleStep } from './change.js';
import type { StepContext, StepResult } from './context.js';
import { pauseStep } from './pause.js';
import { probeStep } from './probe.js';
import { saveStep } from './save.js';
import { tryStep } from './try.js';
import { waitStep } from './wait.js';

/** Runs one step. What could not be measured comes back as a judgement or as a PilabError; a defect or an abort throws. */
export function runStep(step: Step, context: StepContext): Promise<StepResult> {
  switch (step.kind) {
    case 'apply':
      return applyStep(step, context);
    case 'delete':
      return deleteStep(step, context);
    case 'scale':
      return scaleStep(step, context);
    case 'patch':
      return patchStep(step, context);
    case 'wait':
      return waitStep(step, context);
    case 'pause':
      return pauseStep(step, context);
    case 'save':
      return saveStep(step, context);
    case 'probe':
      return probeStep(step, context);
    case 'check':
      return checkStep(step, context);
    case 'try':
      return tryStep(step, context);
  }
}
