/** A version's numbers: `v1.34.4` and `1.34.4+k3s1` → [1, 34, 4]. Undefined for a text without a number at its start. */
export function parseVersion(text: string): readonly number[] | undefined {
  const numbers = /^v?(\d+(?:\.\d+)*)/.exec(text)?.[1];
  return numbers?.split('.').map(Number);
}

/** Negative: `a` is older than `b`; numbers that are left out count as 0. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** One bound of a range of versions. */
export interface VersionBound {
  readonly sign: '>=' | '<';
  readonly version: readonly number[];
}

/** `>=1.33 <1.36` → its bounds; undefined for anything else. */
export function parseVersionRange(text: string): readonly VersionBound[] | undefined {
  const bounds = text
    .trim()
    .split(/\s+/)
    .map((part): VersionBound | undefined => {
      const [, sign, numbers = ''] = /^(>=|<)(\d+(?:\.\d+)*)$/.exec(part) ?? [];
      const version = parseVersion(numbers);
      return sign === undefined || version === undefined ? undefined : { sign: sign as '>=' | '<', version };
    });
  return bounds.every((bound) => bound !== undefined) ? bounds : undefined;
}

/** Does the version lie in the range? False when either cannot be read: what is not known is not assumed. */
export function inVersionRange(version: string, range: string): boolean {
  const [seen, bounds] = [parseVersion(version), parseVersionRange(range)];
  if (seen === undefined || bounds === undefined) return false;
  return bounds.every(({ sign, version: bound }) => {
    const order = compareVersions(seen, bound);
    return sign === '<' ? order < 0 : order >= 0;
  });
}
