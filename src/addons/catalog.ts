import { fileURLToPath } from 'node:url';
import { PilabError } from '../errors.js';
import type { KubeObject } from '../ports/cluster.js';
import { suggest } from '../yaml/nearest.js';
import type { Addon, AddonLab } from './addon.js';

const METALLB_VERSION = '0.15.2';

/** Service type LoadBalancer on a home network: addresses of the LAN, announced by ARP. */
const METALLB: Addon = {
  name: 'metallb',
  version: METALLB_VERSION,
  title: {
    en: 'MetalLB: addresses for Services of type LoadBalancer, announced on the LAN (layer 2)',
    ja: 'MetalLB: type LoadBalancer の Service に LAN のアドレスを割り当て、L2 で広告する',
  },
  source: {
    url: `https://raw.githubusercontent.com/metallb/metallb/v${METALLB_VERSION}/config/manifests/metallb-native.yaml`,
    sha256: 'a1b04c376fb39c93265f551fe23716a3ae6e09b790edb3bf257d3fc784c35a18',
  },
  images: [`quay.io/metallb/controller:v${METALLB_VERSION}`, `quay.io/metallb/speaker:v${METALLB_VERSION}`],
  namespace: 'metallb-system',
  ready: [
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'metallb-system', name: 'controller' },
    { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'metallb-system', name: 'speaker' },
  ],
  needs: ['loadBalancer.pool'],
  settings: ({ pool = [] }: AddonLab): KubeObject[] => {
    const metadata = { name: 'lab', namespace: 'metallb-system' };
    return [
      { apiVersion: 'metallb.io/v1beta1', kind: 'IPAddressPool', metadata, spec: { addresses: [...pool] } },
      { apiVersion: 'metallb.io/v1beta1', kind: 'L2Advertisement', metadata, spec: { ipAddressPools: ['lab'] } },
    ];
  },
};

/** One ingress controller for two classes: its providers read Ingresses differently, as the manifest says. */
const TRAEFIK: Addon = {
  name: 'traefik',
  version: '3.7.13',
  title: {
    en: 'Traefik: an Ingress controller for the classes "traefik" and "nginx"',
    ja: 'Traefik: クラス "traefik" と "nginx" の Ingress コントローラ',
  },
  source: { file: fileURLToPath(new URL('./files/traefik.yaml', import.meta.url)) },
  images: ['docker.io/library/traefik:v3.7.13'],
  namespace: 'traefik',
  ready: ['traefik', 'traefik-nginx'].map((name) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'traefik',
    name,
  })),
  needs: [],
  settings: () => [],
};

/** All add-ons, in the order in which they are listed. */
export const ADDONS: readonly Addon[] = [METALLB, TRAEFIK];

/** The add-ons of these names, each once. @throws PilabError `ADDON_UNKNOWN` with what was meant */
export function addonsNamed(names: readonly string[]): Addon[] {
  return [...new Set(names)].map((name) => {
    const found = ADDONS.find((addon) => addon.name === name);
    if (found !== undefined) return found;
    throw new PilabError({
      code: 'ADDON_UNKNOWN',
      message: `there is no add-on "${name}"`,
      hint: suggest(
        name,
        ADDONS.map((addon) => addon.name),
      ),
    });
  });
}
