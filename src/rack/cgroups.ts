import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The group under the caller's own that holds everything the rack starts; one child per machine. */
export const CGROUP = 'pilab-rack';

/** A mounted cgroup v1 hierarchy. */
export interface Hierarchy {
  readonly controllers: readonly string[];
  readonly mount: string;
}

/** The cgroup v1 hierarchies in a mount table (/proc/self/mounts). */
export function hierarchies(mounts: string): Hierarchy[] {
  const known =
    'cpu cpuacct cpuset memory devices freezer blkio pids net_cls net_prio perf_event hugetlb rdma misc'.split(' ');
  return mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup')
    .map(([, mount = '', , options = '']) => ({
      mount,
      controllers: options.split(',').filter((word) => known.includes(word) || word.startsWith('name=')),
    }));
}

/** The caller's group in each hierarchy (/proc/self/cgroup): `controller` → path. */
export function ownGroups(table: string): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of table.split('\n')) {
    const [, controllers = '', ...path] = line.split(':');
    for (const controller of controllers.split(',')) if (controller !== '') groups.set(controller, path.join(':'));
  }
  return groups;
}

function mounted(): Hierarchy[] {
  return hierarchies(readFileSync('/proc/self/mounts', 'utf8'));
}

/**
 * Makes a group for one machine in every hierarchy and gives the folders; the caller moves a process into them. A
 * child of the caller's own group: limits that hold for the caller hold for the rack too.
 */
export async function makeGroups(machine: string): Promise<string[]> {
  const own = ownGroups(readFileSync('/proc/self/cgroup', 'utf8'));
  const folders: string[] = [];
  for (const { mount, controllers } of mounted()) {
    const group = own.get(controllers[0] ?? '') ?? '/';
    // Called from within the rack's own group (a shell of the rack): stay beside, not below.
    const parent = join(mount, group.split(`/${CGROUP}`)[0] ?? '/', CGROUP);
    const folder = join(parent, machine);
    await mkdir(folder, { recursive: true });
    if (controllers.includes('cpuset')) {
      for (const level of [parent, folder]) await inheritCpuset(level);
    }
    folders.push(folder);
  }
  return folders;
}

/** A fresh cpuset is empty, and no process can enter an empty one. */
async function inheritCpuset(folder: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    await writeFile(join(folder, file), await readFile(join(folder, '..', file), 'utf8'));
  }
}

/** Every group of the rack in every hierarchy, wherever its maker stood: found by name, not by a record. */
export function findGroups(machine?: string): string[] {
  const found: string[] = [];
  const look = (folder: string, depth: number): void => {
    for (const child of childFolders(folder)) {
      if (child === CGROUP) found.push(join(folder, child, machine ?? ''));
      else if (depth > 0) look(join(folder, child), depth - 1);
    }
  };
  for (const { mount } of mounted()) look(mount, 4);
  return found.filter((folder) => existsSync(folder));
}

function childFolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return []; // gone in the meantime
  }
}

/** Folders of a group and all below it, deepest first: the order in which they can be removed. */
function tree(folder: string): string[] {
  return [...childFolders(folder).flatMap((child) => tree(join(folder, child))), folder];
}

/** Processes in the rack's groups, or in one machine's. */
export function processes(machine?: string): number[] {
  const pids = new Set<number>();
  for (const group of findGroups(machine).flatMap(tree)) {
    try {
      for (const line of readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n')) {
        if (line !== '') pids.add(Number(line));
      }
    } catch {
      // gone in the meantime
    }
  }
  pids.delete(0); // a process of another pid namespace has no number here
  return [...pids];
}

/** Removes the rack's empty groups. */
export async function removeGroups(): Promise<void> {
  for (const group of findGroups().flatMap(tree)) {
    await rmdir(group).catch(() => undefined);
  }
}
