import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Artefact } from './cache.js';
import { artefactKey, artefactPath } from './cache.js';
import { command, contained, rackFile } from './command.js';
import type { Binary, GoModule } from './go-modules.js';
import { BINARIES, FLANNEL, KUBERNETES, METALLB } from './go-modules.js';

/** The wrapper module's go.mod: a module of ours that requires the real one may say what replaces what. */
export function goMod(module: GoModule): string {
  const stubs = Object.entries(module.stubs ?? {}).map(([from, folder]) => [from, `./stubs/${folder}`] as const);
  const replace = [...Object.entries(module.replace ?? {}), ...stubs].map(([from, to]) => `replace ${from} => ${to}`);
  return ['module pilab.rack/wrapper', 'go 1.24.0', `require ${module.path} ${module.version}`, ...replace, ''].join(
    '\n\n',
  );
}

/** `-ldflags` of a module's programs. */
export function linkerFlags(module: GoModule): string {
  const set = Object.entries(module.set ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return ['-s', '-w', ...set, ...(module.cgo === true ? ['-extldflags -static'] : [])].join(' ');
}

/** Paths and text of a folder of ours, for the key of what is built from it. */
function folderText(folder: string): unknown {
  const root = rackFile(folder);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();
  return paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]);
}

function goEnv(cgo: boolean): Record<string, string> {
  // -mod=mod writes go.sum as it goes; every sum is checked against Go's public checksum database.
  return { CGO_ENABLED: cgo ? '1' : '0', GOFLAGS: '-mod=mod', GOWORK: 'off' };
}

/** One program, built from its wrapper module. Go's own build cache makes an interrupted build go on where it was. */
export function binaryArtefact(binary: Binary): Artefact {
  const stubs = Object.values(binary.module.stubs ?? {});
  return {
    name: binary.name,
    // Mostly Go's caches of modules and compiled packages.
    gib: 0.6,
    from: {
      binary,
      goMod: goMod(binary.module),
      flags: linkerFlags(binary.module),
      ...(stubs.length > 0 ? { stubs: stubs.map(folderText) } : {}),
    },
    build: async (dir, say) => {
      const source = join(dir, 'source');
      await mkdir(source);
      await writeFile(join(source, 'go.mod'), goMod(binary.module));
      for (const stub of stubs) await cp(rackFile(stub), join(source, 'stubs', stub), { recursive: true });
      say('compiling');
      const flags = ['-trimpath', '-ldflags', linkerFlags(binary.module)];
      const build = ['go', 'build', ...flags, '-o', join(dir, binary.name), binary.package];
      await command(contained(build), {
        cwd: source,
        env: goEnv(binary.module.cgo === true),
      });
      await rm(source, { recursive: true });
    },
  };
}

/** The folder of a module in Go's module cache, downloaded if need be; manifests and C sources are read from there. */
export async function moduleFolder(module: GoModule): Promise<string> {
  const answer = JSON.parse(await command(['go', 'mod', 'download', '-json', `${module.path}@${module.version}`])) as {
    Dir: string;
  };
  return answer.Dir;
}

/** Kubernetes' pause program: C, the one container that every pod has. */
export const PAUSE: Artefact = {
  name: 'pause',
  gib: 0,
  from: { module: KUBERNETES.version, flags: 'Os static' },
  build: async (dir) => {
    const source = join(await moduleFolder(KUBERNETES), 'build/pause/linux/pause.c');
    await command(['gcc', '-Os', '-static', '-s', '-DVERSION=rack', '-o', join(dir, 'pause'), source]);
  },
};

/**
 * CNI plugin `flannel`. Upstream's is a separate module that is not to be had from the Go proxy, so this is our own
 * small one with the same contract: flannel's official manifest works unchanged with it.
 */
export const FLANNEL_CNI: Artefact = {
  name: 'flannel-cni',
  gib: 0,
  from: { source: readFileSync(rackFile('flannel-cni/main.go'), 'utf8') },
  build: async (dir) => {
    const flags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];
    const build = ['go', 'build', ...flags, '-o', join(dir, 'flannel'), '.'];
    await command(build, { cwd: rackFile('flannel-cni'), env: { ...goEnv(false), GOFLAGS: '' } });
  },
};

/** The official manifests of flannel and MetalLB and the files of upstream's agnhost image, copied out of the module cache. */
export const UPSTREAM_FILES: Artefact = {
  name: 'upstream-files',
  gib: 0,
  from: { kubernetes: KUBERNETES.version, flannel: FLANNEL.version, metallb: METALLB.version },
  build: async (dir) => {
    const flannel = await moduleFolder(FLANNEL);
    const agnhost = join(await moduleFolder(KUBERNETES), 'test/images/agnhost');
    await command(['install', '-m', '644', join(flannel, 'Documentation/kube-flannel.yml'), dir]);
    const metallb = join(await moduleFolder(METALLB), 'config/manifests/metallb-native.yaml');
    await command(['install', '-m', '644', metallb, dir]);
    for (const file of ['localhost.crt', 'localhost.key']) {
      await command(['install', '-m', '644', join(agnhost, 'porter', file), dir]);
    }
  },
};

/** Every artefact that is a program. */
export const PROGRAMS: readonly Artefact[] = [...BINARIES.map(binaryArtefact), PAUSE, FLANNEL_CNI, UPSTREAM_FILES];

function programArtefact(name: string): Artefact {
  const artefact = PROGRAMS.find((program) => program.name === name);
  if (!artefact) throw new Error(`no such program in the recipe: ${name}`);
  return artefact;
}

/** Where a program of the cache lies: `<artefact>/<file>`. */
export function programPath(name: string, file: string = name): string {
  return join(artefactPath(programArtefact(name)), file);
}

/** Whether an artefact is one that Go builds. */
export function isProgram(name: string): boolean {
  return PROGRAMS.some((program) => program.name === name);
}

/** Content key of a program, for the artefacts that it goes into. */
export function programKey(name: string): string {
  return artefactKey(programArtefact(name));
}
