import { isAbsolute, relative } from 'node:path';

/** A path as a person wants to read it: relative where it lies below the working directory. */
export function shownPath(file: string): string {
  const near = relative(process.cwd(), file);
  return near === '' || near.startsWith('..') || isAbsolute(near) ? file : near;
}
