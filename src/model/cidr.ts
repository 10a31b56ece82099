/**
 * IPv4 ranges as numbers. Node's own `net.BlockList` can only answer "is it inside?", not name a range's first address,
 * so the little that is needed is here; IPv6 is out of scope for a lab whose pod network is flannel's IPv4.
 */
export interface Cidr {
  /** Network address as an unsigned number. */
  readonly network: number;
  /** Prefix length. */
  readonly bits: number;
  /** Number of addresses. */
  readonly size: number;
}

/** An IPv4 address as an unsigned number, or undefined. Leading zeros are refused, as the API server soon will. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((value, part) => value * 256 + Number(part), 0);
}

/** The dotted form. */
export function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** `10.244.1.0/24`; host bits are cut off. Undefined for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const [head = '', tail = '', ...rest] = text.split('/');
  const address = parseAddress(head);
  if (address === undefined || rest.length > 0 || !/^\d{1,2}$/.test(tail) || Number(tail) > 32) return undefined;
  const bits = Number(tail);
  const size = 2 ** (32 - bits);
  return { network: address - (address % size), bits, size };
}

/** Is the address inside the range? False when either is not IPv4. */
export function contains(cidr: string, address: string): boolean {
  const [range, value] = [parseCidr(cidr), parseAddress(address)];
  return range !== undefined && value !== undefined && value >= range.network && value < range.network + range.size;
}

/** Do two ranges share an address? */
export function overlap(a: string, b: string): boolean {
  const [one, other] = [parseCidr(a), parseCidr(b)];
  if (one === undefined || other === undefined) return false;
  return one.network < other.network + other.size && other.network < one.network + one.size;
}

/** The first address of a range: flannel.1 has it on its node. */
export function networkAddress(cidr: string): string | undefined {
  const range = parseCidr(cidr);
  return range === undefined ? undefined : formatAddress(range.network);
}

/**
 * A ClusterIP that nobody has, for Services that choose theirs. It is taken from the static band, the lowest
 * `min(max(16, size / 16), 256)` addresses, which the API server leaves alone while it can (KEP-3070, claim B16);
 * from its upper end, as people choose low numbers by hand.
 */
export function freeAddress(serviceCidr: string, used: Iterable<string>): string | undefined {
  const range = parseCidr(serviceCidr);
  if (range === undefined) return undefined;
  const taken = new Set(used);
  const band = Math.min(Math.max(16, Math.floor(range.size / 16)), 256, range.size - 2);
  for (let offset = band; offset >= 1; offset--) {
    const address = formatAddress(range.network + offset);
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** `10.0.0.5-10.0.0.9` or a CIDR: its first and last address as numbers; undefined for anything else. */
export function rangeOf(text: string): { readonly first: number; readonly last: number } | undefined {
  const cidr = parseCidr(text);
  if (cidr !== undefined) return { first: cidr.network, last: cidr.network + cidr.size - 1 };
  const [from = '', to = '', ...rest] = text.split('-').map((part) => part.trim());
  const [first, last] = [parseAddress(from), parseAddress(to)];
  if (first === undefined || last === undefined || rest.length > 0 || last < first) return undefined;
  return { first, last };
}

/** The last address of the ranges that nobody has: load balancers hand out the first ones by themselves. */
export function freeInRanges(ranges: readonly string[], used: Iterable<string>): string | undefined {
  const taken = new Set(used);
  for (const range of [...ranges].reverse()) {
    const bounds = rangeOf(range);
    for (let value = bounds?.last ?? -1; value >= (bounds?.first ?? 0); value--) {
      if (!taken.has(formatAddress(value))) return formatAddress(value);
    }
  }
  return undefined;
}
