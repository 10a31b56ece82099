import { stringify } from 'yaml';
import type { Lab, LabHost } from '../lab/lab.js';
import { probePod } from '../probe/pod.js';
import { quoted } from './shell.js';

/** The functions that a script may need, by name; a script gets those that it uses. */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  value: [
    '# Reads a value. It must be there, and plain: it may become part of a command for another shell.',
    'value() {',
    '  found=$("$@") || return 1',
    "  case $found in '' | *[!A-Za-z0-9.:/,_\\ -]*)",
    '    echo "no plain value: \'$found\' (from: $*)" >&2',
    '    return 1 ;;',
    '  esac',
    '  printf \'%s\\n\' "$found"',
    '}',
  ],
  until_ok: [
    '# Repeats a command until it succeeds, for a minute or so.',
    'until_ok() {',
    '  tries=0',
    '  until "$@" >/dev/null 2>&1; do',
    '    tries=$((tries + 1))',
    '    [ "$tries" -lt 60 ] || { echo "gave up: $*" >&2; return 1; }',
    '    sleep 1',
    '  done',
    '}',
  ],
  members: [
    '# The addresses that the Service sends to.',
    'members() {',
    '  kubectl get endpointslices -l "kubernetes.io/service-name=$1" \\',
    "    -o 'jsonpath={range .items[*].endpoints[*]}{.addresses[0]}={.conditions.ready}{\"\\n\"}{end}' | sed -n 's/=true$//p' | sort -u",
    '}',
  ],
  wanted_members: [
    '# The addresses that it should send to: of the ready pods that its selector matches. Without a selector people decide.',
    'wanted_members() {',
    '  selector=$(kubectl get service "$1" -o \'go-template={{range $key, $value := .spec.selector}}{{$key}}={{$value}},{{end}}\')',
    '  [ -n "$selector" ] || { members "$1"; return; }',
    '  ready=True',
    '  [ "$(kubectl get service "$1" -o \'jsonpath={.spec.publishNotReadyAddresses}\')" != true ] || ready=\'[TF][a-z]*\'',
    '  kubectl get pods -l "${selector%,}" \\',
    '    -o \'jsonpath={range .items[*]}{.status.podIP}={.status.conditions[?(@.type=="Ready")].status}{.metadata.deletionTimestamp}{"\\n"}{end}\' |',
    '    sed -n "s/=$ready\\$//p" | sort -u',
    '}',
  ],
  ask_inside: [
    '# Asks a Service from each probe pod; the exit status is the last one that is not 0, if any.',
    'ask_inside() {',
    '  port=$(kubectl get service "$1" -o \'jsonpath={.spec.ports[0].port}\')',
    '  told=0',
    "  for probe in $(kubectl get pods -o name | grep '^pod/probe-'); do",
    '    kubectl exec "${probe#pod/}" -- curl -s --connect-timeout 4 "http://$1:$port/" || told=$?',
    '  done',
    '  return "$told"',
    '}',
  ],
  dns_says: [
    '# What DNS answers inside the cluster: name, type.',
    'dns_says() {',
    "  probe=$(kubectl get pods -o name | grep '^pod/probe-' | head -n 1)",
    '  kubectl exec "${probe#pod/}" -- dig +search +short "$2" "$1" | grep -v \'^;\' | sort',
    '}',
  ],
  serves: [
    '# Does the Service send to exactly the members that it should have, and is it known wherever it will be asked?',
    'serves() {',
    '  [ "$(members "$1")" = "$(wanted_members "$1")" ] || return 1',
    '  case $(kubectl get service "$1" -o \'jsonpath={.spec.type}/{.spec.internalTrafficPolicy}/{.spec.clusterIP}\') in',
    '  ExternalName/*) [ "$(dns_says "$1" CNAME)" = "$(kubectl get service "$1" -o \'jsonpath={.spec.externalName}\')." ] ;;',
    '  */None) [ "$(dns_says "$1" A)" = "$(members "$1")" ] ;;',
    '  # On a node without a pod the policy leaves nobody, and silence is right.',
    '  */Local/*) [ -n "$(members "$1")" ] && sleep 2 ;;',
    '  *) ask_inside "$1" ;;',
    '  esac',
    '}',
  ],
  refuses: [
    '# Has the Service no members, and is its address refused?',
    'refuses() {',
    '  [ -z "$(members "$1")" ] || return 1',
    '  if [ "$(kubectl get service "$1" -o \'jsonpath={.spec.clusterIP}\')" = None ]; then [ -z "$(dns_says "$1" A)" ]; return; fi',
    '  ask_inside "$1"',
    '  [ $? -eq 7 ]',
    '}',
  ],
  nth_document: [
    '# One document of a YAML file: number (from 0), file.',
    'nth_document() {',
    '  awk -v wanted="$1" \'/^---/ { if (seen) number++; seen = 0; next } /^[^#]/ { seen = 1 } number + 0 == wanted\' "$2"',
    '}',
  ],
  field_is: [
    '# Has the object this value at the path, or any value when none is given?',
    'field_is() {',
    '  now=$(kubectl get "$1" -o "jsonpath=$2") && [ -n "$now" ] && [ "$now" = "${3-$now}" ]',
    '}',
  ],
  count_answers: [
    '# How often each pod answered, and whom it saw as its client.',
    'count_answers() {',
    "  sed -n 's/.*From=\\([^ ]*\\) ClientIP=\\([^ ]*\\).*/\\1 (client \\2)/p' | sort | uniq -c",
    '}',
  ],
  json_value: [
    '# Its argument as a value in JSON: a number, or else a text.',
    'json_value() {',
    "  case $1 in '' | *[!0-9]*)",
    '    printf \'"%s"\' "$(printf \'%s\\n\' "$1" | sed \'s/[\\\\"]/\\\\&/g\' | awk \'{ printf "%s%s", line, $0; line = "\\\\n" }\')" ;;',
    '  *) printf \'%s\' "$1" ;;',
    '  esac',
    '}',
  ],
  json_list: [
    '# Its arguments as a list in JSON.',
    'json_list() {',
    "  comma='['",
    '  for item in "$@"; do',
    '    printf \'%s"%s"\' "$comma" "$item"',
    '    comma=,',
    '  done',
    "  printf ']'",
    '}',
  ],
  count_of: ['count_of() {', '  kubectl "$@" | wc -l | tr -d \' \'', '}'],
  kubeadm_says: [
    '# How kubeadm made the cluster: dnsDomain, serviceSubnet, podSubnet.',
    'kubeadm_says() {',
    "  kubectl -n kube-system get configmap kubeadm-config -o 'jsonpath={.data.ClusterConfiguration}' |",
    '    sed -n "s/^ *$1: *//p"',
    '}',
  ],
  proxy_mode: [
    'proxy_mode() {',
    "  mode=$(kubectl -n kube-system get configmap kube-proxy -o 'jsonpath={.data.config\\.conf}' |",
    "    sed -n 's/^mode: *\"\\{0,1\\}\\([a-z]*\\).*/\\1/p')",
    '  echo "${mode:-iptables}"',
    '}',
  ],
  pod_network: [
    '# flannel writes what it uses into annotations of every node.',
    'pod_network() {',
    "  backend=$(kubectl get nodes -o 'jsonpath={.items[*].metadata.annotations.flannel\\.alpha\\.coreos\\.com/backend-type}')",
    '  if [ -n "$backend" ]; then echo flannel; else echo unknown; fi',
    '}',
  ],
  server_version: [
    'server_version() {',
    '  kubectl get --raw /version | sed -n \'s/.*"gitVersion": *"v*\\([0-9.]*\\).*/\\1/p\'',
    '}',
  ],
  coredns_version: [
    "# CoreDNS's version by the tag of its image; its metrics may say another one, and are right.",
    'coredns_version() {',
    "  image=$(kubectl -n kube-system get deployment coredns -o 'jsonpath={.spec.template.spec.containers[0].image}')",
    '  image_version "$image"',
    '}',
  ],
  metallb_version: [
    'metallb_version() {',
    "  image=$(kubectl -n metallb-system get deployment controller -o 'jsonpath={.spec.template.spec.containers[0].image}')",
    '  image_version "$image"',
    '}',
  ],
  image_version: [
    '# The version in the tag of an image.',
    'image_version() {',
    "  printf '%s\\n' \"$1\" | sed -n 's/@.*//; s/.*:v*\\([0-9][0-9.]*\\).*/\\1/p' | grep . || echo unknown",
    '}',
  ],
  load_balancer: [
    '# Who gives addresses to Services of type LoadBalancer.',
    'load_balancer() {',
    '  if kubectl get namespace metallb-system >/dev/null 2>&1; then',
    '    echo metallb',
    "  elif kubectl get services --all-namespaces -o 'jsonpath={.items[*].status.loadBalancer.ingress[*]}' | grep -q .; then",
    '    echo unknown',
    '  else',
    '    echo none',
    '  fi',
    '}',
  ],
  is_older: [
    '# Is version $1 older than $2? An unknown one is neither older nor newer.',
    'is_older() {',
    '  [ "$1" != unknown ] && ! is_at_least "$1" "$2"',
    '}',
  ],
  is_at_least: [
    '# Is version $1 at least $2?',
    'is_at_least() {',
    '  [ "$1" != unknown ] && printf \'%s %s\\n\' "$1" "$2" | awk \'{',
    '    split($1, have, "."); wanted = split($2, want, ".")',
    '    for (i = 1; i <= wanted; i++) if (have[i] + 0 != want[i] + 0) exit !(have[i] + 0 > want[i] + 0)',
    "  }'",
    '}',
  ],
  say_where: ['# Tells where the next command runs.', 'say_where() {', '  printf \'\\n-- %s\\n\' "$1"', '}'],
  own_address: [
    '# The address of this machine, as the nodes see it.',
    'own_address() {',
    '  node_address=$(kubectl get nodes -o \'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}\')',
    '  ip -4 route get "$node_address" | sed -n \'s/.* src \\([0-9.]*\\).*/\\1/p\'',
    '}',
  ],
  free_cluster_ip: [
    '# A cluster IP that no Service has, from the first 256, which are kept for chosen addresses.',
    'free_cluster_ip() {',
    "  used=$(kubectl get services --all-namespaces -o 'jsonpath={.items[*].spec.clusterIP}')",
    '  range=$(kubeadm_says serviceSubnet)',
    '  last=250',
    '  while [ "$last" -gt 10 ]; do',
    '    case " $used " in *" ${range%.*}.$last "*) last=$((last - 1)) ;; *) break ;; esac',
    '  done',
    '  echo "${range%.*}.$last"',
    '}',
  ],
  certificate: [
    '# A self-signed certificate for a name, into two files: key, certificate.',
    'certificate() {',
    '  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -addext "subjectAltName=DNS:$1" \\',
    '    -keyout "$2" -out "$3" 2>/dev/null',
    '}',
  ],
};

