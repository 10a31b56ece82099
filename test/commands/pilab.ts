import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** The program, as TypeScript. */
export const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));

/** Arguments for Node that run TypeScript as it is, from whatever folder. */
export const TYPESCRIPT = ['--import', import.meta.resolve('tsx')];

/** A folder of its own with these files, which is also the home of who runs pilab there. */
export async function home(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'pilab-home-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  return root;
}

/** How a process ended. */
export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Environment of a person without agent, locale or settings, at home in that folder. */
export function environment(root: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: root,
    XDG_STATE_HOME: join(root, 'state'),
    LANG: 'C.UTF-8',
    // tsx looks for it in the working folder, which is not ours; it says how JSX is compiled.
    TSX_TSCONFIG_PATH: TSCONFIG,
  };
}

/** Runs the real program in a folder. */
export async function pilab(root: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [...TYPESCRIPT, CLI, ...args], {
    cwd: root,
    extendEnv: false,
    env: { ...environment(root), ...env },
    stdin: 'ignore',
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

/** Somebody who counts who calls, and says nothing. */
export async function listener(): Promise<{ port: number; calls: () => number }> {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, calls: () => calls };
}
