import type { EventBody, StepInfo } from '../event/event.js';
import type { Stop } from '../event/stop.js';
import { onlyLooks } from '../plan/batch.js';
import { expectationWords } from '../plan/expectation-words.js';
import type { Step } from '../playbook/schema.js';
import { filledWhereKnown } from '../steps/lookup.js';
import { itemsNow } from '../steps/question.js';
import { typedNow } from '../steps/typed-now.js';
import type { Text } from '../text.js';
import { PilabError } from '../errors.js';
import { batchDriver } from './batch-driver.js';
import type { Course, Driver, Ending, Scene } from './driver.js';
import { keptOf, markPaused, type Kept } from './kept.js';
import { unmetWhen } from './needs.js';
import { blockedBy, tellStep, untilAborted, type ToldStep } from './step.js';

/** What the presenter wants. */
export type Move =
  /** Run the step unless it has been run, and go on to the next. At the end: clean up. */
  | { readonly kind: 'next' }
  /** Run it again, and go on to the next. */
  | { readonly kind: 'again' }
  /** Run it, again if it may be, and look at it. */
  | { readonly kind: 'run' }
  /** Show that step. On the way forward, what later steps build on is done, and what only looks is left out. */
  | { readonly kind: 'to'; readonly number: number }
  /** Stop here, and clean up. */
  | { readonly kind: 'quit' }
  /** Stop here; the namespaces stay. */
  | { readonly kind: 'keep' };

/** Who leads through the steps. */
export interface Presenter {
  /** Asked before each step; undefined: all steps are over. */
  readonly move: (stop: Stop | undefined) => Promise<Move>;
  /** Keeps it where a later process finds it. @throws PilabError: the walkthrough goes on */
  readonly keep: (kept: Kept) => Promise<void>;
  /** A move that could not be made. */
  readonly refused: (error: PilabError) => void;
}

/** What an earlier part of the walkthrough left. */
export interface Earlier {
  readonly kept: Kept;
  /** The events of its steps, told again so that this record is whole; none when its record is lost. */
  readonly events: readonly EventBody[];
}

/** The presenter decides which step comes next. */
export function walkDriver(presenter: Presenter, earlier?: Earlier): Driver {
  return async (course) =>
    'unmet' in course.scene ? batchDriver(course) : new Walk(course, course.scene, presenter).run(earlier);
}

class Walk {
  readonly #done = new Map<number, ToldStep>();
  /** In the order in which they were run: indices from 0. */
  readonly #order: number[] = [];
  readonly #steps: readonly Step[];

  constructor(
    private readonly course: Course,
    private readonly scene: Scene,
    private readonly presenter: Presenter,
  ) {
    this.#steps = course.planned.playbook.steps;
  }

