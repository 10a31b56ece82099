import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { PilabError, messageOf } from '../errors.js';
import { type Problem, formatProblems } from '../yaml/problem.js';
import { parseYaml, positionOf } from '../yaml/source.js';
import { validate } from '../yaml/validate.js';
import { type LabEnvironment, absolutePath, labEnvironment } from './environment.js';
import { resolveHosts } from './hosts.js';
import type { Lab, Sudo } from './lab.js';
import { readOpenSshConfig } from './openssh.js';
import { labProblems } from './problems.js';
import { type LabInput, labSchema } from './schema.js';

/**
 * Loads a lab file. What it leaves out comes from OpenSSH's config, then from defaults.
 * @throws PilabError `LAB_NOT_FOUND`, `LAB_INVALID` (every mistake of the file, one `file:line:column: …` a line) or
 * `SSH_CONFIG_INVALID`.
 */
export async function loadLab(file: string, replaced: Partial<LabEnvironment> = {}): Promise<Lab> {
  const environment = labEnvironment(replaced);
  const path = resolve(file);
  const text = await readLab(file, path);
  const input = parseLab(file, text, { directory: dirname(path), home: environment.home });
  return buildLab(input, path, environment);
}

async function readLab(file: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new PilabError({
      code: 'LAB_NOT_FOUND',
      message: `${file}: the lab file cannot be read: ${messageOf(error)}`,
      hint: 'write one, for example "hosts: [raspi001, raspi002]", or name another with --lab FILE',
      cause: error,
    });
  }
}

/** The checked content of a lab file; paths are looked up from `directory`. @throws PilabError `LAB_INVALID` */
export function parseLab(
  file: string,
  text: string,
  { directory, home }: { directory: string; home: string },
): LabInput {
  const { documents, problems } = parseYaml(file, text);
  const [document, second] = documents;
  if (document === undefined) {
    const empty = { file, line: 1, column: 1, message: 'the file is empty', hint: 'at least: hosts: [raspi001]' };
    throw invalid(file, problems.length > 0 ? problems : [empty]);
  }
  const { value, problems: wrong } = validate(labSchema, document);
  const all: Problem[] = [...problems, ...wrong, ...labProblems(document, directory, home)];
  if (second !== undefined) {
    all.push({ ...positionOf(second, []), message: 'a second YAML document', hint: 'a lab file has one' });
  }
  if (value === undefined || all.length > 0) throw invalid(file, all);
  return value;
}

function invalid(file: string, problems: readonly Problem[]): PilabError {
  return new PilabError({
    code: 'LAB_INVALID',
    message: formatProblems(problems),
    hint: `correct ${file}; "pilab schema lab" prints a schema that editors understand`,
  });
}

function buildLab(input: LabInput, path: string, environment: LabEnvironment): Lab {
  const directory = dirname(path);
  const absolute = (name: string): string => absolutePath(name, directory, environment.home);
  const { ssh = {}, cluster = {} } = input;
  const { agent = true } = ssh;
  return {
    name: input.lab ?? basename(path, extname(path)),
    simulated: false,
    file: path,
    hosts: resolveHosts(input.hosts, { ssh, directory, environment, openSsh: readOpenSshConfig(environment) }),
    ssh: {
      agent: agent === true ? environment.agent : agent === false ? undefined : absolute(agent),
      passwordPrompt: ssh.passwordPrompt ?? false,
      knownHosts:
        ssh.knownHosts === undefined
          ? [
              join(environment.home, '.ssh', 'known_hosts'),
              join(environment.home, '.ssh', 'known_hosts2'),
              environment.systemKnownHostsFile,
            ]
          : [ssh.knownHosts].flat().map(absolute),
      connectTimeoutMs: ssh.connectTimeout ?? 10_000,
      keepAliveMs: ssh.keepAlive ?? 5_000,
      commandTimeoutMs: ssh.commandTimeout ?? 60_000,
    },
    sudo: sudoOf(input.sudo),
    cluster: {
      kubeconfig: cluster.kubeconfig === undefined ? undefined : absolute(cluster.kubeconfig),
      context: cluster.context,
      remoteKubeconfig: cluster.remoteKubeconfig ?? '/etc/kubernetes/admin.conf',
      via: cluster.via ?? 'direct',
    },
    loadBalancer: input.loadBalancer === undefined ? undefined : { pool: [input.loadBalancer.pool].flat() },
    ingress: input.ingress,
    outside: (input.outside ?? []).map((server) => ({ ...server, port: server.port ?? 80 })),
    images: input.images ?? {},
  };
}

function sudoOf(sudo: LabInput['sudo'] = 'passwordless'): Sudo {
  return typeof sudo === 'string' ? { kind: sudo } : { kind: 'env', variable: sudo.env };
}
