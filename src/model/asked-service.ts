import type { LiveObject } from './object.js';

interface Spec {
  readonly clusterIP?: string;
  readonly externalIPs?: readonly string[];
  readonly ports?: readonly { readonly port: number; readonly nodePort?: number }[];
}

/**
 * The Service whose door a URL names: by its name, its cluster IP, an external IP, the address of its load balancer, or
 * a node port. Which port is asked does not matter where the address is the Service's own.
 * @param nodes Addresses of the nodes.
 */
export function askedService(
  url: string,
  services: readonly LiveObject[],
  nodes: readonly string[],
): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port } = new URL(url);
  const found = services.find((service) => {
    const { clusterIP, externalIPs = [], ports = [] } = (service['spec'] ?? {}) as Spec;
    const given = (service['status'] as Status | undefined)?.loadBalancer?.ingress?.map(({ ip }) => ip) ?? [];
    if (hostname.split('.')[0] === service.metadata?.name) return true;
    if (hostname === clusterIP || given.includes(hostname)) return true;
    if (externalIPs.includes(hostname) && ports.some((each) => String(each.port) === port)) return true;
    return nodes.includes(hostname) && ports.some(({ nodePort }) => String(nodePort) === port);
  });
  return found?.metadata?.name;
}

interface Status {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
}
