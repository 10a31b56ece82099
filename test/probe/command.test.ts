import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { commandArgv, parseCommand } from '../../src/probe/command.js';
import { frameArgv, unframe } from '../../src/probe/frame.js';
import { runIn, SHELLS } from './shell.js';

const NONCE = 'c0mmand1';

describe.each(SHELLS)('a command in %s %s', (...words) => {
  const shell = words.flat();
  const run = async (argv: string[]): Promise<ReturnType<typeof parseCommand>> =>
    parseCommand(argv, NONCE, await runIn(shell, commandArgv(argv, NONCE)));

  it('is seen with both streams and its exit status', async () => {
    expect(await run(['sh', '-c', 'echo out; echo err >&2; printf tail; exit 3'])).toEqual({
      kind: 'command',
      exitCode: 3,
      stdout: 'out\ntail',
      stderr: 'err',
    });
  });

  it('is seen when it says nothing, and cannot wait for input', async () => {
    expect(await run(['cat'])).toEqual({ kind: 'command', exitCode: 0, stdout: '', stderr: '' });
  });

  it('gets its words untouched by any shell', async () => {
    const awkward = ['$HOME', '`id`', "it's", '"q"', '*', ' two  spaces ', '', '-n', 'ライン', 'a\nb'];
    const seen = await run(['printf', '<%s>', ...awkward]);
    expect(seen.kind === 'command' && seen.stdout).toBe(awkward.map((word) => `<${word}>`).join(''));
  });

  it('is unmeasured when it is not there', async () => {
    expect(await run(['no-such-program'])).toMatchObject({
      kind: 'unmeasured',
      reason: /no-such-program cannot be run/,
    });
  });

  it('keeps only the lines of standard error that were asked for', async () => {
    const argv = frameArgv(['sh', '-c', 'echo keep me >&2; echo drop me >&2; false'], NONCE, '^keep');
    expect(unframe(NONCE, await runIn(shell, argv))).toEqual({ stdout: '', stderr: 'keep me', exit: 1 });
  });
});

describe('a frame', () => {
  it('is never made up from arbitrary text', () => {
    fc.assert(fc.property(fc.string(), (text) => 'kind' in unframe(NONCE, text)));
  });

  it('ignores a banner before it and text after it', () => {
    const output = `Welcome!\n${NONCE} begin\nhello\n${NONCE} stderr\n\n${NONCE} 0\n${NONCE} end\npod "x" deleted`;
    expect(unframe(NONCE, output)).toEqual({ stdout: 'hello', stderr: '', exit: 0 });
  });
});
