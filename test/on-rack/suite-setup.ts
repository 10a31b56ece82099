import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the suite's healthy runs. Who works on one test names a folder in PILAB_HEALTHY_RUNS, and it stays. */
export default function setup(): (() => void) | undefined {
  if (process.env['PILAB_HEALTHY_RUNS'] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'pilab-healthy-'));
  process.env['PILAB_HEALTHY_RUNS'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
