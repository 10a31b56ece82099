/** A machine of the lab, with everything filled in (lab file, then OpenSSH's config, then defaults). */
export interface LabHost {
  readonly name: string;
  /** Address or name to connect to. */
  readonly address: string;
  /** @default 22 */
  readonly port: number;
  readonly user: string;
  readonly role: 'control-plane' | 'worker';
  /** Name under which known_hosts may list it besides its address (OpenSSH's HostKeyAlias). */
  readonly hostKeyAlias?: string;
  /** Absolute paths of private keys, tried in order. */
  readonly keys: readonly string[];
  /** This host's own known_hosts files (OpenSSH's UserKnownHostsFile). @default the lab's */
  readonly knownHosts?: readonly string[];
  /** The machine to go through, itself a full description (OpenSSH's ProxyJump). */
  readonly jump?: LabHost;
}

/** A web server of the LAN that is no part of the cluster. */
export interface OutsideServer {
  readonly name: string;
  readonly address: string;
  /** @default 80 */
  readonly port: number;
}

/** How root is had on a host. */
export type Sudo =
  | { readonly kind: 'none' }
  | { readonly kind: 'passwordless' }
  /** Asked once in a terminal. */
  | { readonly kind: 'prompt' }
  /** The password is in this environment variable. */
  | { readonly kind: 'env'; readonly variable: string };

/** A lab file after loading: typed, complete, paths absolute. */
export interface Lab {
  readonly name: string;
  /** True only for the rehearsal. */
  readonly simulated: boolean;
  /** Absolute path of the lab file. */
  readonly file: string;
  readonly hosts: readonly LabHost[];
  readonly ssh: {
    /** Path of the agent's socket, or undefined for no agent. @default SSH_AUTH_SOCK */
    readonly agent: string | undefined;
    /** Ask for a password in a terminal when no key is accepted. @default false */
    readonly passwordPrompt: boolean;
    /** Files in OpenSSH's format; the first is where an accepted key is added. */
    readonly knownHosts: readonly string[];
    /** @default 10_000 */
    readonly connectTimeoutMs: number;
    /** @default 5_000; three missed ones end the connection */
    readonly keepAliveMs: number;
    /** @default 60_000 */
    readonly commandTimeoutMs: number;
  };
  readonly sudo: Sudo;
  readonly cluster: {
    /** Absolute path of a kubeconfig; undefined: fetched over SSH from the first control plane. */
    readonly kubeconfig: string | undefined;
    readonly context: string | undefined;
    /** Where the control plane keeps it. @default /etc/kubernetes/admin.conf */
    readonly remoteKubeconfig: string;
    /** `tunnel`: the API is reached through the SSH connection to the first control plane. @default direct */
    readonly via: 'direct' | 'tunnel';
  };
  /** Address ranges of the LAN for a load balancer; undefined: the lab file does not say. */
  readonly loadBalancer: { readonly pool: readonly string[] } | undefined;
  /** Ingress classes to use, the first one for most exercises; undefined: those of the cluster. */
  readonly ingress: { readonly classes: readonly string[] } | undefined;
  /** Web servers outside the cluster. */
  readonly outside: readonly OutsideServer[];
  /** Image name → image name, for air-gapped classes; a key ending in `/` replaces a prefix. */
  readonly images: Readonly<Record<string, string>>;
}
