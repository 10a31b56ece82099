import { execFile, spawnSync } from 'node:child_process';

/** Shells of this machine that a probe's script must run in: dash as Debian's `sh`, ash as in busybox images. */
export const SHELLS: readonly (readonly string[])[] = [['sh'], ['busybox', 'sh']].filter(
  ([name = '', ...args]) => spawnSync(name, [...args, '-c', ':']).status === 0,
);

/** Is this program here? */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}

/** Runs argv, its `sh` replaced by the shell under test, and hands back standard output. */
export function runIn(shell: readonly string[], argv: readonly string[], env = process.env): Promise<string> {
  const [program = 'sh', ...rest] = [...shell, ...argv.slice(1)];
  return new Promise((resolve) => {
    execFile(program, rest, { env, maxBuffer: 1 << 26 }, (_error, stdout) => resolve(stdout));
  });
}
