import type { Addon, AddonLab } from '../../src/addons/addon.js';
import { addonsNamed } from '../../src/addons/catalog.js';

/** The shortest manifest with everything that matters about MetalLB's; out of order on purpose. */
export const METALLB_YAML = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: controller, namespace: metallb-system }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: controller, namespace: metallb-system }
spec:
  template:
    spec: { containers: [{ name: controller, image: "quay.io/metallb/controller:v0.15.2" }] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: speaker, namespace: metallb-system }
spec:
  template:
    spec: { containers: [{ name: speaker, image: "quay.io/metallb/speaker:v0.15.2" }] }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ipaddresspools.metallb.io }
---
apiVersion: v1
kind: Namespace
metadata: { name: metallb-system, labels: { pod-security.kubernetes.io/enforce: privileged } }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: metallb-webhook-configuration }
`;

export function addon(name: string): Addon {
  return addonsNamed([name])[0]!;
}

export const LAB: AddonLab = { pool: ['192.168.66.240-192.168.66.250'], images: {} };
