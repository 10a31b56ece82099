import type { ExecOptions, ExecResult, Host } from '../ports/host.js';
import type { Cluster } from '../ports/cluster.js';

/** Somewhere a probe starts. */
export interface Place {
  /** As verdicts name it: `pod@raspi002`, `host@raspi001`, `operator`, `neighbour@raspi002`, `in/sample-deployment-x@raspi003`. */
  readonly label: string;
  readonly kind: 'pod' | 'in' | 'host' | 'operator';
  /** Node or host that it is on; undefined for the operator. */
  readonly node: string | undefined;
  readonly namespace: string | undefined;
  readonly pod: string | undefined;
  readonly container: string | undefined;
  /** The probe's own address in the pod network; undefined for hosts and the operator. */
  readonly ip: string | undefined;
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
}

/** A container of a running pod as a place. */
export function podPlace(
  cluster: Cluster,
  at: {
    readonly label: string;
    readonly kind: 'pod' | 'in';
    readonly namespace: string;
    readonly pod: string;
    readonly node: string;
    readonly ip: string;
    readonly container?: string;
  },
): Place {
  const { namespace, pod, container } = at;
  return {
    ...at,
    container,
    exec: (argv, options) =>
      cluster.exec({ namespace, pod, ...(container === undefined ? {} : { container }) }, argv, options),
  };
}

/** A lab host over SSH, or the operator's own machine. */
export function hostPlace(host: Host, kind: 'host' | 'operator'): Place {
  return {
    label: kind === 'operator' ? 'operator' : `host@${host.name}`,
    kind,
    node: kind === 'operator' ? undefined : host.name,
    namespace: undefined,
    pod: undefined,
    container: undefined,
    ip: undefined,
    exec: (argv, options) => host.exec(argv, options),
  };
}
