import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf, PilabError } from '../errors.js';
import type { Addon } from './addon.js';

/** Milliseconds that a download may take: a manifest has 100 kB. */
const DOWNLOAD_LIMIT_MS = 30_000;

/**
 * The text of an add-on's manifest: from `copy` when given (a lab without internet), else from where the add-on says. A
 * published file is used only when its SHA-256 is the one that was looked at when the add-on was written.
 * @throws PilabError `ADDON_SOURCE`, `ADDON_CHECKSUM`
 */
export async function manifestText(addon: Addon, copy?: string): Promise<string> {
  const { source } = addon;
  const from = copy ?? ('url' in source ? source.url : source.file);
  const bytes = await read(addon, from, copy === undefined && 'url' in source);
  if ('sha256' in source) {
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== source.sha256) {
      throw new PilabError({
        code: 'ADDON_CHECKSUM',
        message: `${from} is not the manifest of ${addon.name} ${addon.version}: SHA-256 ${found}, expected ${source.sha256}`,
        hint: 'nothing was applied; get the file of that very version',
      });
    }
  }
  return bytes.toString('utf8');
}

async function read(addon: Addon, from: string, download: boolean): Promise<Buffer> {
  try {
    if (!download) return await readFile(from);
    const response = await fetch(from, { signal: AbortSignal.timeout(DOWNLOAD_LIMIT_MS) });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (cause) {
    // fetch says only "fetch failed"; the reason is the cause.
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw new PilabError({
      code: 'ADDON_SOURCE',
      message: `cannot read the manifest of ${addon.name} ${addon.version} from ${from}: ${messageOf(reason)}`,
      hint: download ? `without internet, name a local copy: --source ${addon.name}=FILE` : undefined,
      exitCode: download ? 3 : 2,
      cause,
    });
  }
}
