import { parsePath, setPath, type Segment } from '../playbook/path.js';

/** A step of a JSON patch (RFC 6902). */
export interface Operation {
  readonly op: 'add' | 'replace';
  /** A JSON pointer (RFC 6901). */
  readonly path: string;
  readonly value: unknown;
}

/** What `set` does to an object, as a JSON patch for `kubectl patch --local`: maps on the way are made. */
export function operations(object: object, set: Readonly<Record<string, unknown>>): Operation[] {
  const copy = structuredClone(object);
  return Object.entries(set).map(([path, value]) => {
    const operation = operationFor(copy, parsePath(path), value);
    setPath(copy, path, value);
    return operation;
  });
}

function operationFor(object: object, segments: readonly Segment[], value: unknown): Operation {
  let at: unknown = object;
  let depth = 0;
  while (depth < segments.length - 1 && has(at, segments[depth])) {
    at = (at as Record<Segment, unknown>)[segments[depth] ?? ''];
    depth += 1;
  }
  // A patch adds one thing: what it lies in, if that is missing too.
  const nested = segments
    .slice(depth + 1)
    .reduceRight<unknown>((inner, segment) => (typeof segment === 'number' ? [inner] : { [segment]: inner }), value);
  const path = segments
    .slice(0, depth + 1)
    .map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return { op: has(at, segments[depth]) ? 'replace' : 'add', path: path.join(''), value: nested };
}

function has(value: unknown, segment: Segment | undefined): boolean {
  return typeof value === 'object' && value !== null && segment !== undefined && Object.hasOwn(value, segment);
}
