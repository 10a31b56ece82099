import { slicesOf } from './endpoints.js';
import type { LiveObject } from './object.js';

/** Where an endpoint would best be used, as its slice says (`hints`), beside its own node. */
export interface EndpointHint {
  readonly address: string;
  readonly node: string | undefined;
  /** Names of nodes; empty: no hint. */
  readonly forNodes: readonly string[];
  readonly forZones: readonly string[];
}

interface Named {
  readonly name: string;
}

interface HintedSlice {
  readonly endpoints?:
    | readonly {
        readonly addresses?: readonly string[];
        readonly conditions?: { readonly ready?: boolean | null };
        readonly nodeName?: string;
        readonly hints?: { readonly forNodes?: readonly Named[]; readonly forZones?: readonly Named[] };
      }[]
    | null;
}

/** The hints of a Service's ready endpoints. */
export function hintsOf(slices: readonly LiveObject[], service: string): EndpointHint[] {
  return slicesOf(slices, service).flatMap((slice) =>
    ((slice as HintedSlice).endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses = [], nodeName, hints }) =>
        addresses.map((address) => ({
          address,
          node: nodeName,
          forNodes: (hints?.forNodes ?? []).map(({ name }) => name),
          forZones: (hints?.forZones ?? []).map(({ name }) => name),
        })),
      ),
  );
}
