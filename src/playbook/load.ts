import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PilabError, messageOf } from '../errors.js';
import { type Problem, formatProblems } from '../yaml/problem.js';
import { type SourceDocument, parseYaml, positionOf, valueAt } from '../yaml/source.js';
import { validate } from '../yaml/validate.js';
import type { Claims } from './claims.js';
import { unknownNames } from './known.js';
import { type ManifestResult, readManifest } from './manifest.js';
import { type ManifestDocument, type Playbook, type Step, playbookHeader } from './schema.js';
import { Scope } from './scope.js';
import { shownPath } from './shown-path.js';
import { type StepSource, stepProblem } from './step-source.js';
import { parseStep } from './step.js';

/** What a playbook may build on. */
export interface Library {
  /** Folder of the shipped manifests; files beside the playbook are found first. */
  readonly manifestsDir: string;
  readonly claims: Claims;
}

/**
 * Loads one playbook file with its manifests.
 * @throws PilabError `PLAYBOOK_NOT_FOUND`, or `PLAYBOOK_INVALID` with every mistake, one `file:line:column: …` a line
 */
export async function loadPlaybook(file: string, library: Library): Promise<Playbook> {
  const { playbook, problems } = await readPlaybook(file, library);
  if (playbook === undefined || problems.length > 0) throw invalidPlaybook(problems);
  return playbook;
}

/** The error that tells all mistakes at once. */
export function invalidPlaybook(problems: readonly Problem[]): PilabError {
  return new PilabError({
    code: 'PLAYBOOK_INVALID',
    message: formatProblems(problems),
    hint: 'an editor finds such mistakes while you type: pilab schema playbook > playbook.schema.json',
  });
}

/** Like {@link loadPlaybook}, but mistakes are a result, so that those of several files can be told together. */
export async function readPlaybook(
  file: string,
  library: Library,
): Promise<{ playbook?: Playbook; problems: readonly Problem[] }> {
  const shown = shownPath(file);
  const { documents, problems: syntax } = parseYaml(shown, await readText(file, shown));
  const [document, second] = documents;
  if (document === undefined) {
    const empty = {
      file: shown,
      line: 1,
      column: 1,
      message: 'the playbook is empty',
      hint: 'at least: playbook, title and steps',
    };
    return { problems: syntax.length > 0 ? syntax : [empty] };
  }
  const { value: header, problems } = validate(playbookHeader, document);
  const all: Problem[] = [...syntax, ...problems];
  if (second !== undefined) {
    all.push({ ...positionOf(second, []), message: 'a second YAML document', hint: 'a playbook has one' });
  }
  const { steps, manifests, problems: wrong } = await readSteps(document, dirname(file), library);
  all.push(...wrong);
  if (header === undefined || all.length > 0) return { problems: all };
  const { playbook: name, title, about, needs = {}, locks = [], takes } = header;
  const optional = { ...(about === undefined ? {} : { about }), ...(takes === undefined ? {} : { takesMs: takes }) };
  return { playbook: { name, title, ...optional, needs, locks, steps, file: shown, manifests }, problems: [] };
}

async function readText(file: string, shown: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new PilabError({
      code: 'PLAYBOOK_NOT_FOUND',
      message: `${shown}: the playbook cannot be read: ${messageOf(error)}`,
      hint: 'name a shipped playbook or a file',
      cause: error,
    });
  }
}

/** Step kinds that make nothing: one that is broken hides nothing from the steps after it. */
const LOOKS = ['wait', 'scale', 'patch', 'probe', 'check'] as const;

interface ReadSteps {
  readonly steps: readonly Step[];
  readonly manifests: ReadonlyMap<string, readonly ManifestDocument[]>;
  readonly problems: readonly Problem[];
}

async function readSteps(document: SourceDocument, folder: string, library: Library): Promise<ReadSteps> {
  const raw = valueAt(document, ['steps']);
  const parsed = (Array.isArray(raw) ? raw : []).map((_, index) => parseStep(document, ['steps', index]));
  const problems = parsed.flatMap((one) => one.problems);
  const files = parsed.flatMap(({ source }) => (source === undefined ? [] : manifestFiles(source)));
  const results = new Map<string, ManifestResult>();
  for (const name of new Set(files.map((one) => one.name))) {
    results.set(name, await readManifest(name, manifestFolders(folder, library)));
  }
  const manifests = new Map<string, readonly ManifestDocument[]>();
  for (const [name, result] of results) {
    if ('missing' in result) {
      const cited = files.filter((one) => one.name === name);
      problems.push(...cited.map(({ source, path }) => stepProblem(source, path, result.missing, result.hint)));
    } else {
      problems.push(...result.problems);
      // What a manifest with mistakes makes is not known.
      if (result.problems.length === 0) manifests.set(name, result.documents);
    }
  }
  const scope = new Scope(manifests);
  for (const { step, source } of parsed) {
    if (source !== undefined) problems.push(...unknownNames(source, scope, library.claims));
    if (step !== undefined) scope.advance(step);
    else if (source === undefined || !LOOKS.some((kind) => kind in source.raw)) scope.lose();
  }
  return { steps: parsed.flatMap(({ step }) => (step === undefined ? [] : [step])), manifests, problems };
}

function manifestFolders(folder: string, { manifestsDir }: Library): string[] {
  // Shipped playbooks and manifests lie side by side: a playbook is never taken for a manifest of its own name.
  return folder === join(dirname(manifestsDir), 'playbooks') ? [manifestsDir] : [folder, manifestsDir];
}

interface ManifestFile {
  readonly name: string;
  readonly source: StepSource;
  readonly path: readonly PropertyKey[];
}

/** The manifest files that a step names, taken from the plain data so that a step with another mistake counts too. */
function manifestFiles(source: StepSource): ManifestFile[] {
  return ['apply', 'create'].flatMap((key) => {
    const value = source.raw[key];
    const items = Array.isArray(value) ? (value as unknown[]) : [value];
    return items.flatMap((name, index) =>
      typeof name === 'string' && name !== ''
        ? [{ name, source, path: Array.isArray(value) ? [key, index] : [key] }]
        : [],
    );
  });
}
