import type { NodeFault } from './host-faults.js';
import { apply, kubectl, onNode } from './rack.js';

const DNS_STARTED = [
  'Start web servers, Services, and two pods that ask elsewhere',
  'Wait until the web servers are ready',
  'Wait until the Service answers',
  "Note the Service's address",
];
const CLUSTER_IP = [
  'Start three web servers, and put a Service before them',
  'Wait until the web servers are ready',
  'Wait until the Service answers',
  "Note the Service's address and the pods' addresses",
  'A pod reaches the address',
];

async function scale(namespace: string, deployment: string, replicas: number): Promise<void> {
  await kubectl('-n', namespace, 'scale', 'deployment', deployment, `--replicas=${replicas}`);
  await kubectl('-n', namespace, 'rollout', 'status', `deployment/${deployment}`, '--timeout=60s');
}

/** Waits until no pod with the label is left; `rollout status` does not wait for pods that stop. */
async function gone(namespace: string, label: string): Promise<void> {
  await kubectl('-n', namespace, 'wait', 'pods', '-l', label, '--for=delete', '--timeout=60s');
}

async function kubeletDomain(from: string, to: string): Promise<void> {
  const file = '/var/lib/kubelet/config.yaml';
  await onNode('raspi002', 'sed', '-i', `s/^clusterDomain: ${from}$/clusterDomain: ${to}/`, file);
  await onNode('raspi002', 'systemctl', 'restart', 'kubelet');
  await kubectl('wait', 'node/raspi002', '--for=condition=Ready', '--timeout=60s');
}

