import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { programKey } from './binaries.js';
import type { Artefact } from './cache.js';
import { artefactKey } from './cache.js';
import { command, contained, rackFile } from './command.js';
import { LAYER_OPTIONS, writeArchive } from './image-archive.js';
import { IMAGES } from './images.js';
import { IMAGE_BASE, NODE_BASE, rootOf } from './rootfs.js';

/** Content of the files and programs that go into the images: a change in one makes a new state. */
function ingredients(): unknown {
  return IMAGES.flatMap((image) => image.files).map((item) => {
    if (item.program !== undefined) return programKey(item.program.split('/')[0] ?? '');
    return item.file === undefined ? item : readFileSync(rackFile(item.file), 'utf8');
  });
}

/**
 * /var/lib/containerd with all images imported and unpacked. Importing takes a minute; done once here, a node starts
 * with a copy (hard links, see nodes.ts) and has its images from the first second.
 */
export function containerdState(): Artefact {
  return {
    name: 'containerd-state',
    // The images in an archive, as containerd keeps them, and unpacked.
    gib: 4.5,
    from: {
      images: IMAGES,
      layers: LAYER_OPTIONS,
      ingredients: ingredients(),
      debian: artefactKey(IMAGE_BASE),
      node: artefactKey(NODE_BASE),
      import: readFileSync(rackFile('images/import.sh'), 'utf8'),
    },
    build: async (dir, say) => {
      const archive = join(dir, 'archive');
      const state = join(dir, 'state');
      await mkdir(state);
      await writeArchive(IMAGES, rootOf(IMAGE_BASE), archive, say);
      say('importing');
      await importInto(state, archive);
      await rm(archive, { recursive: true });
    },
  };
}

/** Runs the node's own containerd in a throwaway container without a network. */
async function importInto(state: string, archive: string): Promise<void> {
  const container = [
    ...['systemd-nspawn', '--quiet', '--register=no', '--keep-unit', '--private-network', '--volatile=overlay'],
    ...['--capability=all', `--directory=${rootOf(NODE_BASE)}`],
    ...[`--bind=${state}:/var/lib/containerd`, `--bind-ro=${archive}:/archive`],
    ...[`--bind-ro=${rackFile('images/import.sh')}:/import.sh`, '--pipe', '/bin/sh', '/import.sh'],
  ];
  await command(contained(container));
}
