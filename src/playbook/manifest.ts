import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../errors.js';
import { suggest } from '../yaml/nearest.js';
import type { Problem } from '../yaml/problem.js';
import { parseYaml } from '../yaml/source.js';
import { validate } from '../yaml/validate.js';
import type { ManifestDocument } from './schema.js';
import { shownPath } from './shown-path.js';

const documentSchema = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({ name: z.string().min(1) }),
});

/** What became of a manifest: its documents, or what is wrong inside it, or that it is not there. */
export type ManifestResult =
  | { readonly documents: readonly ManifestDocument[]; readonly problems: readonly Problem[] }
  | { readonly missing: string; readonly hint: string | undefined };

/** Reads a manifest from the first of the folders that has it. A file that is there twice counts in the first folder. */
export async function readManifest(name: string, folders: readonly string[]): Promise<ManifestResult> {
  for (const folder of folders) {
    const file = join(folder, name);
    try {
      return parseManifest(shownPath(file), await readFile(file, 'utf8'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') continue;
      return { missing: `cannot read ${shownPath(file)}: ${messageOf(error)}`, hint: undefined };
    }
  }
  return { missing: `there is no manifest "${name}"`, hint: await nearby(name, folders) };
}

/** The documents of a manifest file; a document that holds only comments is none. `file` is the name that problems carry. */
export function parseManifest(
  file: string,
  text: string,
): { documents: readonly ManifestDocument[]; problems: readonly Problem[] } {
  const { documents, problems } = parseYaml(file, text);
  const filled = documents.filter((document) => document.value !== null);
  const checked = filled.map((document) => validate(documentSchema, document));
  const all = [...problems, ...checked.flatMap((one) => one.problems)];
  if (filled.length === 0 && all.length === 0) {
    all.push({
      file,
      line: 1,
      column: 1,
      message: 'the manifest is empty',
      hint: 'it needs at least one Kubernetes object',
    });
  }
  return { documents: checked.flatMap(({ value }) => (value === undefined ? [] : [value])), problems: all };
}

/** A near name among the files beside it, so that a mistyped one is found at once. */
async function nearby(name: string, folders: readonly string[]): Promise<string | undefined> {
  const prefix = dirname(name) === '.' ? '' : `${dirname(name)}/`;
  const found = await Promise.all(
    folders.map(async (folder) => {
      try {
        return await readdir(join(folder, dirname(name)));
      } catch {
        // A folder that is not there has no near names.
        return [];
      }
    }),
  );
  const files = found.flat().filter((file) => /\.ya?ml$/.test(file));
  return suggest(basename(name), files)?.replace('"', `"${prefix}`) ?? `looked in ${folders.map(shownPath).join(', ')}`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Of a file with a workload and the ConfigMap that its pods mount, `set` means the workload. */
export function takesValues(document: ManifestDocument, file: readonly ManifestDocument[]): boolean {
  return document.kind !== 'ConfigMap' || file.every(({ kind }) => kind === 'ConfigMap');
}
