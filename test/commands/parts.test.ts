import { describe, expect, it } from 'vitest';
import { localeLanguage } from '../../src/commands/locale.js';
import { joinErrors } from '../../src/commands/join-errors.js';
import { terminalPrompt } from '../../src/commands/prompt.js';
import { splitWords } from '../../src/commands/rack.js';
import { PilabError } from '../../src/errors.js';

describe('the language', () => {
  it.each([
    [{ LANG: 'ja_JP.UTF-8' }, 'ja'],
    [{ LANG: 'ja_JP.UTF-8', LC_ALL: 'en_GB.UTF-8' }, 'en'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'ja_JP.UTF-8' }, 'ja'],
    // An empty variable counts as not set (POSIX, Base Definitions 8.2).
    [{ LANG: 'ja_JP.UTF-8', LC_ALL: '' }, 'ja'],
    [{ LANG: 'de_DE.UTF-8' }, 'en'],
    [{ LANG: 'C' }, 'en'],
    [{}, 'en'],
  ])('of %j is %s', (env, language) => {
    expect(localeLanguage(env)).toBe(language);
  });
});

describe('a prompt without a terminal', () => {
  it('confirms nothing', async () => {
    expect(terminalPrompt().interactive).toBeFalsy();
    expect(await terminalPrompt().confirm('Really?')).toBeFalsy();
  });

  it('refuses to ask for a secret, and says what to do instead', async () => {
    await expect(terminalPrompt().secret('Password of pi: ')).rejects.toMatchObject({
      code: 'NO_TERMINAL',
      message: 'cannot ask "Password of pi:": no terminal',
      hint: expect.stringContaining('SSH agent') as string,
    });
  });
});

describe('several errors', () => {
  const lab = new PilabError({ code: 'LAB_INVALID', message: 'lab.yaml:1:1: x', hint: 'correct it' });
  const playbook = new PilabError({ code: 'PLAYBOOK_INVALID', message: 'p.yaml:1:1: y', hint: 'use an editor' });

  it('are told together, each hint once', () => {
    expect(joinErrors([lab, playbook, lab])).toMatchObject({
      code: 'LAB_INVALID',
      message: 'lab.yaml:1:1: x\np.yaml:1:1: y\nlab.yaml:1:1: x',
      hint: 'correct it\nuse an editor',
      exitCode: 2,
    });
  });

  it('that are only one stay what they are', () => {
    expect(joinErrors([playbook])).toBe(playbook);
  });
});

describe('words of pilab rack sh', () => {
  it.each([
    [['sh'], undefined, []],
    [['sh', 'raspi002'], 'raspi002', []],
    [['sh', '--', 'kubectl', 'get', 'nodes'], undefined, ['kubectl', 'get', 'nodes']],
    [['sh', 'raspi002', '--', 'ls', '-l'], 'raspi002', ['ls', '-l']],
    [['sh', 'raspi002', 'uptime'], 'raspi002', ['uptime']],
  ])('%j: node %s, command %j', (argv, node, command) => {
    const words = argv.slice(1).filter((word) => word !== '--');
    expect(splitWords(words, argv)).toEqual({ node, argv: command });
  });
});
