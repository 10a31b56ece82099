/** One line of `ip route`. */
export interface Route {
  /** CIDR, address or `default`. */
  readonly destination: string;
  readonly via?: string;
  readonly dev?: string;
  readonly src?: string;
  /** The next hop is taken to be on the link although no route to it exists (flannel's VXLAN). */
  readonly onlink: boolean;
}

const TYPES = new Set(['unicast', 'local', 'broadcast', 'multicast', 'blackhole', 'unreachable', 'prohibit', 'throw']);

/** Reads `ip route` (iproute2 or busybox; JSON is not to be had everywhere). Never throws. */
export function parseRoutes(text: string): Route[] {
  return text.split('\n').flatMap((line) => {
    // Indented lines are the next hops of the route above.
    if (line.trim() === '' || /^\s/.test(line)) return [];
    const words = line.trim().split(/\s+/);
    if (TYPES.has(words[0] ?? '')) words.shift();
    const [destination] = words;
    if (destination === undefined) return [];
    const after = (word: string): string | undefined => {
      const at = words.indexOf(word);
      return at < 0 ? undefined : words[at + 1];
    };
    const [via, dev, src] = [after('via'), after('dev'), after('src')];
    return [
      {
        destination,
        ...(via === undefined ? {} : { via }),
        ...(dev === undefined ? {} : { dev }),
        ...(src === undefined ? {} : { src }),
        onlink: words.includes('onlink'),
      },
    ];
  });
}
