import type { Judgement, RunEvent } from '../event/event.js';
import { reduce, type StepState } from '../event/state.js';
import { allHarmless } from '../report/layout.js';
import { addSeen, seenOf } from './seen.js';
import type { RunView } from './state.js';

/** Of one step no more than this is kept: a screen shows less, and the record has it all. */
const MOST_JUDGEMENTS = 64;
const MOST_MEASURED = 128;
const MOST_WARNINGS = 32;
/** Characters of a piece of evidence: more than a screen has. */
const EVIDENCE_CHARACTERS = 4096;

/** The run after one more event. What it holds is bounded by the plan, not by the number of events. */
export function keepEvent(run: RunView, raw: RunEvent): RunView {
  if (raw.type === 'observed') {
    const seen = seenOf(raw.observation);
    if (seen === undefined) return run;
    const place = allHarmless(raw.place);
    return { ...run, seen: addSeen(run.seen, raw.step, place, allHarmless(seen)) };
  }
  const event = allHarmless(raw);
  if (event.type === 'run-started') return { ...run, seen: {}, state: reduce(run.state, event) };
  if (event.type === 'judged') return { ...run, state: reduce(run.state, bounded(run, event)) };
  const state = reduce(run.state, event);
  return { ...run, state: event.type === 'measured' || event.type === 'warning' ? trimmed(state, event.step) : state };
}

function bounded(run: RunView, event: RunEvent & { readonly type: 'judged' }): RunEvent {
  const step = run.state.playbooks
    .find(({ info }) => event.step.startsWith(`${info.name}/`))
    ?.steps.find(({ info }) => info.id === event.step);
  // An event about no known step changes nothing, and is the way to say "no more of this".
  if (step !== undefined && step.judgements.length >= MOST_JUDGEMENTS) return { ...event, step: '' };
  return { ...event, judgement: shortened(event.judgement) };
}

function shortened(judgement: Judgement): Judgement {
  const evidence = judgement.evidence.map((each) =>
    each.output.length <= EVIDENCE_CHARACTERS
      ? each
      : { ...each, output: `${each.output.slice(0, EVIDENCE_CHARACTERS)}\n…` },
  );
  return { ...judgement, evidence };
}

function trimmed(state: RunView['state'], step: string | undefined): RunView['state'] {
  if (step === undefined) {
    return state.warnings.length <= MOST_WARNINGS
      ? state
      : { ...state, warnings: state.warnings.slice(-MOST_WARNINGS) };
  }
  const isLong = ({ measured, warnings }: StepState): boolean =>
    measured.length > MOST_MEASURED || warnings.length > MOST_WARNINGS;
  if (!state.playbooks.some(({ steps }) => steps.some(isLong))) return state;
  return {
    ...state,
    playbooks: state.playbooks.map((playbook) => ({
      ...playbook,
      steps: playbook.steps.map((each) =>
        isLong(each)
          ? { ...each, measured: each.measured.slice(-MOST_MEASURED), warnings: each.warnings.slice(-MOST_WARNINGS) }
          : each,
      ),
    })),
  };
}
