import { describe, expect, it } from 'vitest';
import { corefile, webConfig } from '../../src/rack/lan-services.js';
import { hostsFile, LAN_HOSTS, NAMESPACES, networkCommands, NODES, PLAN, WEBS, zoneFile } from '../../src/rack/plan.js';

describe('the network plan', () => {
  it('changes nothing outside namespaces of its own', () => {
    for (const argv of networkCommands()) {
      const target = argv[0] === '-n' ? argv[1] : argv[2];
      expect(NAMESPACES).toContain(target);
    }
  });

  it('makes every namespace before it uses it, and each once', () => {
    const made = new Set<string>();
    for (const argv of networkCommands()) {
      if (argv[0] === 'netns') {
        expect(made).not.toContain(argv[2]);
        made.add(argv[2]!);
      } else expect(made).toContain(argv[1]);
    }
    expect([...made].sort()).toEqual([...NAMESPACES].sort());
  });

  it('gives every host an address, a MAC and an interface name of its own', () => {
    for (const key of ['address', 'mac', 'name', 'netns'] as const) {
      expect(new Set(LAN_HOSTS.map((host) => host[key])).size).toBe(LAN_HOSTS.length);
    }
    // The kernel's limit for interface names.
    expect(LAN_HOSTS.every((host) => host.name.length <= 15)).toBe(true);
  });

  it('leaves 240 to 250 free for a load balancer', () => {
    const last = LAN_HOSTS.map((host) => Number(host.address.split('.')[3]));
    expect(last.some((byte) => byte >= 240)).toBe(false);
    expect(PLAN.pool).toBe('192.168.66.240-192.168.66.250');
  });

  it('names all hosts of the LAN in its zone, and the nodes in /etc/hosts', () => {
    expect(zoneFile()).toContain('web2 IN A 192.168.66.22\n');
    for (const host of LAN_HOSTS) expect(zoneFile()).toContain(`${host.name} IN A ${host.address}`);
    for (const node of NODES)
      expect(hostsFile('raspi001')).toContain(`${node.address}\t${node.name}.home.lab ${node.name}`);
  });

  it('has one control plane', () => {
    expect(NODES.map((node) => node.role)).toEqual(['control-plane', 'worker', 'worker']);
  });
});

describe('the services of the LAN', () => {
  it('answers unknown names with NXDOMAIN itself and forwards nowhere', () => {
    expect(corefile('/zone')).toContain('rcode NXDOMAIN');
    expect(corefile('/zone')).not.toMatch(/forward|bind 0/);
  });

  it('serves one server to everybody and the other by its name only', () => {
    const [plain, vhost] = WEBS.map(webConfig);
    expect(plain).not.toContain('404');
    expect(vhost).toContain('server_name web2.home.lab');
    expect(vhost).toMatch(/default_server.*404/);
  });
});
