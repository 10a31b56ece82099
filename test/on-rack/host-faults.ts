import { execa } from 'execa';
import { RACK_NETNS } from '../../src/rack/state.js';
import type { FaultCase } from './fault.js';
import { onNode } from './rack.js';

/** Something broken on a node while exercises run, and all that shows it. */
export interface NodeFault {
  readonly name: string;
  readonly breaks: () => Promise<unknown>;
  readonly heals: () => Promise<unknown>;
  readonly cases: readonly FaultCase[];
}

/** A rule put in front, and taken away again. */
function rule(node: string, table: string, ...words: readonly string[]): Pick<NodeFault, 'breaks' | 'heals'> {
  return {
    breaks: () => onNode(node, 'iptables', '-t', table, '-I', ...words),
    heals: () => onNode(node, 'iptables', '-t', table, '-D', ...words),
  };
}

function together(...parts: readonly Pick<NodeFault, 'breaks' | 'heals'>[]): Pick<NodeFault, 'breaks' | 'heals'> {
  return {
    breaks: () => Promise.all(parts.map(({ breaks }) => breaks())),
    heals: () => Promise.allSettled(parts.map(({ heals }) => heals())),
  };
}

/**
 * A Pi that is on the LAN twice, by cable and by Wi-Fi, and would answer raspi003 by Wi-Fi. That alone is no fault; with
 * the strict filter of many distributions, what raspi003 sends to the cable's address is thrown away.
 */
const SECOND_WAY: Pick<NodeFault, 'breaks' | 'heals'> = {
  breaks: async (): Promise<void> => {
    const lan = ['-n', RACK_NETNS];
    await execa('ip', [...lan, 'link', 'add', 'wifi', 'type', 'veth', 'peer', 'wlan0', 'netns', 'pilab-raspi002']);
    await execa('ip', [...lan, 'link', 'set', 'wifi', 'master', 'lan0', 'up']);
    await onNode('raspi002', 'ip', 'address', 'add', '192.168.66.212/24', 'dev', 'wlan0', 'noprefixroute');
    // Each interface answers for its own address only, as is advised for two on one LAN.
    await onNode('raspi002', 'sysctl', '-q', 'net.ipv4.conf.wlan0.arp_ignore=1', 'net.ipv4.conf.wlan0.arp_announce=2');
    await onNode('raspi002', 'ip', 'link', 'set', 'wlan0', 'up');
    await onNode('raspi002', 'ip', 'route', 'add', '192.168.66.13', 'dev', 'wlan0', 'src', '192.168.66.12');
    await onNode('raspi002', 'sysctl', '-q', 'net.ipv4.conf.eth0.rp_filter=1');
  },
  heals: async (): Promise<void> => {
    await onNode('raspi002', 'sysctl', '-q', 'net.ipv4.conf.eth0.rp_filter=0');
    // Its peer and its routes go with it.
    await execa('ip', ['-n', RACK_NETNS, 'link', 'delete', 'wifi']);
  },
};

const EACH_POD = 'From every node, each pod answers at its own address';
const NODES_REACH = 'The nodes themselves reach every pod, the control plane too';
const POD_NETWORK = [
  'Start three web servers, and a pod with two containers',
  'Wait until the web servers are ready',
  EACH_POD,
  NODES_REACH,
  'Packets of full size pass as well',
  'A tunnel connects the nodes',
  "One route leads to each other node's segment",
];

