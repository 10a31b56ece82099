import type { YAMLMap } from 'yaml';
import { swap } from './copy.js';
import type { FaultCase } from './fault.js';

/** What an exercise fills into a manifest, filled in wrongly. */
const put =
  (path: readonly (string | number)[], value: unknown) =>
  (step: YAMLMap): void =>
    step.setIn(path, value);

const RULES_STARTED = [
  'Start three web servers, each behind a Service of its own',
  'Make a certificate for sample.example.com, and keep it as a Secret',
  'Wait until the first web server is ready',
  'Wait until the second web server is ready',
  'Wait until the default web server is ready',
  'Now apply the rules',
  'The controller tells its address',
];

/** Mistakes about names and about the doors from outside; side by side, like those of manifest-faults.ts. */
export const DOOR_FAULTS: readonly FaultCase[] = [
  {
    name: 'a class that no controller serves: the Ingress never gets an address',
    playbook: {
      of: 'ingress',
      as: 'wrong-class',
      steps: RULES_STARTED,
      edits: { 'Now apply the rules': put(['set', 'spec.ingressClassName'], 'nobody') },
      timeouts: { 'The controller tells its address': '5s' },
    },
    red: [
      {
        step: 'The controller tells its address',
        places: { api: 'failed' },
        observed: /status\.loadBalancer\.ingress\[0\]\.ip/,
        next: [/kubectl get ingressclasses/, /describe ingress sample-ingress/],
      },
    ],
    green: RULES_STARTED.slice(0, -1),
  },
  {
    name: 'a certificate for another host: the controller shows one of its own',
    playbook: {
      of: 'ingress',
      as: 'wrong-certificate',
      steps: [
        ...RULES_STARTED,
        'Wait until the rules are served',
        'The path leads to the first web server, and arrives as it was sent',
        'The controller shows our certificate, and the pod gets plain HTTP',
      ],
      edits: {
        'Make a certificate for sample.example.com, and keep it as a Secret': (step: YAMLMap): void => {
          step.setIn(['set', 'stringData["tls.crt"]'], '${certificate/other.example.net.crt}');
          step.setIn(['set', 'stringData["tls.key"]'], '${certificate/other.example.net.key}');
        },
      },
    },
    red: [
      {
        step: 'The controller shows our certificate, and the pod gets plain HTTP',
        places: { operator: 'failed' },
        observed: /certificate: /,
        why: /Secret/,
        next: [/describe ingress; .*get secrets/],
      },
    ],
    green: ['The path leads to the first web server, and arrives as it was sent'],
  },
  {
    name: 'another node port: the book’s port refuses on every node',
    playbook: {
      of: 'nodeport',
      as: 'wrong-node-port',
      steps: [
        'Start three web servers, and open port 30080 on every node',
        'Wait until the web servers are ready',
        'Wait until the Service answers',
        'The Service has two ports, one inside and one on the nodes',
        'A cluster IP comes along',
        "The nodes reach each other's port, and their own",
      ],
      manifests: { 'sample-nodeport.yaml': swap('nodePort: 30080', 'nodePort: 30090') },
    },
    red: [
      { step: 'The Service has two ports, one inside and one on the nodes', observed: /nodePort: 30090/ },
      {
        step: "The nodes reach each other's port, and their own",
        places: { 'host@raspi001': 'failed', 'host@raspi002': 'failed', 'host@raspi003': 'failed' },
        observed: /refused/,
        next: [/Are the rules on raspi001\?/],
      },
    ],
    green: ['Wait until the Service answers', 'A cluster IP comes along'],
  },
  {
    name: 'policy Cluster where Local was meant: a node without a pod answers, and clients are hidden',
    playbook: {
      of: 'traffic-policy',
      as: 'wrong-policy',
      steps: [
        'Start one web server on each worker',
        'Open a port with policy Cluster, and one with policy Local',
        'Wait until the web servers are ready',
        'Wait until the port with policy Local answers',
        'Local: each entry reaches only its own, and shows you',
        'A node without a pod is silent',
      ],
      manifests: {
        'sample-nodeport-local.yaml': swap('externalTrafficPolicy: Local', 'externalTrafficPolicy: Cluster'),
      },
    },
    red: [
      {
        step: 'Local: each entry reaches only its own, and shows you',
        places: { operator: 'failed' },
        observed: /client: /,
        why: /source NAT/,
      },
      { step: 'A node without a pod is silent', observed: /outcome: 1 × ok/, why: /where none should come/ },
    ],
    green: ['Wait until the port with policy Local answers'],
  },
  {
    name: 'a StatefulSet with the name of another Service: its pods have no names',
    playbook: {
      of: 'headless',
      as: 'wrong-service-name',
      steps: [
        'Start a StatefulSet of three web servers, and a headless Service',
        'Wait until the web servers are ready',
        'The name resolves to every ready pod',
        'Each pod of the StatefulSet has a name of its own',
        'By that name exactly this pod is reached',
      ],
      manifests: {
        'sample-statefulset-headless.yaml': swap('serviceName: sample-headless', 'serviceName: sample-headles'),
      },
    },
    red: [
      {
        step: 'Each pod of the StatefulSet has a name of its own',
        places: { 'pod@raspi002': 'failed' },
        observed: /rcode: .*NXDOMAIN/,
        why: /serviceName/,
        next: [/get services/],
      },
      { step: 'By that name exactly this pod is reached', observed: /no-name/, why: /could not be resolved/ },
    ],
    green: ['The name resolves to every ready pod'],
  },
  {
    name: 'ndots overridden: the pod that says so is asked what it says',
    playbook: {
      of: 'dns',
      as: 'ndots',
      steps: [
        'Start web servers, Services, and two pods that ask elsewhere',
        'Wait until the web servers are ready',
        'Wait until the Service answers',
        "Note the Service's address",
        "The pod's resolver file makes short names work",
        'The full name resolves to the address',
      ],
      manifests: {
        'sample-deployment.yaml': swap(
          /^ {4}spec:\n/m,
          "    spec:\n      dnsConfig: { options: [{ name: ndots, value: '1' }] }\n",
        ),
      },
      edits: {
        "The pod's resolver file makes short names work": (step: YAMLMap): void =>
          step.set('from', 'in/app=sample-app'),
      },
    },
    red: [
      {
        step: "The pod's resolver file makes short names work",
        observed: /options: ndots:1/,
        next: [/get pods .*dnsConfig/],
      },
    ],
    green: ['The full name resolves to the address'],
  },
  {
    name: 'an external name that does not exist: DNS answers with the name alone',
    playbook: {
      of: 'externalname',
      as: 'missing-target',
      steps: [
        'Make a Service that stands for a host outside, and one with an address',
        'Name a web server that exists',
        'The name leads to the new host',
        'Asked for an address, DNS follows the name',
        "The web server sees the Service's name as Host",
      ],
      edits: { 'Name a web server that exists': put(['with', 'spec', 'externalName'], 'no-such-host.home.lab') },
    },
    red: [
      { step: 'The name leads to the new host', observed: /answers: no-such-host\.home\.lab/ },
      {
        step: 'Asked for an address, DNS follows the name',
        places: { 'pod@raspi002': 'failed' },
        observed: /types: CNAME/,
        why: /name that a CNAME leads to/,
        next: [/get services/],
      },
      { step: "The web server sees the Service's name as Host", observed: /no-name/ },
    ],
    green: ['Name a web server that exists'],
  },
  {
    name: 'a hand-made endpoint at a wrong port: it is a member, and refuses',
    playbook: {
      of: 'none-selector',
      as: 'wrong-endpoint-port',
      steps: [
        'Make two Services without selector, and pods with an ordinary Service',
        "Write down the second Service's members, in a slice",
        'A slice is joined by its label, its name is free',
        'Behind the slice of ours as well',
      ],
      manifests: { 'sample-none-selector-slice.yaml': swap('port: 80', 'port: 81') },
    },
    red: [
      {
        step: 'A slice is joined by its label, its name is free',
        places: { api: 'failed' },
        observed: /ports: :?81/,
        why: /other ports/,
      },
      {
        step: 'Behind the slice of ours as well',
        places: { 'pod@raspi002': 'failed' },
        observed: /refused/,
        next: [/endpointslices -l kubernetes\.io\/service-name=sample-none-selector-manual/],
      },
    ],
    green: ["Write down the second Service's members, in a slice"],
  },
  {
    name: 'a quota that forbids Services: the API server’s words, and what to look at',
    playbook: {
      of: 'clusterip',
      as: 'quota',
      steps: ['Start three web servers, and put a Service before them', 'Wait until the web servers are ready'],
      manifests: {
        'sample-deployment.yaml': (text) =>
          `apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: small\nspec:\n  hard:\n    services: '0'\n---\n${text}`,
      },
    },
    red: [
      {
        step: 'Start three web servers, and put a Service before them',
        places: { api: 'failed' },
        observed: /exceeded quota: small/,
        why: /ResourceQuota .*kubectl get resourcequota/,
      },
    ],
    green: [],
  },
  {
    name: 'a quota of pods: the wait says what keeps them from being made',
    playbook: {
      of: 'clusterip',
      as: 'pod-quota',
      steps: ['Start three web servers, and put a Service before them', 'Wait until the web servers are ready'],
      manifests: {
        'sample-deployment.yaml': (text) =>
          `apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: small\nspec:\n  hard:\n    pods: '1'\n---\n${text}`,
      },
      timeouts: { 'Wait until the web servers are ready': '8s' },
    },
    red: [
      {
        step: 'Wait until the web servers are ready',
        places: { api: 'failed' },
        observed: /of 3 replicas available: .*exceeded quota: small/,
        next: [/get events/],
      },
    ],
    green: ['Start three web servers, and put a Service before them'],
  },
];
