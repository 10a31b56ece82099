import { z } from 'zod';
import { parseAddress, rangeOf } from '../model/cidr.js';

/** `250ms`, `10s`, `2m` → milliseconds. */
const duration = z
  .string()
  .regex(/^[1-9]\d*(ms|s|m)$/, 'a duration such as 500ms, 10s or 2m')
  .transform((value) => {
    const number = Number.parseInt(value, 10);
    return value.endsWith('ms') ? number : number * (value.endsWith('m') ? 60_000 : 1000);
  });

const port = z.int().min(1, 'a port is 1 to 65535').max(65_535, 'a port is 1 to 65535');
const filled = z.string().min(1, 'must not be empty');
/** Also the word in `host@NAME`, so without spaces and signs. */
const hostName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a name of letters, digits, dots and dashes; an address goes into "address"');

/** One machine; a plain text is its name and its address. */
export const hostSchema = z.union([
  hostName,
  z.strictObject({
    name: hostName.describe('The name of the machine in pilab and, usually, of its Kubernetes node.'),
    address: filled.optional().describe("Address or DNS name. Default: OpenSSH's HostName, else the name."),
    port: port.optional().describe("SSH port. Default: OpenSSH's Port, else 22."),
    user: filled.optional().describe("Login name. Default: ssh.user, else OpenSSH's User, else the local user."),
    role: z
      .enum(['control-plane', 'worker'])
      .optional()
      .describe('Default: worker; when no host has a role the first one is the control plane.'),
    jump: filled
      .optional()
      .describe('Go through this machine: the name of a host of this file, or user@host:port; "none": directly.'),
  }),
]);

export const sshSchema = z.strictObject({
  user: filled.optional().describe('Login name for hosts that do not name one.'),
  port: port.optional().describe('SSH port for hosts that do not name one.'),
  keys: z
    .array(filled)
    .min(1, 'name at least one file, or leave the key out')
    .optional()
    .describe(
      "Private key files, tried in order. Default: OpenSSH's IdentityFile, else ~/.ssh/id_ed25519, id_ecdsa, id_rsa.",
    ),
  agent: z
    .union([z.boolean(), filled])
    .optional()
    .describe('Use an SSH agent: true (SSH_AUTH_SOCK), false, or the path of its socket. Default: true.'),
  passwordPrompt: z.boolean().optional().describe('Ask for a password when no key is accepted. Default: false.'),
  knownHosts: z
    .union([filled, z.array(filled).min(1, 'name at least one file, or leave the key out')])
    .optional()
    .describe(
      "known_hosts files; accepted keys are added to the first. Default: OpenSSH's UserKnownHostsFile, else its defaults.",
    ),
  connectTimeout: duration.optional().describe('Default: 10s.'),
  keepAlive: duration
    .optional()
    .describe('Time between signs of life; three missed ones end a connection. Default: 5s.'),
  commandTimeout: duration.optional().describe('Time a command may take unless it says otherwise. Default: 60s.'),
});

export const clusterSchema = z.strictObject({
  kubeconfig: filled.optional().describe('Default: fetched over SSH from the first control plane.'),
  context: filled.optional().describe('Context of the kubeconfig. Default: its current one.'),
  remoteKubeconfig: filled.optional().describe('Its path on the control plane. Default: /etc/kubernetes/admin.conf.'),
  via: z
    .enum(['direct', 'tunnel'])
    .optional()
    .describe('tunnel: reach the API through SSH to the first control plane. Default: direct.'),
});

/** `192.168.1.240-192.168.1.250` or `192.168.1.240/28`. */
const addressRange = z
  .string()
  .refine((text) => rangeOf(text) !== undefined, 'a range such as 192.168.1.240-192.168.1.250 or 192.168.1.240/28');

/** A web server of the LAN that is no part of the cluster. */
export const outsideSchema = z.strictObject({
  name: hostName.describe('Its DNS name, as the LAN’s own name server knows it.'),
  address: z
    .string()
    .refine((text) => parseAddress(text) !== undefined, 'an IPv4 address')
    .describe('Its IPv4 address.'),
  port: port.optional().describe('Port of its web server. Default: 80.'),
});

/** A lab file, as a person writes it. */
export const labSchema = z.strictObject({
  $schema: z.string().optional(),
  lab: filled.optional().describe("The lab's name. Default: the file's name without its ending."),
  hosts: z.array(hostSchema).min(1, 'name at least one host').describe('The machines.'),
  ssh: sshSchema.optional(),
  sudo: z
    .union([
      z.enum(['none', 'passwordless', 'prompt']),
      z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable') }),
    ])
    .optional()
    .describe('How root is had on the hosts; env names the variable that holds the password. Default: passwordless.'),
  cluster: clusterSchema.optional(),
  loadBalancer: z
    .strictObject({
      pool: z
        .union([addressRange, z.array(addressRange).min(1, 'name at least one range')])
        .describe('Addresses of the LAN that the load balancer may hand out: FROM-TO or CIDR.'),
    })
    .optional()
    .describe('What MetalLB (or another implementation) has to give. Without it: taken from MetalLB’s own pools.'),
  ingress: z
    .strictObject({
      classes: z
        .array(filled)
        .min(1, 'name at least one class')
        .describe('IngressClasses to use, the first one for most exercises. Default: those of the cluster, by name.'),
    })
    .optional(),
  outside: z
    .array(outsideSchema)
    .optional()
    .describe('Web servers on the LAN outside the cluster, for exercises with ExternalName and hand-made endpoints.'),
  images: z
    .record(filled, filled)
    .optional()
    .describe('Image name → image name, for a class without internet; a key that ends in / replaces a prefix.'),
});

export type HostInput = z.output<typeof hostSchema>;
export type LabInput = z.output<typeof labSchema>;

/** JSON Schema (draft 2020-12) of a lab file, for editors. */
export function labJsonSchema(): Record<string, unknown> {
  return { title: 'A pilab lab file', ...z.toJSONSchema(labSchema, { io: 'input' }) };
}
