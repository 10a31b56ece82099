import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { programPath } from './binaries.js';
import { command, rackFile } from './command.js';
import type { ImageFile, ImageRecipe } from './images.js';

/** A layer as an archive names it: its file and the digest of its bytes. */
export interface Layer {
  readonly file: string;
  readonly diffId: string;
}

/** An entry of a docker-archive's manifest.json. */
export interface ManifestEntry {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The image configuration that belongs to a recipe's layers. Without times, so that the same recipe is the same image. */
export function imageConfig(recipe: ImageRecipe, layers: readonly Layer[]): unknown {
  return {
    architecture: ARCHITECTURES[process.arch] ?? process.arch,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { ...recipe.config, Env: [PATH, ...(recipe.config?.Env ?? [])] },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${layer.diffId}`) },
    history: layers.map(() => ({ created: '1970-01-01T00:00:00Z', created_by: 'pilab rack' })),
  };
}

/** Go's words for processors, which images use. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', arm: 'arm' };

/** Manifest entry of an image whose configuration lies in `config`. */
export function manifestEntry(recipe: ImageRecipe, config: string, layers: readonly Layer[]): ManifestEntry {
  return { Config: config, RepoTags: recipe.names, Layers: layers.map((layer) => layer.file) };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * How a folder becomes a layer. Times would change the digest. File capabilities (Debian's ping has one) are left out: a
 * container without that capability could not run the program at all, and ping works without by its ICMP socket.
 */
export const LAYER_OPTIONS = ['--sort=name', '--mtime=@0', '--numeric-owner', '--no-xattrs'];

/** Packs a folder as a layer. */
async function packLayer(from: string, archive: string, name: string): Promise<Layer> {
  const file = `${name}.tar`;
  await command([
    ...['tar', '--create', ...LAYER_OPTIONS],
    ...['--exclude=./dev/*', '--exclude=./proc/*', '--exclude=./sys/*'],
    ...['--file', join(archive, file), '--directory', from, '.'],
  ]);
  return { file, diffId: await sha256(join(archive, file)) };
}

async function place(root: string, item: ImageFile): Promise<void> {
  const to = join(root, item.to);
  if (item.folder) {
    await mkdir(to, { recursive: true });
    return;
  }
  await mkdir(dirname(to), { recursive: true });
  if (item.link !== undefined) {
    await symlink(item.link, to);
  } else if (item.file !== undefined) {
    await command(['install', '-m', item.mode ?? '644', rackFile(item.file), to]);
  } else if (item.program !== undefined) {
    const [artefact = '', file] = item.program.split('/');
    await link(programPath(artefact, file), to);
  }
}

/** Writes a docker-archive (as a folder) with all images; the Debian layer lies in it once and all share it. */
export async function writeArchive(
  recipes: readonly ImageRecipe[],
  debianRoot: string,
  archive: string,
  say: (what: string) => void,
): Promise<void> {
  await mkdir(archive, { recursive: true });
  say('Debian layer');
  const debian = await packLayer(debianRoot, archive, 'debian');
  const entries: ManifestEntry[] = [];
  for (const [index, recipe] of recipes.entries()) {
    say(recipe.names[0] ?? '');
    const root = join(archive, `root-${index}`);
    await mkdir(root);
    for (const item of recipe.files) await place(root, item);
    const own = await packLayer(root, archive, `layer-${index}`);
    await rm(root, { recursive: true });
    const layers = recipe.debian ? [debian, own] : [own];
    const config = `config-${index}.json`;
    await writeFile(join(archive, config), JSON.stringify(imageConfig(recipe, layers)));
    entries.push(manifestEntry(recipe, config, layers));
  }
  await writeFile(join(archive, 'manifest.json'), JSON.stringify(entries));
}
