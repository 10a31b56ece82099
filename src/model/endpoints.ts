import { selects, type LiveObject } from './object.js';
import { isAlive, isReady, type PodView } from './pods.js';

/** A port under which an endpoint is reached. */
export interface EndpointPort {
  /** The Service port's name, empty when it has none. */
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
}

/** One ready endpoint of a Service, whatever number of slices it stands in. */
export interface Endpoint {
  readonly address: string;
  /** Sorted; empty when no pod has the named target port, which kube-proxy counts as "no endpoints". */
  readonly ports: readonly EndpointPort[];
  /** The pod; undefined for hand-made slices. */
  readonly pod?: string;
  readonly node?: string;
}

interface SliceView {
  readonly endpoints?:
    | readonly {
        readonly addresses?: readonly string[];
        readonly conditions?: { readonly ready?: boolean | null; readonly terminating?: boolean | null };
        readonly targetRef?: { readonly kind?: string; readonly name?: string };
        readonly nodeName?: string;
      }[]
    | null;
  readonly ports?:
    | readonly {
        readonly name?: string;
        readonly port?: number;
        readonly protocol?: string;
      }[]
    | null;
}

interface ServiceView {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly publishNotReadyAddresses?: boolean;
    readonly ipFamilies?: readonly string[];
    readonly ports?: readonly ServicePort[];
  };
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
}

/** Slices that belong to a Service: they are joined by label, their own names are free (claim N02). */
export function slicesOf<T extends LiveObject>(slices: readonly T[], service: string): T[] {
  return slices.filter((slice) => slice.metadata?.labels?.['kubernetes.io/service-name'] === service);
}

/**
 * The ready endpoints of a Service: all of its slices merged, since one endpoint may stand in several (one for each set
 * of ports, and for a moment twice). A missing `ready` counts as ready (API of EndpointSlice v1).
 */
export function endpointsOf(slices: readonly LiveObject[], service: string): Endpoint[] {
  const merged = new Map<string, Endpoint>();
  for (const slice of slicesOf(slices, service)) {
    const { endpoints, ports } = slice as SliceView;
    const slicePorts = portsOf(ports);
    for (const { addresses = [], conditions, targetRef, nodeName } of endpoints ?? []) {
      if (conditions?.ready === false) continue;
      for (const address of addresses) {
        const pod = targetRef?.kind === 'Pod' ? targetRef.name : undefined;
        const known = merged.get(address);
        merged.set(address, {
          address,
          ports: unique([...(known?.ports ?? []), ...slicePorts]),
          ...definedOnly({ pod: known?.pod ?? pod, node: known?.node ?? nodeName }),
        });
      }
    }
  }
  return sorted([...merged.values()]);
}

const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
/** Controllers that keep slices: their slices follow a selector, or a hand-made Endpoints object. */
const KEEPERS = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

/** Who keeps each slice of a Service, by its label; a hand-made one may have none: `(nobody)`. */
export function keepersOf(slices: readonly LiveObject[], service: string): string[] {
  return [
    ...new Set(slicesOf(slices, service).map((slice) => slice.metadata?.labels?.[MANAGED_BY] ?? '(nobody)')),
  ].sort();
}

/** Ready endpoints of slices that a person wrote: no controller touches them, whatever the Service says (claim N06). */
export function slicesByHand(slices: readonly LiveObject[], service: string): Endpoint[] {
  const own = slices.filter((slice) => !KEEPERS.includes(slice.metadata?.labels?.[MANAGED_BY] ?? ''));
  return endpointsOf(own, service).filter(({ pod }) => pod === undefined);
}

interface LegacyView {
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[];
    readonly ports?: SliceView['ports'];
  }[];
}

/** The ready addresses of an Endpoints object (v1, deprecated since Kubernetes 1.33), as its mirrored slices have them. */
export function legacyEndpoints(endpoints: LiveObject | undefined): Endpoint[] {
  const subsets = (endpoints as LegacyView | undefined)?.subsets ?? [];
  const merged = new Map<string, Endpoint>();
  for (const { addresses = [], ports } of subsets) {
    for (const { ip } of addresses) {
      const known = merged.get(ip)?.ports ?? [];
      merged.set(ip, { address: ip, ports: unique([...known, ...portsOf(ports)]) });
    }
  }
  return sorted([...merged.values()]);
}

