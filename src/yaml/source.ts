import {
  type Document,
  LineCounter,
  type Node,
  type Pair,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseAllDocuments,
} from 'yaml';
import { messageOf } from '../errors.js';
import type { Position, Problem } from './problem.js';

/** A way into a document: keys of maps and indexes of lists. */
export type Path = readonly PropertyKey[];

/** One YAML document that still knows where each of its parts stands. */
export interface SourceDocument {
  readonly file: string;
  readonly yaml: Document;
  readonly lines: LineCounter;
  /** The document as plain data; undefined when its syntax is wrong. */
  readonly value: unknown;
}

/**
 * Reads YAML 1.2. Documents whose syntax is wrong are left out of `documents`, their mistakes are in `problems`; an
 * empty text has no documents. `file` is only the name that positions carry.
 */
export function parseYaml(file: string, text: string): { documents: SourceDocument[]; problems: Problem[] } {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const documents: SourceDocument[] = [];
  const problems: Problem[] = [];
  for (const yaml of Array.isArray(parsed) ? parsed : []) {
    // A warning is a tag or directive that the parser did not understand: the file says something we would ignore.
    const mistakes = [...yaml.errors, ...yaml.warnings].map((error) => ({
      ...position(file, lines, error.pos[0]),
      message: error.message,
    }));
    problems.push(...mistakes);
    if (mistakes.length > 0) continue;
    try {
      documents.push({ file, yaml, lines, value: yaml.toJS() });
    } catch (error) {
      // Aliases that multiply beyond the parser's limit, or that name no anchor.
      problems.push({ file, line: 1, column: 1, message: messageOf(error) });
    }
  }
  return { documents, problems };
}

/**
 * Where the value at `path` stands, or the key before it with `part: 'key'`. A path that leads nowhere gives the
 * deepest part of it that exists: a missing key is reported at its map.
 */
export function positionOf(document: SourceDocument, path: Path, part: 'key' | 'value' = 'value'): Position {
  let node: unknown = document.yaml.contents;
  let offset = offsetOf(node) ?? 0;
  for (const [index, segment] of path.entries()) {
    const found = child(document.yaml, node, segment);
    if (found === undefined) break;
    const isLast = index === path.length - 1;
    node = found.value;
    offset = (isLast && part === 'key' ? offsetOf(found.key) : offsetOf(node)) ?? offsetOf(found.key) ?? offset;
  }
  return position(document.file, document.lines, offset);
}

/** The plain data at `path`, or undefined. */
export function valueAt(document: SourceDocument, path: Path): unknown {
  let value: unknown = document.value;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[segment];
  }
  return value;
}

function child(
  document: Document,
  parent: unknown,
  segment: PropertyKey,
): { key?: unknown; value: unknown } | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node))
    return typeof segment === 'number' && segment in node.items ? { value: node.items[segment] } : undefined;
  if (!isMap(node)) return undefined;
  // Keys such as `80:` are numbers in YAML and text in plain data.
  return node.items.find((pair: Pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === String(segment));
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}

function position(file: string, lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}
