import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { PilabError } from '../../src/errors.js';
import { type Folders, SHIPPED, loadClaims, loadPlaybooks } from '../../src/playbook/library.js';
import type { Playbook } from '../../src/playbook/schema.js';

/** Files in a folder of their own, removed after the test. Keys are paths below it. */
export async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'pilab-playbook-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

/** A library of these files with the real claims: `playbooks/…` and `manifests/…`. */
export async function library(files: Readonly<Record<string, string>>): Promise<Folders & { readonly root: string }> {
  const claims = JSON.stringify([...(await loadClaims(SHIPPED)).values()]);
  const root = await folder({ 'playbooks/claims.json': claims, 'manifests/.keep': '', ...files });
  return { root, playbooks: join(root, 'playbooks'), manifests: join(root, 'manifests') };
}

/** What `loadPlaybooks` complains about, one problem a line, paths below the folder only. */
export async function complaints(
  files: Readonly<Record<string, string>>,
  names: readonly string[] = [],
): Promise<string> {
  const folders = await library(files);
  const words = names.map((name) => name.replace('ROOT', folders.root));
  try {
    await loadPlaybooks(words, folders);
  } catch (error) {
    if (error instanceof PilabError) return `${error.code}\n${error.message.replaceAll(`${folders.root}/`, '')}`;
    throw error;
  }
  return 'no complaint';
}

/** The steps of a playbook that needs only a Service and its pods. */
export async function playbook(steps: string): Promise<Playbook> {
  const folders = await library({ 'playbooks/p.yaml': withSteps(steps), 'manifests/web.yaml': WEB });
  const [loaded] = await loadPlaybooks(['p'], folders);
  if (loaded === undefined) throw new Error('nothing loaded');
  return loaded;
}

/** Complaints about steps that come after `apply: web.yaml`; the first of them stands in line 5. */
export function stepComplaints(steps: string): Promise<string> {
  return complaints({ 'playbooks/p.yaml': withSteps(steps), 'manifests/web.yaml': WEB });
}

function withSteps(steps: string): string {
  return `playbook: p\ntitle: A playbook\nsteps:\n  - apply: web.yaml\n${steps.replace(/^\n/, '')}`;
}

export const WEB = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 8080 }] }
---
# A comment of its own is no document.
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: server, image: nginx }] }
`;
