import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { PilabError } from '../errors.js';
import { requireRoot } from './place.js';
import { RACK_NETNS, rackPaths } from './state.js';

/** Runs this very pilab again at the operator's place, where the rack's addresses exist; gives its exit code. */
export async function enterRack(argv: string[]): Promise<number> {
  requireRack();
  return runInside(thisPilab(argv), INSIDE);
}

/** Tells a copy of pilab that it is where the rack's addresses exist. */
export const INSIDE = { PILAB_IN_RACK: '1' };

/** The argument vector that runs this very pilab. */
export function thisPilab(argv: readonly string[]): string[] {
  const [, script = ''] = process.argv;
  return [process.execPath, ...process.execArgv, script, ...argv];
}

/** Runs an argument vector at the operator's place, on our own input and output. */
export async function runInside(argv: readonly string[], env: Record<string, string> = {}): Promise<number> {
  return runAttached(['ip', 'netns', 'exec', RACK_NETNS, ...argv], env);
}

/** An error that says what to do, unless a rack is up (or was: a dead one is for `rack up` to find). */
export function requireRack(): void {
  requireRoot();
  if (existsSync(`/run/netns/${RACK_NETNS}`) && existsSync(rackPaths().labFile)) return;
  const message = 'the rack is not up on this machine';
  throw new PilabError({ code: 'RACK_DOWN', message, hint: 'pilab rack up' });
}

/**
 * Runs a command that takes over our terminal; gives its exit code, 128 + n for a death by signal n. It is in our
 * process group, so Ctrl-C reaches it by itself, and we only must not die before it; other signals come to us alone
 * and are passed on.
 */
export async function runAttached(argv: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const stay = (): void => undefined;
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', stay).on('SIGTERM', pass).on('SIGHUP', pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
    });
  } catch (cause) {
    const message = `cannot run ${file}`;
    throw new PilabError({
      code: 'RACK_ENTER',
      message,
      hint: 'is iproute2 installed, and are you root?',
      exitCode: 3,
      cause,
    });
  } finally {
    process.off('SIGINT', stay).off('SIGTERM', pass).off('SIGHUP', pass);
  }
}