/** Components of the cluster that are down, broken or set up wrongly. */
export const COMPONENT_FAULTS: readonly NodeFault[] = [
  {
    name: 'CoreDNS scaled to zero',
    breaks: async (): Promise<void> => {
      await scale('kube-system', 'coredns', 0);
      await gone('kube-system', 'k8s-app=kube-dns');
    },
    heals: () => scale('kube-system', 'coredns', 2),
    cases: [
      {
        name: 'no DNS server: names are not answered, and the hint asks for CoreDNS',
        playbook: {
          of: 'dns',
          as: 'no-dns',
          steps: [
            ...DNS_STARTED,
            'The full name resolves to the address',
            'In the same namespace the bare name is enough',
            'The DNS Service listens on both',
          ],
        },
        red: [
          {
            step: 'The full name resolves to the address',
            places: { 'pod@raspi002': 'failed' },
            observed: /rcode: (TIMEOUT|UNREACHABLE)/,
            why: /CoreDNS is down or not ready/,
            next: [/Does CoreDNS run\?.*k8s-app=kube-dns/],
          },
          {
            step: 'In the same namespace the bare name is enough',
            observed: /no-name|timeout/,
            next: [/Does CoreDNS run\?/],
          },
        ],
        green: ['The DNS Service listens on both'],
      },
      {
        name: 'no DNS server: whether a headless Service has settled cannot be measured',
        playbook: {
          of: 'headless',
          as: 'no-dns-headless',
          steps: [
            'Start a StatefulSet of three web servers, and a headless Service',
            'Wait until the web servers are ready',
            'Wait until DNS names them',
            'It has members like any other Service',
          ],
        },
        red: [
          {
            step: 'Wait until DNS names them',
            verdict: 'inconclusive',
            observed: /DNS_NO_SERVER/,
            next: [/k8s-app=kube-dns/],
          },
        ],
        green: ['It has members like any other Service'],
      },
    ],
  },
  {
    name: 'one of two CoreDNS replicas cut off',
    breaks: () => cutDns('-I'),
    heals: () => cutDns('-D'),
    cases: [
      {
        name: 'half of the DNS questions are lost: each replica is asked, and the silent one is named',
        playbook: {
          of: 'headless',
          as: 'half-dns',
          steps: [
            'Start a StatefulSet of three web servers, and a headless Service',
            'Wait until the web servers are ready',
            'Wait until DNS names them',
            'It has members like any other Service',
          ],
          timeouts: { 'Wait until DNS names them': '6s' },
        },
        red: [
          {
            step: 'Wait until DNS names them',
            places: { 'pod@raspi002': 'failed' },
            observed: /10\.244\.\d+\.\d+/,
            next: [/Does CoreDNS run\?/],
          },
        ],
        green: ['It has members like any other Service'],
      },
      {
        name: 'and what needs no names is not disturbed',
        playbook: { of: 'clusterip', as: 'beside-half-dns', steps: CLUSTER_IP },
        red: [],
        green: CLUSTER_IP,
      },
    ],
  },
  {
    name: 'a kubelet that hands out another search list',
    breaks: () => kubeletDomain('cluster.local', 'cluster.lan'),
    heals: () => kubeletDomain('cluster.lan', 'cluster.local'),
    cases: [
      {
        name: 'wrong search list on one node: short names fail there, full names do not',
        playbook: {
          of: 'dns',
          as: 'search-list',
          steps: [
            ...DNS_STARTED,
            "The pod's resolver file makes short names work",
            'The full name resolves to the address',
            'dig needs to be told to use the search list',
          ],
        },
        red: [
          {
            step: "The pod's resolver file makes short names work",
            places: { 'pod@raspi002': 'failed' },
            observed: /cluster\.lan/,
            next: [/ssh raspi002 .*kubelet/],
          },
          { step: 'dig needs to be told to use the search list', observed: /rcode: (NXDOMAIN|SERVFAIL)/ },
        ],
        green: ['The full name resolves to the address'],
      },
    ],
  },
  {
    name: 'a pool without a free address, and an ingress controller that is down',
    breaks: async (): Promise<void> => {
      // Traefik has both of these.
      await pool('192.168.66.240-192.168.66.241');
      await scale('traefik', 'traefik-nginx', 0);
      await gone('traefik', 'app.kubernetes.io/name=traefik-nginx');
    },
    heals: async (): Promise<void> => {
      await pool('192.168.66.240-192.168.66.250');
      await scale('traefik', 'traefik-nginx', 1);
    },
    cases: [
      {
        name: 'pool exhausted: the Service waits for an address, and the hint leads to its events',
        playbook: {
          of: 'loadbalancer',
          as: 'no-address',
          steps: [
            'Start three web servers, and put three Services before them',
            'Wait until the web servers are ready',
            'Wait for the address',
          ],
          timeouts: { 'Wait for the address': '5s' },
        },
        red: [
          {
            step: 'Wait for the address',
            places: { api: 'failed' },
            observed: /status\.loadBalancer\.ingress\[0\]\.ip/,
            next: [/describe service sample-lb; .*get events/, /metallb-system/],
          },
        ],
        green: ['Wait until the web servers are ready'],
      },
      {
        name: 'controller down: the Ingress never gets an address, and the hint asks for the controller',
        playbook: {
          of: 'ingress',
          as: 'no-controller',
          steps: [
            'Start three web servers, each behind a Service of its own',
            'Make a certificate for sample.example.com, and keep it as a Secret',
            'Now apply the rules',
            'The controller tells its address',
          ],
          timeouts: { 'The controller tells its address': '5s' },
        },
        red: [
          {
            step: 'The controller tells its address',
            places: { api: 'failed' },
            observed: /ingress\[0\]\.ip/,
            next: [/Does the controller run/, /ingressclasses/],
          },
        ],
        green: ['Now apply the rules'],
      },
    ],
  },
  {
    name: 'nobody announces the pool (L2Advertisement removed)',
    breaks: () => kubectl('-n', 'metallb-system', 'delete', 'l2advertisement', 'lab'),
    heals: () =>
      apply({
        apiVersion: 'metallb.io/v1beta1',
        kind: 'L2Advertisement',
        metadata: { name: 'lab', namespace: 'metallb-system' },
        spec: { ipAddressPools: ['lab'] },
      }),
    cases: [
      {
        name: 'an address is given, but nobody answers for it (ARP)',
        playbook: {
          of: 'loadbalancer',
          as: 'not-announced',
          steps: [
            'Start three web servers, and put three Services before them',
            'Wait until the web servers are ready',
            'Wait for the address',
            'Wait until the address answers',
            'Wait until it answers inside too',
            'Its ClusterIP answers inside',
          ],
          timeouts: { 'Wait until the address answers': '8s' },
        },
        red: [
          {
            step: 'Wait until the address answers',
            places: { operator: 'failed' },
            observed: /serving: .*(no route|curl exit 28)/,
            why: /nobody answers for the address/,
            next: [/Does anybody on the LAN answer for the address\?.*speaker/],
          },
        ],
        green: ['Wait for the address', 'Wait until it answers inside too', 'Its ClusterIP answers inside'],
      },
    ],
  },
];

/** A firewall before the first of CoreDNS' pods, on the node where it runs. */
async function cutDns(how: '-I' | '-D'): Promise<void> {
  const path = 'jsonpath={range .items[*]}{.status.podIP} {.spec.nodeName}{"\\n"}{end}';
  const pods = await kubectl('-n', 'kube-system', 'get', 'pods', '-l', 'k8s-app=kube-dns', '-o', path);
  const [ip = '', node = ''] = pods.split('\n').sort()[0]?.split(' ') ?? [];
  await onNode(node, 'iptables', how, 'FORWARD', '-d', ip, '-p', 'udp', '--dport', '53', '-j', 'DROP');
}

async function pool(range: string): Promise<void> {
  const patch = JSON.stringify({ spec: { addresses: [range] } });
  await kubectl('-n', 'metallb-system', 'patch', 'ipaddresspool', 'lab', '--type=merge', '-p', patch);
}
