import type { LiveObject } from './object.js';

interface ServiceSpec {
  readonly clusterIP?: string;
  readonly type?: string;
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
}

/**
 * The environment variables that the kubelet gives to containers about a Service (claims D01 to D04 and D07): host and
 * ports, then the names that Docker links had. Names are upper case with `_` for `-`; of several ports the first has the
 * generic names. Empty for a Service without a cluster IP. Source: pkg/kubelet/envvars of Kubernetes.
 */
export function serviceVariables(service: LiveObject): Record<string, string> {
  const spec = (service['spec'] ?? {}) as ServiceSpec;
  const { clusterIP = '', ports = [] } = spec;
  const [first] = ports;
  if (clusterIP === '' || clusterIP === 'None' || spec.type === 'ExternalName' || first === undefined) return {};
  const prefix = variablePrefix(service.metadata?.name ?? '');
  const host = clusterIP.includes(':') ? `[${clusterIP}]` : clusterIP;
  const link = ({ protocol = 'TCP', port }: (typeof ports)[number]): string =>
    `${protocol.toLowerCase()}://${host}:${port}`;
  const variables: Record<string, string> = {
    [`${prefix}_SERVICE_HOST`]: clusterIP,
    [`${prefix}_SERVICE_PORT`]: String(first.port),
    [`${prefix}_PORT`]: link(first),
  };
  for (const each of ports) {
    const { name = '', port, protocol = 'TCP' } = each;
    if (name !== '') variables[`${prefix}_SERVICE_PORT_${variablePrefix(name)}`] = String(port);
    const linked = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
    variables[linked] = link(each);
    variables[`${linked}_PROTO`] = protocol.toLowerCase();
    variables[`${linked}_PORT`] = String(port);
    variables[`${linked}_ADDR`] = clusterIP;
  }
  return variables;
}

/** `sample-clusterip` → `SAMPLE_CLUSTERIP`. */
export function variablePrefix(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

/**
 * Is this variable about the Service of that name? `SAMPLE_CLUSTERIP` alone would not do: it also begins the variables of
 * `sample-clusterip-multi` (observed.md part 1, surprise 8).
 */
export function isVariableOf(service: string, variable: string): boolean {
  const prefix = variablePrefix(service);
  return (
    variable.startsWith(`${prefix}_`) &&
    /^(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\d+_.+)?)$/.test(variable.slice(prefix.length + 1))
  );
}