/** Faults that do not disturb each other are broken together. */
export const NODE_FAULTS: readonly NodeFault[] = [
  {
    name: 'firewalls and a missing masquerade, each on one node',
    ...together(
      // Before any other table, as a firewall of the host's own: the node port is closed on raspi002.
      rule('raspi002', 'raw', 'PREROUTING', '-p', 'tcp', '--dport', '30080', '-j', 'DROP'),
      // REJECT stands in FORWARD, where the port is the pod's already.
      rule('raspi003', 'filter', 'FORWARD', '-p', 'tcp', '-m', 'conntrack', '--ctorigdstport', '30081', '-j', 'REJECT'),
      rule(
        'raspi002',
        'nat',
        'POSTROUTING',
        '-p',
        'tcp',
        '-m',
        'conntrack',
        '--ctorigdstport',
        '8080',
        '-s',
        '192.168.66.1',
        '-j',
        'ACCEPT',
      ),
    ),
    cases: [
      {
        name: 'a firewall that drops a node port: that entry is silent, the others answer',
        playbook: {
          of: 'nodeport',
          as: 'dropped',
          steps: [
            'Start three web servers, and open port 30080 on every node',
            'Wait until the web servers are ready',
            'Wait until the Service answers',
            'A cluster IP comes along',
            'Every node answers, and each of them balances over all web servers',
            "The nodes reach each other's port, and their own",
          ],
        },
        red: [
          {
            step: 'Every node answers, and each of them balances over all web servers',
            places: { operator: 'failed' },
            observed: /timeout[^]*spread: at raspi002: no pod answered/,
            next: [/Does a firewall on raspi002 stop it\?: ssh raspi002/],
          },
          {
            step: "The nodes reach each other's port, and their own",
            places: { 'host@raspi001': 'failed', 'host@raspi002': 'passed', 'host@raspi003': 'failed' },
            observed: /timeout/,
            next: [/firewall on raspi002 /],
          },
        ],
        green: ['Wait until the Service answers', 'A cluster IP comes along'],
      },
      {
        name: 'a firewall that rejects: that entry refuses at once',
        playbook: {
          of: 'traffic-policy',
          as: 'rejected',
          steps: [
            'Start one web server on each worker',
            'Open a port with policy Cluster, and one with policy Local',
            'Wait until the web servers are ready',
            'Wait until the port with policy Local answers',
            'Local: each entry reaches only its own, and shows you',
            'A node without a pod is silent',
          ],
        },
        red: [
          {
            step: 'Local: each entry reaches only its own, and shows you',
            places: { operator: 'failed' },
            observed: /refused[^]*spread: at raspi003: no pod answered/,
            next: [/firewall on raspi003 /],
          },
        ],
        green: ['A node without a pod is silent'],
      },
      {
        name: 'no masquerade at one entry: only its own pods answer there',
        playbook: {
          of: 'externalip',
          as: 'no-masquerade',
          steps: [
            'Start three web servers',
            'List the addresses of two nodes, and one that nobody has',
            'Wait until the web servers are ready',
            'Wait until the Service answers',
            "From outside, the first node answers on the Service's port",
            'So does the second node',
            'Inside, the cluster IP still works',
          ],
        },
        red: [
          {
            step: 'So does the second node',
            places: { operator: 'failed' },
            observed: /timeout/,
            next: [/Does raspi002 masquerade/],
          },
        ],
        green: ["From outside, the first node answers on the Service's port", 'Inside, the cluster IP still works'],
      },
    ],
  },
  {
    name: 'a path between nodes that takes no packets of full size',
    // What a VPN or a cheap switch does: the tunnel's packets above 1400 bytes are lost, without a word.
    ...rule(
      'raspi003',
      'raw',
      'PREROUTING',
      '-p',
      'udp',
      '--dport',
      '8472',
      '-m',
      'length',
      '--length',
      '1401:65535',
      '-j',
      'DROP',
    ),
    cases: [
      {
        name: 'MTU too large: small requests pass, packets of full size are lost',
        playbook: { of: 'pod-network', as: 'mtu', steps: POD_NETWORK },
        red: [
          {
            step: 'Packets of full size pass as well',
            places: { 'pod@raspi001': 'failed', 'pod@raspi002': 'failed', 'pod@raspi003': 'failed' },
            observed: /exit/,
            next: [/mtu/i],
          },
        ],
        green: [EACH_POD, NODES_REACH],
      },
    ],
  },
  {
    // What Docker on a node does. Turning net.ipv4.ip_forward off would not last: CNI turns it on with the next pod.
    name: 'a node that forwards nothing from the tunnel to its pods',
    ...rule('raspi003', 'filter', 'FORWARD', '-i', 'flannel.1', '-j', 'DROP'),
    cases: [
      {
        name: 'forwarding closed on one node: its pods are cut off, the node itself is not',
        playbook: { of: 'pod-network', as: 'no-forward', steps: POD_NETWORK },
        red: [
          {
            step: EACH_POD,
            places: { 'pod@raspi001': 'failed', 'pod@raspi002': 'failed', 'pod@raspi003': 'failed' },
            observed: /timeout/,
            next: [/sudo iptables -S FORWARD/],
          },
          {
            step: NODES_REACH,
            places: { 'host@raspi001': 'failed', 'host@raspi002': 'failed', 'host@raspi003': 'passed' },
            observed: /timeout/,
          },
        ],
        also: ['Packets of full size pass as well'],
        green: ['A tunnel connects the nodes', "One route leads to each other node's segment"],
      },
    ],
  },
  {
    name: 'a node that is on the LAN twice, and filters strictly by the way back (rp_filter)',
    ...SECOND_WAY,
    cases: [
      {
        name: 'rp_filter: one pair of nodes is cut apart, and both ends are asked for their filter',
        playbook: { of: 'pod-network', as: 'rp-filter', steps: POD_NETWORK },
        red: [
          {
            step: EACH_POD,
            places: { 'pod@raspi001': 'passed', 'pod@raspi002': 'failed', 'pod@raspi003': 'failed' },
            observed: /timeout|no-route/,
            next: [/raspi002 "ip route; grep [^;]*rp_filter; nstat/],
          },
          {
            step: NODES_REACH,
            places: { 'host@raspi001': 'passed', 'host@raspi002': 'failed', 'host@raspi003': 'failed' },
            observed: /timeout|no-route/,
            next: [/raspi002 "ip route; grep [^;]*rp_filter; nstat/],
          },
        ],
        also: ['Packets of full size pass as well'],
        green: ['A tunnel connects the nodes', "One route leads to each other node's segment"],
      },
    ],
  },
];
