import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';

/** A shipped exercise as somebody's own: fewer steps, changed manifests. Derived at run time, so it cannot drift. */
export interface Copy {
  /** The shipped playbook. */
  readonly of: string;
  /** Its own name; two copies of one playbook run side by side. @default the shipped name */
  readonly as?: string;
  /** English titles of the steps that stay, each with all its variants. @default all */
  readonly steps?: readonly string[];
  /** Manifest file → what becomes of its text; a change that changes nothing is an error. */
  readonly manifests?: Readonly<Record<string, (text: string) => string>>;
  /** English title → limit of that step, where the shipped one is too patient for a test. */
  readonly timeouts?: Readonly<Record<string, string>>;
  /** English title → a change of that step itself, where the mistake is in what a lab fills in. */
  readonly edits?: Readonly<Record<string, (step: YAMLMap) => void>>;
  /** What the exercise asks of the lab instead of its own needs, as in a playbook file. */
  readonly needs?: Readonly<Record<string, unknown>>;
}

/** Name of a copy in a run. */
export function nameOf({ of, as = of }: Copy): string {
  return as;
}

/** Writes a copy into a folder of its own; gives the file. */
export function writeCopy(copy: Copy): string {
  const folder = mkdtempSync(join(tmpdir(), 'pilab-copy-'));
  const document = parseDocument(readFileSync(join('playbooks', `${copy.of}.yaml`), 'utf8'));
  document.set('playbook', nameOf(copy));
  if (copy.needs !== undefined) document.set('needs', copy.needs);
  const steps = stepsOf(document);
  const known = new Set(steps.map(titleOf));
  const named = [...(copy.steps ?? []), ...Object.keys(copy.timeouts ?? {}), ...Object.keys(copy.edits ?? {})];
  expect(
    named.filter((title) => !known.has(title)),
    `steps that playbook ${copy.of} does not have`,
  ).toEqual([]);
  const kept = steps.filter((step) => copy.steps === undefined || copy.steps.includes(titleOf(step)));
  for (const step of kept) {
    const timeout = copy.timeouts?.[titleOf(step)];
    if (timeout !== undefined) step.set('timeout', timeout);
    copy.edits?.[titleOf(step)]?.(step);
  }
  document.set('steps', kept);
  const file = join(folder, `${nameOf(copy)}.yaml`);
  writeFileSync(file, document.toString());
  for (const [manifest, change] of Object.entries(copy.manifests ?? {})) {
    const text = readFileSync(join('manifests', manifest), 'utf8');
    const changed = change(text);
    expect(changed, `${manifest}, changed`).not.toBe(text);
    writeFileSync(join(folder, manifest), changed);
  }
  return file;
}

/** Replaces the one place in a manifest that matches; several or none are an error, as in a drifted file. */
export function swap(from: string | RegExp, to: string): (text: string) => string {
  return (text) => {
    expect(text.split(from).length - 1, `places with ${String(from)}`).toBe(1);
    return text.replace(from, () => to);
  };
}

function stepsOf(document: Document): YAMLMap[] {
  const steps = document.get('steps');
  if (!isSeq(steps)) throw new Error('a playbook without steps');
  return steps.items.filter((item): item is YAMLMap => isMap(item));
}

function titleOf(step: YAMLMap): string {
  return String(step.getIn(['title', 'en']));
}