  async run(earlier: Earlier | undefined): Promise<Ending> {
    let at = this.#restore(earlier);
    const { signal } = this.course.deps;
    for (;;) {
      signal.throwIfAborted();
      if (!this.#done.has(at) && this.#notHere(at) !== undefined) {
        await this.#tell(at++);
        continue;
      }
      const stop = await this.#stop(at);
      const move = await untilAborted(this.presenter.move(stop), signal);
      switch (move.kind) {
        case 'next':
          if (stop === undefined) return 'over';
          if (!this.#done.has(at)) await this.#tell(at);
          at += 1;
          break;
        case 'again':
          if (stop?.again !== true) break;
          await this.#tell(at, stop.changedBy);
          at += 1;
          break;
        case 'run':
          if (stop !== undefined && (stop.again || !this.#done.has(at))) await this.#tell(at, stop.changedBy);
          break;
        case 'to': {
          const to = Math.max(0, Math.min(this.#steps.length, move.number - 1));
          await this.#prepare(at, to);
          at = to;
          break;
        }
        case 'keep':
          if (await this.#keep(at)) return { kept: { next: at + 1 } };
          break;
        case 'quit':
          return 'over';
      }
    }
  }

  /** @returns index of the step that comes first */
  #restore(earlier: Earlier | undefined): number {
    if (earlier === undefined) return 0;
    const { planned, deps, onStep } = this.course;
    for (const event of earlier.events) deps.emit(event);
    for (const [index, info] of planned.steps.entries()) {
      const done = earlier.kept.done[info.id];
      if (done === undefined) continue;
      this.#done.set(index, done);
      this.#order.push(index);
      onStep(info, done.verdict);
    }
    return earlier.kept.next - 1;
  }

  /** Why a step is not for this cluster. */
  #notHere(index: number): Text | undefined {
    const step = this.#steps[index];
    return step && unmetWhen(step, this.course.facts, this.course.deps.lab);
  }

  async #tell(index: number, changedBy?: StepInfo): Promise<void> {
    const [step, info] = [this.#steps[index], this.course.planned.steps[index]];
    if (step === undefined || info === undefined) return;
    const { emit } = this.course.deps;
    // A class may take longer over one step than a probe pod lives.
    this.scene.places.pods.forget();
    const told = await tellStep(step, info, emit, this.scene, this.#blocked(index) ?? this.#notHere(index));
    if (changedBy !== undefined && told.verdict !== 'passed') {
      const message = `run again after step ${changedBy.id} had changed the cluster`;
      emit({ type: 'warning', step: info.id, message });
    }
    this.#done.set(index, told);
    if (told.verdict !== 'skipped') {
      this.#order.splice(0, Infinity, ...this.#order.filter((each) => each !== index), index);
    }
    this.course.onStep(info, told.verdict);
  }

  /** Why a step cannot be run: one before it did not succeed. */
  #blocked(index: number): Text | undefined {
    const cause = this.course.planned.steps.find((_, each) => each < index && this.#done.get(each)?.blocks === true);
    return cause && blockedBy(cause);
  }

  /** On the way forward: what has not happened, and is not only a look, happens now. */
  async #prepare(from: number, to: number): Promise<void> {
    for (const [index, step] of this.#steps.slice(0, to).entries()) {
      if (index < from || this.#done.has(index) || onlyLooks(step)) continue;
      this.course.deps.signal.throwIfAborted();
      await this.#tell(index);
    }
  }

  async #stop(index: number): Promise<Stop | undefined> {
    const [step, info] = [this.#steps[index], this.course.planned.steps[index]];
    if (step === undefined || info === undefined) return undefined;
    const context = { ...this.scene, info, emit: (): void => undefined };
    const items = step.kind === 'probe' ? await itemsNow(step, context) : [];
    const fill = (text: string): Promise<string> => filledWhereKnown(text, context, 'lab', { each: items[0] });
    const done = this.#done.get(index);
    return {
      number: index + 1,
      info,
      command: await typedNow(step, context, 'lab', items),
      expects: await Promise.all(
        expectationWords(step).map(async ({ en, ja }) => ({ en: await fill(en), ja: await fill(ja) })),
      ),
      notes: step.notes,
      verdict: done?.verdict,
      again: done !== undefined && (mayRunAgain(step) || done.verdict !== 'passed'),
      changedBy: this.#changedSince(index),
    };
  }

  /** The last step that changed something after this one was run. */
  #changedSince(index: number): StepInfo | undefined {
    const later = this.#order.slice(this.#order.lastIndexOf(index) + 1);
    if (!this.#order.includes(index)) return undefined;
    const changed = later.filter((each) => {
      const step = this.#steps[each];
      return step !== undefined && !mayRunAgain(step);
    });
    const last = changed.at(-1);
    return last === undefined ? undefined : this.course.planned.steps[last];
  }

  async #keep(at: number): Promise<boolean> {
    const { planned, deps } = this.course;
    const { cluster, signal } = deps;
    const done = Object.fromEntries(
      [...this.#done].flatMap(([index, told]) => {
        const info = planned.steps[index];
        return info === undefined ? [] : [[info.id, { verdict: told.verdict, blocks: told.blocks }]];
      }),
    );
    try {
      const kept = keptOf(planned, this.scene, at + 1, done);
      await markPaused(cluster, kept.namespaces, true, signal);
      await this.presenter.keep(kept);
      return true;
    } catch (error) {
      if (!(error instanceof PilabError)) throw error;
      this.presenter.refused(error);
      return false;
    }
  }
}

/** Does running it once more leave everything as it is? */
function mayRunAgain(step: Step): boolean {
  return onlyLooks(step) || step.kind === 'wait' || step.kind === 'pause';
}
