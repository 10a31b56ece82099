import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Addon, Source } from '../../src/addons/addon.js';
import { manifestText } from '../../src/addons/source.js';
import { addon } from './manifests.js';

const TEXT = 'kind: Namespace\n';
const sha256 = createHash('sha256').update(TEXT).digest('hex');

function from(source: Source): Addon {
  return { ...addon('metallb'), source };
}

/** A real web server; gives its address. */
async function serving(status: number, text: string): Promise<string> {
  const server = createServer((_request, response) => void response.writeHead(status).end(text));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/manifest.yaml`;
}

async function file(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pilab-addon-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'manifest.yaml'), text);
  return join(folder, 'manifest.yaml');
}

describe('the source of an add-on', () => {
  it('is downloaded when its checksum is the known one', async () => {
    await expect(manifestText(from({ url: await serving(200, TEXT), sha256 }))).resolves.toBe(TEXT);
  });

  it('is refused when it has been changed, from the network or from a local copy', async () => {
    const url = await serving(200, `${TEXT}# changed`);
    const refused = { code: 'ADDON_CHECKSUM' };
    await expect(manifestText(from({ url, sha256 }))).rejects.toMatchObject(refused);
    await expect(manifestText(from({ url, sha256 }), await file('other'))).rejects.toMatchObject(refused);
  });

  it('may be a local copy, and then nobody is asked', async () => {
    const nowhere = { url: 'http://127.0.0.1:9/manifest.yaml', sha256 };
    await expect(manifestText(from(nowhere), await file(TEXT))).resolves.toBe(TEXT);
  });

  it('says why it cannot be had, and that a local copy would do', async () => {
    await expect(manifestText(from({ url: 'http://127.0.0.1:9/manifest.yaml', sha256 }))).rejects.toMatchObject({
      code: 'ADDON_SOURCE',
      message: expect.stringMatching(/metallb 0\.15\.2 from http:\/\/127\.0\.0\.1:9\/manifest\.yaml: .+/) as string,
      hint: expect.stringContaining('--source metallb=FILE') as string,
      exitCode: 3,
    });
    await expect(manifestText(from({ url: await serving(404, ''), sha256 }))).rejects.toThrow(/HTTP status 404/);
  });

  it('is bad input when a named file is not there', async () => {
    await expect(manifestText(from({ url: '', sha256 }), '/none.yaml')).rejects.toMatchObject({ exitCode: 2 });
  });
});
