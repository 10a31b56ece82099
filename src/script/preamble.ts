import { stringify } from 'yaml';
import type { Lab, LabHost } from '../lab/lab.js';
import { probePod } from '../probe/pod.js';
import { quoteWord } from '../quote.js';

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
    `HOSTS=${quoteWord(lab.hosts.map(({ name }) => name).join(' '))}`,
    'ssh() {',
    '  host=$1',
    '  shift',
    '  case $host in',
    ...lab.hosts.map(
      (host) => `  ${quoteWord(host.name)}) command ssh ${sshWords(host, lab).map(quoteWord).join(' ')} "$@" ;;`,
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
