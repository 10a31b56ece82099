import type { Problem } from '../yaml/problem.js';
import { type Path, type SourceDocument, positionOf } from '../yaml/source.js';

/** One step of a file while it is checked. */
export interface StepSource {
  readonly document: SourceDocument;
  /** Where the step stands in the document. */
  readonly path: Path;
  /** As plain data, before it is checked. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A problem at a part of a step; `part: 'key'` points at the key instead of its value. */
export function stepProblem(
  source: StepSource,
  path: Path,
  message: string,
  hint?: string,
  part: 'key' | 'value' = 'value',
): Problem {
  const position = positionOf(source.document, [...source.path, ...path], part);
  return { ...position, message, ...(hint === undefined ? {} : { hint }) };
}