function portsOf(ports: SliceView['ports']): EndpointPort[] {
  return (ports ?? []).flatMap(({ name = '', port, protocol = 'TCP' }) =>
    port === undefined ? [] : [{ name, port, protocol }],
  );
}

/**
 * The endpoints that the controller should make of these pods: selected, alive and ready (or any, with
 * `publishNotReadyAddresses`), a named targetPort looked up in each pod for itself (claim B15).
 */
export function expectedEndpoints(service: LiveObject, pods: readonly LiveObject[]): Endpoint[] {
  const { spec } = service as ServiceView;
  const families = spec?.ipFamilies ?? ['IPv4'];
  const members = pods.filter(
    (pod) =>
      selects(spec?.selector, pod.metadata?.labels) &&
      isAlive(pod) &&
      (spec?.publishNotReadyAddresses === true || isReady(pod)),
  );
  return sorted(
    members.flatMap((pod) => {
      const view = pod as PodView;
      const ports = unique((spec?.ports ?? []).flatMap((port) => targetOf(port, view)));
      const all = view.status?.podIPs?.map(({ ip }) => ip) ?? [view.status?.podIP ?? ''];
      return all
        .filter((ip) => families.includes(ip.includes(':') ? 'IPv6' : 'IPv4'))
        .map((address) => ({
          address,
          ports,
          ...definedOnly({ pod: pod.metadata?.name, node: view.spec?.nodeName }),
        }));
    }),
  );
}

function targetOf({ name = '', port, protocol = 'TCP', targetPort = port }: ServicePort, pod: PodView): EndpointPort[] {
  if (typeof targetPort === 'number') return [{ name, port: targetPort, protocol }];
  // Sidecars (init containers that keep running) may own the port as well.
  const sidecars = (pod.spec?.initContainers ?? []).filter((each) => each.restartPolicy === 'Always');
  const found = [...(pod.spec?.containers ?? []), ...sidecars]
    .flatMap((container) => container.ports ?? [])
    .find((each) => each.name === targetPort && (each.protocol ?? 'TCP') === protocol);
  return found === undefined ? [] : [{ name, port: found.containerPort, protocol }];
}

/**
 * Does a slice still list a pod that is on its way out? While no endpoint is ready, kube-proxy sends to those that
 * terminate (KEP-1669, GA in 1.28): such a Service answers, then its pods refuse, then there is silence, and only after
 * that do the nodes refuse.
 */
export function someTerminate(slices: readonly LiveObject[], service: string): boolean {
  return slicesOf(slices, service).some((slice) =>
    ((slice as SliceView).endpoints ?? []).some(({ conditions }) => conditions?.terminating === true),
  );
}

/** The same addresses with the same ports, in any order. */
export function sameEndpoints(a: readonly Endpoint[], b: readonly Endpoint[]): boolean {
  const keys = (list: readonly Endpoint[]): string => list.map(endpointKey).sort().join('\n');
  return a.length === b.length && keys(a) === keys(b);
}

/** `10.244.1.5 http-port:80`: what makes two endpoints the same. */
export function endpointKey({ address, ports }: Endpoint): string {
  return [address, ...ports.map(portKey)].join(' ');
}

/** `http-port:80`, or `80` for a port without a name; other protocols than TCP are told: `dns:53/UDP`. */
export function portKey({ name, port, protocol }: EndpointPort): string {
  return `${name === '' ? '' : `${name}:`}${port}${protocol === 'TCP' ? '' : `/${protocol}`}`;
}

function unique(ports: readonly EndpointPort[]): EndpointPort[] {
  return [...new Map(ports.map((port) => [portKey(port), port])).values()].sort((a, b) =>
    portKey(a).localeCompare(portKey(b)),
  );
}

function sorted(endpoints: Endpoint[]): Endpoint[] {
  return endpoints.sort((a, b) => endpointKey(a).localeCompare(endpointKey(b)));
}

function definedOnly(parts: { pod: string | undefined; node: string | undefined }): { pod?: string; node?: string } {
  return {
    ...(parts.pod === undefined ? {} : { pod: parts.pod }),
    ...(parts.node === undefined ? {} : { node: parts.node }),
  };
}
