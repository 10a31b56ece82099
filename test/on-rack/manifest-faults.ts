import { swap } from './copy.js';
import type { FaultCase } from './fault.js';

const SERVES = 'Wait until the Service answers';
const STARTED = ['Start three web servers, and put a Service before them', 'Wait until the web servers are ready'];

/** What goes wrong in a file that somebody wrote: each breaks its own namespace only, so they run side by side. */
export const MANIFEST_FAULTS: readonly FaultCase[] = [
  {
    name: 'another port in the Service: the object says so, and the book’s port is silent',
    playbook: {
      of: 'clusterip',
      as: 'wrong-port',
      steps: [
        ...STARTED,
        SERVES,
        'The Service has an address of its own',
        "Note the Service's address and the pods' addresses",
        'A pod reaches the address',
        "At the pod's own address the target port answers",
      ],
      manifests: { 'sample-clusterip.yaml': swap('port: 8080', 'port: 8081') },
    },
    red: [
      {
        step: 'The Service has an address of its own',
        places: { api: 'failed' },
        observed: /spec\.ports\[0\]\.port: 8081/,
      },
      {
        step: 'A pod reaches the address',
        places: { 'pod@raspi002': 'failed' },
        observed: /timeout|no-route/,
        why: /no rule on this node catches address and port/,
        next: [/Which ports does the Service have.*get service sample-clusterip /],
      },
    ],
    green: [SERVES, "At the pod's own address the target port answers"],
  },
  {
    name: 'a targetPort that nobody listens on: members are there, and every connection is refused',
    playbook: {
      of: 'clusterip',
      as: 'wrong-target-port',
      steps: [
        ...STARTED,
        SERVES,
        'Its members are exactly the ready pods with that label',
        "Note the Service's address and the pods' addresses",
        'A pod reaches the address',
        "At the pod's own address the target port answers",
      ],
      manifests: { 'sample-clusterip.yaml': swap('targetPort: 80', 'targetPort: 81') },
      timeouts: { [SERVES]: '4s' },
    },
    red: [
      {
        step: SERVES,
        observed: /serving: .*refused/,
        why: /targetPort/,
        next: [/get endpointslices/],
      },
      {
        step: 'Its members are exactly the ready pods with that label',
        places: { api: 'failed' },
        observed: /ports: http-port:81/,
        why: /targetPort/,
        next: [/endpointslices -l kubernetes\.io\/service-name=sample-clusterip /],
      },
      { step: 'A pod reaches the address', observed: /refused/, why: /targetPort/, next: [/endpointslices/] },
    ],
    green: ["At the pod's own address the target port answers"],
  },
  {
    name: 'a server that needs long to start, without a readinessProbe: ready, and yet refused',
    playbook: {
      of: 'clusterip',
      as: 'no-readiness',
      steps: [...STARTED, SERVES, 'Its members are exactly the ready pods with that label'],
      manifests: {
        'sample-deployment.yaml': (text: string): string =>
          text
            .replace(/ {10}readinessProbe:\n(?: {12}.*\n)+/, '')
            .replace(
              /( {10}image: nginx\S+\n)/,
              `$1          command: [sh, -c, 'sleep 60; exec nginx -g "daemon off;"']\n`,
            ),
      },
      timeouts: { [SERVES]: '4s' },
    },
    red: [{ step: SERVES, observed: /serving: .*refused/, why: /readinessProbe/, next: [/get endpointslices/] }],
    green: ['Wait until the web servers are ready', 'Its members are exactly the ready pods with that label'],
  },
  {
    name: 'a selector that matches nothing: the Service has no members',
    playbook: {
      of: 'clusterip',
      as: 'wrong-selector',
      steps: [
        ...STARTED,
        SERVES,
        'Its description names selector, port and target port',
        'Its members are exactly the ready pods with that label',
        "Note the Service's address and the pods' addresses",
        'A pod reaches the address',
        "At the pod's own address the target port answers",
      ],
      manifests: { 'sample-clusterip.yaml': swap('    app: sample-app\n', '    app: sample-ap\n') },
      timeouts: { [SERVES]: '4s' },
    },
    red: [
      {
        step: SERVES,
        places: { api: 'failed' },
        observed: /endpoints: no ready endpoint/,
        next: [/selector.*--show-labels/],
      },
      { step: 'Its description names selector, port and target port', observed: /spec\.selector\.app: "sample-ap"$/m },
      { step: 'Its members are exactly the ready pods with that label', observed: /count: 0/, next: [/selector/] },
      { step: 'A pod reaches the address', observed: /refused|timeout/, next: [/selector/] },
    ],
    green: ["At the pod's own address the target port answers"],
  },
  {
    name: 'an image that cannot be had: the wait names pod, node, image and reason, and the rest is skipped',
    playbook: {
      of: 'clusterip',
      as: 'no-image',
      steps: [...STARTED, SERVES],
      manifests: { 'sample-deployment.yaml': swap('image: nginx:1.29-alpine', 'image: nginx:no-such-tag') },
    },
    red: [
      {
        step: 'Wait until the web servers are ready',
        places: { api: 'failed' },
        observed: /pod sample-deployment-\S+ on raspi00[23], .*nginx:no-such-tag: (Err)?ImagePull/,
        next: [/describe deployment sample-deployment/],
      },
    ],
    green: [STARTED[0] ?? ''],
  },
  {
    name: 'a port name that one of the pods lacks: only the other one is a member',
    playbook: {
      of: 'clusterip-variants',
      as: 'port-name',
      steps: [
        'Start web servers, and Services of several shapes before them',
        'Wait until the pod that listens on 80 is ready',
        'Wait until the pod that listens on 81 is ready',
        'Wait until the Service with the named port answers',
        'One name, a different number in each pod',
      ],
      manifests: {
        'sample-named-port.yaml': (text: string): string => {
          const at = text.indexOf('name: sample-named-port-81');
          return (
            text.slice(0, at) +
            text.slice(at).replace('name: http\n', 'name: other\n').replace('port: http\n', 'port: other\n')
          );
        },
      },
      timeouts: { 'Wait until the Service with the named port answers': '4s' },
    },
    red: [
      {
        step: 'One name, a different number in each pod',
        places: { api: 'failed' },
        observed: /ports: http-port:80$/m,
        next: [/endpointslices/],
      },
    ],
    also: ['Wait until the Service with the named port answers'],
    green: ['Wait until the pod that listens on 81 is ready'],
  },
  {
    name: 'affinity lost: a client is not kept',
    playbook: {
      of: 'session-affinity',
      as: 'no-affinity',
      steps: [
        'Start three web servers, twelve clients, and a Service without affinity',
        'Wait until the web servers are ready',
        'Wait until the clients are ready',
        'Delete the Service without affinity',
        'Apply it again, with affinity for ten seconds',
        SERVES,
        'The Service says ClientIP, and ten seconds',
        'Fifteen requests of one client reach one pod',
        'Twelve new clients are spread, and each stays where it is',
      ],
      manifests: {
        'sample-session-affinity.yaml': (text: string): string =>
          text
            .replace(
              /^ {2}sessionAffinity: ClientIP\n(?: {2}sessionAffinityConfig:\n(?: {4}.*\n)+)/m,
              '  sessionAffinity: None\n',
            )
            // The shipped exercise keeps its node port for itself.
            .replace('nodePort: 30084', 'nodePort: 30094'),
      },
    },
    red: [
      {
        step: 'The Service says ClientIP, and ten seconds',
        places: { api: 'failed' },
        observed: /spec\.sessionAffinity: "None"/,
      },
      {
        step: 'Fifteen requests of one client reach one pod',
        places: { 'pod@raspi001': 'failed', 'pod@raspi002': 'failed', 'pod@raspi003': 'failed' },
        observed: /spread/,
        why: /affinity/i,
        next: [/Which affinity.*describe service sample-session-affinity/],
      },
      {
        step: 'Twelve new clients are spread, and each stays where it is',
        observed: /changes/,
        why: /affinity/i,
        next: [/Which affinity.*describe service sample-session-affinity/],
      },
    ],
    green: [SERVES],
  },
];
