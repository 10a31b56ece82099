import { RACK_NETNS } from './state.js';

/** A machine on the rack's LAN, with a network namespace of its own. */
export interface LanHost {
  readonly name: string;
  readonly address: string;
  readonly netns: string;
  readonly mac: string;
}

/** A container that boots like a Pi. */
export interface RackNode extends LanHost {
  readonly role: 'control-plane' | 'worker';
}

/** A plain web server outside the cluster; `vhost` answers only to its own name. */
export interface WebServer extends LanHost {
  readonly vhost: boolean;
}

/** Everything about addresses and names in one place, so that no other file counts them again. */
export const PLAN = {
  zone: 'home.lab',
  bridge: 'lan0',
  operator: '192.168.66.1',
  prefix: 24,
  podCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/12',
  /** Left free on the LAN for the load balancer. */
  pool: '192.168.66.240-192.168.66.250',
} as const;

/** MAC addresses carry the Raspberry Pi's vendor prefix: `arp` and `ip neigh` then show what a home network shows. */
function lanHost(name: string, lastByte: number): LanHost {
  return {
    name,
    address: `192.168.66.${lastByte}`,
    netns: `pilab-${name}`,
    mac: `dc:a6:32:00:66:${lastByte.toString(16).padStart(2, '0')}`,
  };
}

/** The three nodes; the first is the control plane. */
export const NODES: readonly RackNode[] = [
  { ...lanHost('raspi001', 11), role: 'control-plane' },
  { ...lanHost('raspi002', 12), role: 'worker' },
  { ...lanHost('raspi003', 13), role: 'worker' },
];

/** The web servers outside the cluster. */
export const WEBS: readonly WebServer[] = [
  { ...lanHost('web1', 21), vhost: false },
  { ...lanHost('web2', 22), vhost: true },
];

/** All hosts of the LAN but the operator. */
export const LAN_HOSTS: readonly LanHost[] = [...NODES, ...WEBS];

/** All namespaces of the rack, the operator's last: the others hang on its bridge. */
export const NAMESPACES: readonly string[] = [...LAN_HOSTS.map((host) => host.netns), RACK_NETNS];

/** The argument vectors (for `ip`) that make the LAN, in order. */
export function networkCommands(): string[][] {
  const lan = ['-n', RACK_NETNS];
  const commands = [
    ['netns', 'add', RACK_NETNS],
    [...lan, 'link', 'set', 'lo', 'up'],
    [...lan, 'link', 'add', PLAN.bridge, 'type', 'bridge'],
    [...lan, 'addr', 'add', `${PLAN.operator}/${PLAN.prefix}`, 'dev', PLAN.bridge],
    [...lan, 'link', 'set', PLAN.bridge, 'up'],
  ];
  for (const host of LAN_HOSTS) {
    const there = ['-n', host.netns];
    commands.push(
      ['netns', 'add', host.netns],
      [...there, 'link', 'set', 'lo', 'up'],
      [...lan, 'link', 'add', host.name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host.netns],
      [...lan, 'link', 'set', host.name, 'master', PLAN.bridge, 'up'],
      [...there, 'link', 'set', 'eth0', 'address', host.mac, 'up'],
      [...there, 'addr', 'add', `${host.address}/${PLAN.prefix}`, 'dev', 'eth0'],
      [...there, 'route', 'add', 'default', 'via', PLAN.operator],
    );
  }
  return commands;
}

/** `/etc/hosts` of a node. */
export function hostsFile(self: string): string {
  const lines = NODES.map((node) => `${node.address}\t${node.name}.${PLAN.zone} ${node.name}`);
  return ['127.0.0.1\tlocalhost', `127.0.1.1\t${self}-local`, ...lines, ''].join('\n');
}

/** The zone of the LAN's name server. */
export function zoneFile(): string {
  const records = LAN_HOSTS.map((host) => `${host.name} IN A ${host.address}`);
  return [
    `$ORIGIN ${PLAN.zone}.`,
    '$TTL 60',
    `@ IN SOA ns.${PLAN.zone}. pi.${PLAN.zone}. 1 3600 600 86400 5`,
    `@ IN NS ns.${PLAN.zone}.`,
    `ns IN A ${PLAN.operator}`,
    `operator IN A ${PLAN.operator}`,
    ...records,
    '',
  ].join('\n');
}
