import type { Endpoint } from './endpoints.js';
import type { LiveObject } from './object.js';

/**
 * The endpoints that answer at a Service's cluster IP to clients on one node. `internalTrafficPolicy: Local` (GA 1.26): only
 * that node's own, however few; `trafficDistribution: PreferSameNode` (on by default since 1.34): its own while it has
 * any; else all.
 */
export function internalEndpoints(
  service: LiveObject,
  endpoints: readonly Endpoint[],
  node: string | undefined,
): readonly Endpoint[] {
  const spec = service['spec'] as
    { readonly internalTrafficPolicy?: string; readonly trafficDistribution?: string } | undefined;
  const own = endpoints.filter((endpoint) => endpoint.node === node);
  if (spec?.internalTrafficPolicy === 'Local') return own;
  return spec?.trafficDistribution === 'PreferSameNode' && own.length > 0 ? own : endpoints;
}
