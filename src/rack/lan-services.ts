import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programPath } from './binaries.js';
import { launch } from './launch.js';
import { inNamespace } from './network.js';
import type { WebServer } from './plan.js';
import { PLAN, WEBS, zoneFile } from './plan.js';
import { IMAGE_BASE, rootOf } from './rootfs.js';
import { RACK_NETNS, rackPaths } from './state.js';

/** Name of the LAN's name server among the rack's machines. */
export const DNS_SERVER = 'dns';

/**
 * The name server's configuration: the LAN's zone, and "no such name" at once for everything else. Without an answer
 * each unknown name would cost the cluster's own DNS seconds. The SOA makes that answer cacheable.
 */
export function corefile(zone: string): string {
  return [
    `${PLAN.zone}:53 {`,
    `    bind ${PLAN.operator}`,
    `    file ${zone}`,
    '    errors',
    '}',
    '.:53 {',
    `    bind ${PLAN.operator}`,
    '    template ANY ANY {',
    '        rcode NXDOMAIN',
    '        authority ". 60 IN SOA ns.home.lab. pi.home.lab. 1 3600 600 86400 5"',
    '    }',
    '    errors',
    '}',
    '',
  ].join('\n');
}

/** A server's answer: one line that says who was asked for what, by whom. */
function answer(name: string): string {
  return `return 200 "Host=$http_host Path=$uri From=${name} ClientIP=$remote_addr XFF=$http_x_forwarded_for\\n";`;
}

/** Configuration of a web server outside the cluster; with `vhost` it is one of many sites, and others are not found. */
export function webConfig(web: WebServer): string {
  const name = `${web.name}.${PLAN.zone}`;
  const site = (listen: string, names: string, reply: string): string =>
    `    server { listen ${listen}; server_name ${names}; location / { ${reply} } }`;
  const sites = web.vhost
    ? [site('80', name, answer(web.name)), site('80 default_server', '_', 'return 404 "no such site here\\n";')]
    : [site('80 default_server', '_', answer(web.name))];
  return [
    'user www-data;',
    'worker_processes 1;',
    'error_log /dev/stderr;',
    'pid /run/nginx.pid;',
    'events { worker_connections 512; }',
    'http {',
    '    access_log off;',
    '    default_type text/plain;',
    ...sites,
    '}',
    '',
  ].join('\n');
}

async function startDns(): Promise<void> {
  const dir = join(rackPaths().run, 'dns');
  await mkdir(dir, { recursive: true });
  const zone = join(dir, 'zone');
  await writeFile(zone, zoneFile());
  await writeFile(join(dir, 'Corefile'), corefile(zone));
  await launch(DNS_SERVER, inNamespace(RACK_NETNS, [programPath('coredns'), '-conf', join(dir, 'Corefile')]));
}

/** nginx out of the images' Debian, in a throwaway overlay of it. */
async function startWeb(web: WebServer): Promise<void> {
  const config = join(rackPaths().run, `${web.name}.conf`);
  await writeFile(config, webConfig(web));
  await launch(web.name, [
    ...['systemd-nspawn', '--quiet', '--register=no', '--keep-unit', '--as-pid2', '--volatile=overlay', '--pipe'],
    ...[
      `--network-namespace-path=/run/netns/${web.netns}`,
      `--machine=${web.netns}`,
      `--hostname=${web.name}`,
      '--resolv-conf=off',
    ],
    ...['--timezone=off', '--link-journal=no', `--directory=${rootOf(IMAGE_BASE)}`],
    ...[`--bind-ro=${config}:/etc/nginx/nginx.conf`, 'nginx', '-g', 'daemon off;'],
  ]);
}

/** Starts what a home network has beside the Pis: a name server and two web servers. */
export async function startLanServices(): Promise<void> {
  await startDns();
  for (const web of WEBS) await startWeb(web);
}
