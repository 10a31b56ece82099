import type { Text } from '../text.js';
import type { StepInfo, Verdict } from './event.js';

/** A step that the class looks at, before it is run or again after. */
export interface Stop {
  /** Number of the step, from 1. */
  readonly number: number;
  readonly info: StepInfo;
  /** What a person would type, references filled in where they are known. */
  readonly command: string;
  /** What should be seen. */
  readonly expects: readonly Text[];
  readonly notes: Text | undefined;
  /** How it ended; undefined: it has not been run. */
  readonly verdict: Verdict | undefined;
  /** It may be run again: it changes nothing, or it did not succeed. */
  readonly again: boolean;
  /** A step that has changed the cluster since this one was run: what is expected may no longer hold. */
  readonly changedBy: StepInfo | undefined;
}
