import type { Problem } from '../yaml/problem.js';
import { type SourceDocument, positionOf, valueAt } from '../yaml/source.js';
import { validate } from '../yaml/validate.js';
import { absolutePath, isFile } from './environment.js';
import { asObject } from './hosts.js';
import { type HostInput, clusterSchema, hostSchema, sshSchema } from './schema.js';

/**
 * Mistakes that a schema cannot see: names twice, no control plane, jumps in a ring, files that are not there. Each part
 * of the file that is itself sound is looked at, so that one mistyped key does not hide the rest.
 */
export function labProblems(document: SourceDocument, directory: string, home: string): Problem[] {
  return [...hostProblems(document), ...fileProblems(document, directory, home)];
}

function hostProblems(document: SourceDocument): Problem[] {
  const list = valueAt(document, ['hosts']);
  if (!Array.isArray(list)) return [];
  const hosts = list.map((_, index) => {
    const { value } = validate(hostSchema, document, ['hosts', index]);
    return value === undefined ? undefined : { index, written: value, ...asObject(value) };
  });
  const sound = hosts.filter((host) => host !== undefined);
  const place = ({ index, written }: { index: number; written: HostInput }, key: string): Problem => ({
    ...positionOf(document, typeof written === 'string' ? ['hosts', index] : ['hosts', index, key]),
    message: '',
  });

  const problems: Problem[] = [];
  for (const [at, host] of sound.entries()) {
    const earlier = sound.slice(0, at).find(({ name }) => name === host.name);
    if (earlier !== undefined) {
      const { line } = place(earlier, 'name');
      problems.push({
        ...place(host, 'name'),
        message: `host name "${host.name}" is used twice`,
        hint: `line ${line} has it already; give each host a name of its own`,
      });
    }
    const ring = ringFrom(host.name, new Map(sound.map(({ name, jump }) => [name, jump])));
    if (ring !== undefined) {
      problems.push({
        ...place(host, 'jump'),
        message: `jump: the way to "${host.name}" leads back to itself: ${ring.join(' → ')}`,
        hint: 'one of these hosts must be reached directly',
      });
    }
  }

  const rolesGiven = sound.some(({ role }) => role !== undefined);
  if (sound.length === hosts.length && rolesGiven && !sound.some(({ role }) => role === 'control-plane')) {
    problems.push({
      ...positionOf(document, ['hosts'], 'key'),
      message: 'no host has the role control-plane',
      hint: 'give one host "role: control-plane", or no host a role: then the first is the control plane',
    });
  }
  return problems;
}

function ringFrom(start: string, jumps: ReadonlyMap<string, string | undefined>): string[] | undefined {
  const trail = [start];
  for (let next = jumps.get(start); next !== undefined; next = jumps.get(next)) {
    if (next === start) return [...trail, next];
    // A ring further on that does not hold this host is reported at the hosts it holds.
    if (trail.includes(next)) return undefined;
    trail.push(next);
  }
  return undefined;
}

function fileProblems(document: SourceDocument, directory: string, home: string): Problem[] {
  const keys = validate(sshSchema.shape.keys, document, ['ssh', 'keys']).value ?? [];
  const kubeconfig = validate(clusterSchema.shape.kubeconfig, document, ['cluster', 'kubeconfig']).value;
  const named = [
    ...keys.map((file, index) => ({
      path: ['ssh', 'keys', index],
      file,
      kind: 'private key',
      hint: 'ssh-keygen makes one',
    })),
    ...(kubeconfig === undefined
      ? []
      : [
          {
            path: ['cluster', 'kubeconfig'],
            file: kubeconfig,
            kind: 'kubeconfig',
            hint: 'leave the key out to fetch it from the first control plane',
          },
        ]),
  ];
  return named
    .map((one) => ({ ...one, absolute: absolutePath(one.file, directory, home) }))
    .filter(({ absolute }) => !isFile(absolute))
    .map(({ path, absolute, kind, hint }) => ({
      ...positionOf(document, path),
      message: `${kind} ${absolute} does not exist`,
      hint: `paths start at the lab file's directory; ${hint}`,
    }));
}
