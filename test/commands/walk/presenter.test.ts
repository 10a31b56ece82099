import { describe, expect, it } from 'vitest';
import { PilabError } from '../../../src/errors.js';
import type { Stop } from '../../../src/event/stop.js';
import { text } from '../../../src/text.js';
import type { KeyPress } from '../../../src/tui/key-press.js';
import { WALK_WORDS } from '../../../src/tui/walk/words.js';
import { KeyPresenter, type Surface } from '../../../src/commands/walk/presenter.js';
import { pilab, home } from '../pilab.js';

function stop(number: number, parts: Partial<Stop> = {}): Stop {
  return {
    number,
    info: {
      id: `p/${number}`,
      kind: 'check',
      title: TITLES[number - 1]!,
      claims: [],
      from: '',
      command: '',
      where: '',
    },
    command: '',
    expects: [],
    notes: undefined,
    verdict: undefined,
    again: false,
    changedBy: undefined,
    ...parts,
  };
}
const TITLES = [text('Apply', '適用'), text('Look', '確認'), text('Scale', '増減')];

/** A presenter at keys that are pressed one after the other; `said` is what the display was told. */
function at(keys: readonly string[], parts: { readonly stays?: boolean; readonly paceMs?: number } = {}) {
  const left = [...keys];
  const said: string[] = [];
  const note = (word: string) => (): void => void said.push(word);
  const surface: Surface = {
    show: note('show'),
    leave: note('leave'),
    notes: note('notes'),
    help: note('help'),
    say: (sentence) => void said.push(sentence),
    hint: () => undefined,
    question: (question) => void said.push(...(question === undefined ? [] : [question])),
    scroll: () => undefined,
    stays: parts.stays ?? false,
  };
  const never = new AbortController();
  const keyboard = {
    discard: () => undefined,
    close: () => undefined,
    next: (signal: AbortSignal): Promise<KeyPress> => {
      const name = left.shift();
      if (name !== undefined) return Promise.resolve({ name, text: name.length === 1 ? name : '' });
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('no key'))));
    },
  };
  const presenter = new KeyPresenter({
    surface,
    keyboard: () => (keys.length === 0 ? undefined : keyboard),
    paceMs: parts.paceMs,
    words: WALK_WORDS.en,
    steps: [1, 2, 3].map((number) => stop(number).info),
    namespaces: ['pilab-p-3f9a'],
    keep: () => Promise.resolve(),
    signal: never.signal,
  });
  return { presenter, said };
}

describe('the presenter of a walkthrough', () => {
  it('goes on with a key, and tells what to expect before a step runs, once', async () => {
    const { presenter, said } = at(['enter', 'space']);
    expect(await presenter.move(stop(1))).toEqual({ kind: 'next' });
    expect(await presenter.move(stop(1, { verdict: 'passed' }))).toEqual({ kind: 'next' });
    expect(said).toEqual(['show', 'leave', 'show']);
  });

  it('looks at what was seen before it goes on where a step fills the screen', async () => {
    const { presenter } = at(['enter', 'enter'], { stays: true });
    expect(await presenter.move(stop(1))).toEqual({ kind: 'run' });
    expect(await presenter.move(stop(1, { verdict: 'passed' }))).toEqual({ kind: 'next' });
  });

  it('goes back, but not before the first step, and from the end to the last', async () => {
    expect(await at(['left']).presenter.move(stop(3))).toEqual({ kind: 'to', number: 2 });
    expect(await at(['b']).presenter.move(undefined)).toEqual({ kind: 'to', number: 3 });
    const { presenter, said } = at(['b', 'enter']);
    expect(await presenter.move(stop(1))).toEqual({ kind: 'next' });
    expect(said).toContain('This is the first step.');
  });

  it('runs again only what may be run again', async () => {
    expect(await at(['r']).presenter.move(stop(2, { verdict: 'passed', again: true }))).toEqual({ kind: 'again' });
    const { presenter, said } = at(['r', 'enter']);
    expect(await presenter.move(stop(1, { verdict: 'passed' }))).toEqual({ kind: 'next' });
    expect(said).toContain('This step changes the cluster; it is not run again.');
  });

  it('jumps by number and by words, whose typing can be mended', async () => {
    expect(await at(['j', '3', 'enter']).presenter.move(stop(1))).toEqual({ kind: 'to', number: 3 });
    expect(await at(['j', 'l', 'x', 'backspace', 'o', 'enter']).presenter.move(stop(3))).toEqual({
      kind: 'to',
      number: 2,
    });
    const { presenter, said } = at(['j', 'z', 'enter', 'j', 'esc', 'enter']);
    expect(await presenter.move(stop(1))).toEqual({ kind: 'next' });
    expect(said).toContain('No step has “z” in its title.');
  });

  it('asks, naming what goes, before it quits, and what stays, before a break', async () => {
    expect(await at(['q', 'y']).presenter.move(stop(1))).toEqual({ kind: 'quit' });
    const { presenter, said } = at(['q', 'x', 'n', 'k', 'y']);
    expect(await presenter.move(stop(1))).toEqual({ kind: 'keep' });
    expect(said.filter((each) => each.includes('pilab-p-3f9a'))).toHaveLength(2);
  });

  it('goes on by itself at a pace; a key stops the clock for that step', async () => {
    expect(await at([], { paceMs: 0 }).presenter.move(stop(1))).toEqual({ kind: 'next' });
    const { presenter, said } = at(['?', 'b'], { paceMs: 3_600_000 });
    expect(await presenter.move(stop(2))).toEqual({ kind: 'to', number: 1 });
    expect(said).toContain('help');
  });

  it('tells why a move was refused, and what to do', () => {
    const { presenter, said } = at([]);
    presenter.refused(new PilabError({ code: 'X', message: 'no room', hint: 'make room' }));
    expect(said).toEqual(['no room', 'make room']);
  });
});

describe('pilab walk without a terminal', { timeout: 30_000 }, () => {
  it('needs a pace, and says so before the cluster hears of it', async () => {
    const root = await home({ 'lab.yaml': 'hosts: [{ name: raspi001, address: 127.0.0.1, port: 1 }]\n' });
    const { exitCode, stderr } = await pilab(root, ['walk', 'clusterip']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--pace SECONDS');
    const resumed = await pilab(root, ['walk', 'clusterip', '--pace', '0', '--resume']);
    expect(resumed.exitCode).toBe(2);
    expect(resumed.stderr).toContain('WALK_NOT_PAUSED');
  });
});
