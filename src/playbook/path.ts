import { PilabError } from '../errors.js';

/** A key of a map or an index of a list. */
export type Segment = string | number;

const PART = /^(?:\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\["((?:[^"\\])+)"\])/;

/**
 * `spec.ports[0].port`, `metadata.annotations["pilab.dev/run"]` → its parts.
 * @throws PilabError `PATH_INVALID`
 */
export function parsePath(path: string): Segment[] {
  const segments: Segment[] = [];
  let rest = path;
  while (rest !== '') {
    const match = PART.exec(rest);
    // A dot may only stand between two parts.
    if (match === null || (segments.length === 0 && rest.startsWith('.'))) throw invalid(path, rest);
    const [all, key, index, quoted] = match;
    if (key !== undefined && segments.length > 0 && !rest.startsWith('.')) throw invalid(path, rest);
    segments.push(index === undefined ? (key ?? quoted ?? '') : Number.parseInt(index, 10));
    rest = rest.slice(all.length);
  }
  if (segments.length === 0) throw invalid(path, rest);
  return segments;
}

function invalid(path: string, rest: string): PilabError {
  return new PilabError({
    code: 'PATH_INVALID',
    message: `${JSON.stringify(path)} is not a path${rest === '' ? '' : `: cannot read on at ${JSON.stringify(rest)}`}`,
    hint: 'write it as spec.ports[0].port or metadata.labels["app.kubernetes.io/name"]',
  });
}

/** The value at a path, or undefined where the object has nothing there. @throws PilabError `PATH_INVALID` */
export function getPath(object: unknown, path: string): unknown {
  let value: unknown = object;
  for (const segment of parsePath(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<Segment, unknown>)[segment];
  }
  return value;
}

/**
 * Puts a value into a copy's own place; maps on the way are made, list items must exist already (or be the next one).
 * @throws PilabError `PATH_INVALID` for a path that leads through a text or number, or beyond a list's end
 */
export function setPath(object: object, path: string, value: unknown): void {
  const segments = parsePath(path);
  let parent = object as Record<Segment, unknown>;
  for (const [index, segment] of segments.entries()) {
    if (Array.isArray(parent) && (typeof segment !== 'number' || segment > parent.length)) throw unreachable(path);
    // A path comes from a file: it must not reach an object's prototype.
    if (segment === '__proto__') throw unreachable(path);
    const next = segments[index + 1];
    if (next === undefined) {
      parent[segment] = value;
      return;
    }
    const child = Object.hasOwn(parent, segment) ? parent[segment] : undefined;
    if (child !== undefined && (typeof child !== 'object' || child === null)) throw unreachable(path);
    const made: unknown = child ?? (typeof next === 'number' ? [] : {});
    parent[segment] = made;
    parent = made as Record<Segment, unknown>;
  }
}

function unreachable(path: string): PilabError {
  return new PilabError({
    code: 'PATH_INVALID',
    message: `${JSON.stringify(path)} leads nowhere in this object`,
    hint: 'each part before the last must be a map, or a list that is long enough',
  });
}
