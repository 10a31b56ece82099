import { access, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PilabError } from '../errors.js';
import { suggest } from '../yaml/nearest.js';
import type { Problem } from '../yaml/problem.js';
import { type Claims, readClaims } from './claims.js';
import { type Library, invalidPlaybook, readPlaybook } from './load.js';
import type { Playbook } from './schema.js';
import { type Unproven, readUnproven } from './unproven.js';

/** Where playbooks, manifests and claims lie. */
export interface Folders {
  readonly playbooks: string;
  readonly manifests: string;
}

/** The shipped ones: two levels above this file, both in src/ and in dist/. */
export const SHIPPED: Folders = {
  playbooks: fileURLToPath(new URL('../../playbooks', import.meta.url)),
  manifests: fileURLToPath(new URL('../../manifests', import.meta.url)),
};

/** The claims of the chapter. @throws PilabError `CLAIMS_INVALID` */
export function loadClaims(folders: Folders = SHIPPED): Promise<Claims> {
  return readClaims(join(folders.playbooks, 'claims.json'));
}

/** Why some claims cannot be proven, by claim. @throws PilabError `UNPROVEN_INVALID` */
export function loadUnproven(folders: Folders = SHIPPED): Promise<ReadonlyMap<string, Unproven>> {
  return readUnproven(join(folders.playbooks, 'unproven.json'));
}

/** Names of the shipped playbooks, sorted. */
export async function listPlaybooks(folders: Folders = SHIPPED): Promise<string[]> {
  const files = await readdir(folders.playbooks);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/**
 * Loads playbooks by name, or by file when the word holds a `/` or ends in `.yaml`; without names all shipped ones. Each
 * is loaded once, in the order of the words.
 * @throws PilabError `PLAYBOOK_NOT_FOUND` or `PLAYBOOK_INVALID`, with what is wrong in all of them
 */
export async function loadPlaybooks(names: readonly string[], folders: Folders = SHIPPED): Promise<Playbook[]> {
  const known = await listPlaybooks(folders);
  const library: Library = { manifestsDir: folders.manifests, claims: await loadClaims(folders) };
  const files = await Promise.all((names.length > 0 ? names : known).map((name) => find(name, known, folders)));
  const missing = files.flatMap((file) => (typeof file === 'string' ? [] : [file.missing]));
  const found = [...new Set(files.filter((file) => typeof file === 'string'))];
  const read = await Promise.all(found.map((file) => readPlaybook(file, library)));
  const playbooks = read.flatMap(({ playbook }) => (playbook === undefined ? [] : [playbook]));
  const problems = [...read.flatMap((one) => one.problems), ...sameName(playbooks)];
  if (missing.length === 0 && problems.length === 0) return playbooks;
  if (problems.length === 0) {
    throw new PilabError({
      code: 'PLAYBOOK_NOT_FOUND',
      message: missing.join('\n'),
      hint: `shipped playbooks: ${known.join(', ')}`,
    });
  }
  const { code, message, hint = '' } = invalidPlaybook(problems);
  throw new PilabError({ code, message: [...missing, message].join('\n'), hint });
}

async function find(name: string, known: readonly string[], folders: Folders): Promise<string | { missing: string }> {
  if (!/\/|\.ya?ml$/.test(name)) {
    if (known.includes(name)) return join(folders.playbooks, `${name}.yaml`);
    const meant = suggest(name, known);
    return { missing: `there is no playbook "${name}"${meant === undefined ? '' : `; ${meant}`}` };
  }
  try {
    await access(name);
    return resolve(name);
  } catch {
    return { missing: `${name}: there is no such playbook file` };
  }
}

/** Two playbooks of one name would share a namespace. */
function sameName(playbooks: readonly Playbook[]): Problem[] {
  return playbooks.flatMap((playbook, index) => {
    const first = playbooks.slice(0, index).find((one) => one.name === playbook.name);
    return first === undefined
      ? []
      : [
          {
            file: playbook.file,
            line: 1,
            column: 1,
            message: `${first.file} has the name "${playbook.name}" too`,
            hint: 'give one of them another name',
          },
        ];
  });
}