/** The functions whose names stand in the lines, and those that they need themselves. */
export function functionsFor(lines: readonly string[]): string[] {
  const used = new Set<string>();
  const look = (text: string): void => {
    for (const name of Object.keys(FUNCTIONS)) {
      if (used.has(name) || !new RegExp(`(^|[^\\w-])${name}([^\\w-]|$)`, 'm').test(text)) continue;
      used.add(name);
      look((FUNCTIONS[name] ?? []).join('\n'));
    }
  };
  look(lines.join('\n'));
  return Object.entries(FUNCTIONS).flatMap(([name, body]) => (used.has(name) ? [...body, ''] : []));
}

/** `start_probe NAMESPACE NODE`: a pod on the node to ask from, like pilab's own. */
export function probeFunction(image: string): string[] {
  const pod = probePod({ name: '@NAME@', namespace: '@NAMESPACE@', node: '@NODE@', image });
  const manifest = stringify(pod, { lineWidth: 0 })
    .replaceAll(/[\\$`]/g, String.raw`\$&`)
    .replaceAll('"@NAME@"', 'probe-$2')
    .replaceAll('"@NAMESPACE@"', '$1')
    .replaceAll('"@NODE@"', '$2')
    .trimEnd();
  return [
    '# start_probe NAMESPACE NODE',
    'start_probe() {',
    '  until_ok kubectl -n "$1" get serviceaccount default',
    '  kubectl -n "$1" apply -f - <<EOF && kubectl -n "$1" wait --for=condition=Ready "pod/probe-$2" --timeout=120s',
    manifest,
    'EOF',
    '}',
  ];
}

/** `ssh HOST COMMAND` for the hosts of a lab file; without one, the person's own OpenSSH config knows them. */
export function sshFunction(lab: Lab | undefined): string[] {
  if (lab === undefined) {
    return [
      "HOSTS=${HOSTS:-$(kubectl get nodes -o 'jsonpath={.items[*].metadata.name}')}",
      'ssh() {',
      '  command ssh -n "$@"',
      '}',
    ];
  }
  return [
    `HOSTS=${quoted(lab.hosts.map(({ name }) => name).join(' '))}`,
    'ssh() {',
    '  host=$1',
    '  shift',
    '  case $host in',
    ...lab.hosts.map(
      (host) => `  ${quoted(host.name)}) command ssh ${sshWords(host, lab).map(quoted).join(' ')} "$@" ;;`,
    ),
    '  *) command ssh -n "$host" "$@" ;;',
    '  esac',
    '}',
  ];
}

function sshWords(host: LabHost, lab: Lab): string[] {
  const known = host.knownHosts ?? lab.ssh.knownHosts;
  return [
    '-n',
    ...(host.port === 22 ? [] : ['-p', String(host.port)]),
    ...host.keys.flatMap((key) => ['-i', key]),
    ...(known.length === 0 ? [] : ['-o', `UserKnownHostsFile=${known.map((file) => `"${file}"`).join(' ')}`]),
    ...(host.hostKeyAlias === undefined ? [] : ['-o', `HostKeyAlias=${host.hostKeyAlias}`]),
    ...(host.jump === undefined ? [] : ['-J', `${host.jump.user}@${host.jump.address}:${host.jump.port}`]),
    '-l',
    host.user,
    '--',
    host.address,
  ];
}
