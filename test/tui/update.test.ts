import { describe, expect, it } from 'vitest';
import { type InkKey, keyPresses } from '../../src/tui/key-press.js';
import { BINDINGS, bindingsOf, commandOf } from '../../src/tui/keys.js';
import { helpPane } from '../../src/tui/other-panes.js';
import { paneOf } from '../../src/tui/pane.js';
import { selectedRun, runRows } from '../../src/tui/rows.js';
import type { TuiState } from '../../src/tui/state.js';
import { PLAYBOOK, sampleRun } from '../event/sample.js';
import { after, lab, presses, running, shown } from './world.js';

const MIDDLE = sampleRun().filter(({ ms }) => ms <= 1571);
const NO_KEY: InkKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  tab: false,
  shift: false,
  ctrl: false,
  backspace: false,
  delete: false,
};

/** What these keys want done. */
function wanted(state: TuiState, ...names: string[]): unknown[] {
  return after(state, presses(...names)).effects;
}

describe('the table of keys', () => {
  const states = [lab(), lab({ place: 'hosts' }), running(MIDDLE), running(), { ...running(), zoom: true }];

  it('gives a key one meaning at a time', () => {
    for (const state of states) {
      const keys = bindingsOf(state).flatMap((binding) => binding.keys);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('is the whole help, in both languages', () => {
    for (const lang of ['en', 'ja'] as const) {
      const help = helpPane(paneOf({ ...lab(), lang }, 120)).join('\n');
      for (const binding of BINDINGS) expect(help).toContain(binding.help[lang]);
    }
  });

  it('writes the hints: only what means something now, help and leaving always', () => {
    for (const state of states) {
      const hints = shown({ ...state, size: { columns: 200, rows: 30 } })
        .split('\n')
        .at(-1);
      const expected = bindingsOf(state).flatMap(({ hint }) => (hint === undefined ? [] : [hint.en]));
      for (const text of expected) expect(hints).toContain(text);
      expect(hints).toMatch(/\? help {2}q quit$/);
    }
    expect(commandOf(lab(), { name: 's', text: 's' })).toBeUndefined();
    expect(commandOf(running(MIDDLE), { name: 'r', text: 'r' })).toBeUndefined();
  });

  it.each([
    ['jjk', {}, ['j', 'j', 'k']],
    ['r\u0003', {}, ['r', 'ctrl-c']],
    ['あい', {}, ['あ', 'い']],
    ['', { upArrow: true }, ['up']],
    ['', { tab: true, shift: true }, ['shift-tab']],
    ['c', { ctrl: true }, ['ctrl-c']],
    ['', { delete: true }, ['backspace']],
    [' ', {}, ['space']],
    ['ab\r', {}, ['a', 'b', 'enter']],
  ])('takes %j of ink apart into single presses', (input, flags, names) => {
    expect(keyPresses(input, { ...NO_KEY, ...flags }).map(({ name }) => name)).toEqual(names);
  });
});

describe('running', () => {
  it('runs the selected playbook, all, or those that the filter shows', () => {
    expect(wanted(lab(), 'r')).toEqual([{ type: 'run', playbooks: [{ name: 'clusterip' }] }]);
    expect(wanted(lab(), 'down', 'r')).toEqual([{ type: 'run', playbooks: [{ name: 'dns' }] }]);
    expect(wanted(lab(), 'a')).toEqual([{ type: 'run', playbooks: [{ name: 'clusterip' }, { name: 'dns' }] }]);
    expect(wanted(lab(), '/', 'n', 'a', 'm', 'enter', 'a')).toEqual([{ type: 'run', playbooks: [{ name: 'dns' }] }]);
  });

  it('opens a playbook as its steps, and runs from the selected one', () => {
    const { state } = after(lab(), presses('enter', 'down', 'down', 'down', 'down'));
    expect(selectedRun(state)).toMatchObject({
      kind: 'step',
      step: { info: { id: 'clusterip/4' }, progress: 'waiting' },
    });
    expect(wanted(state, 'f')).toEqual([{ type: 'run', playbooks: [{ name: 'clusterip', from: 4 }] }]);
  });

  it('runs again what did not pass, from its first such step', () => {
    expect(wanted(running(), 'F')).toEqual([{ type: 'run', playbooks: [{ name: 'clusterip', from: 6 }] }]);
  });

  it('does not run what a record tells of and this pilab does not have', () => {
    const { state, effects } = after({ ...running(), playbooks: [] }, presses('r'));
    expect(effects).toEqual([]);
    expect(state.status?.text.en).toBe('this pilab has no playbook clusterip');
  });

  it('starts nothing while something runs', () => {
    expect(wanted(running(MIDDLE), 'r', 'a', 'f', 'F', 'o', 'enter')).toEqual([]);
  });
});

describe('what takes something away', () => {
  it('names what goes, and happens only after y', () => {
    const { state, effects } = after(running(MIDDLE), presses('s'));
    expect(effects).toEqual([]);
    expect(shown(state)).toContain('- namespace/pilab-clusterip-3f9a-b');
    // Before anything was made, it is what the run is about to make.
    const early = after(running(MIDDLE.slice(0, 1)), presses('s')).state;
    expect(shown(early)).toContain('- namespace/pilab-clusterip-3f9a-b');
    for (const key of ['n', 'esc', 'enter', 'q', 'x']) expect(wanted(state, key)).toEqual([]);
    const yes = after(state, presses('y'));
    expect(yes.effects).toEqual([{ type: 'stop' }]);
    expect(yes.state.run?.stopping).toBe(true);
    expect(yes.state.leaving).toBe(false);
  });

  it('asks before it leaves a run, and not without one', () => {
    expect(wanted(lab(), 'q')).toEqual([{ type: 'quit' }]);
    expect(wanted(running(), 'q')).toEqual([{ type: 'quit' }]);
    expect(wanted(running(MIDDLE), 'q')).toEqual([]);
    const { state, effects } = after(running(MIDDLE), presses('q', 'y'));
    expect(effects).toEqual([{ type: 'quit' }]);
    expect(state.leaving).toBe(true);
  });

  it('takes Ctrl-C as an order everywhere: first with clean-up, then at once', () => {
    for (const before of [[], ['/'], ['?'], ['s'], ['m']]) {
      const { state, effects } = after(running(MIDDLE), presses(...before, 'ctrl-c'));
      expect(effects.at(-1)).toEqual({ type: 'quit' });
      expect(wanted(state, 'ctrl-c')).toEqual([{ type: 'abandon' }]);
    }
    expect(wanted(lab(), 'ctrl-c')).toEqual([{ type: 'quit' }]);
  });
});

describe('the list of a run', () => {
  it('goes with the running step until the person moves, and again when asked', () => {
    const moving = running(MIDDLE);
    expect(selectedRun(moving)).toMatchObject({ step: { info: { id: 'clusterip/4' } } });
    const moved = after(moving, presses('up')).state;
    const more = sampleRun().filter(({ ms }) => ms > 1571 && ms < 2360);
    const later = after(moved, [{ type: 'events', events: more }]).state;
    expect(selectedRun(later)).toMatchObject({ step: { info: { id: 'clusterip/3' } } });
    const next = sampleRun().filter(({ ms }) => ms === 2360);
    const again = after(later, [{ type: 'events', events: next }, ...presses('w')]).state;
    expect(selectedRun(again)).toMatchObject({ step: { info: { id: 'clusterip/6' } } });
  });

  it('shows at the end the first step that did not pass', () => {
    expect(selectedRun(running())).toMatchObject({ step: { info: { id: 'clusterip/6' } } });
  });

  it('is filtered by title, claim and verdict, in the words of the language', () => {
    const ids = (...keys: string[]): string[] =>
      runRows(after(running(), presses('/', ...keys)).state).flatMap((row) =>
        row.kind === 'step' ? [row.step.info.id] : [],
      );
    expect(ids(...Array.from('failed'))).toEqual(['clusterip/6', 'clusterip/7']);
    expect(ids(...Array.from('b05'))).toEqual(['clusterip/4', 'clusterip/6']);
    expect(ids(...Array.from('b05'), 'space', ...Array.from('passed'))).toEqual(['clusterip/4']);
    const japanese = after({ ...running(), lang: 'ja' }, presses('/', '不', '合', '格')).state;
    expect(runRows(japanese)).toHaveLength(3);
    expect(runRows(after(japanese, presses('backspace', 'esc')).state)).toHaveLength(11);
  });

  it('scrolls the main pane no farther than its text', () => {
    const zoomed = after(running(), presses('enter')).state;
    const end = after(zoomed, presses('G', 'down', 'down')).state;
    expect(shown(end)).toContain('this step is at playbooks/clusterip.yaml:63');
    expect(after(end, presses('up')).state.scroll).toBe(end.scroll - 1);
    expect(after(end, presses('g')).state.scroll).toBe(0);
    expect(after(end, presses('esc')).state.zoom).toBe(false);
  });
});

describe('the rest', () => {
  it('copies the command that was really typed, with its references filled in, else the planned one', () => {
    const at = (row: number): TuiState => ({ ...running(), cursor: { hosts: 0, playbooks: 0, run: row } });
    expect(wanted(at(7), 'c')).toEqual([
      {
        type: 'copy',
        text: "curl -sS --connect-timeout 4 --max-time 10 -H 'Connection: close' http://10.97.3.4:80/",
      },
    ]);
    expect(wanted(at(1), 'c')).toEqual([{ type: 'copy', text: PLAYBOOK.steps[0]?.command }]);
    expect(wanted(at(0), 'c')).toEqual([{ type: 'copy', text: 'pilab verify clusterip --lab rack' }]);
    const { state } = after(lab(), presses('c'));
    expect(shown(state)).toContain('copied: pilab verify clusterip --lab rack');
  });

  it('opens the record of an earlier run, and replays it slower, faster, or not at all', () => {
    expect(wanted(lab(), 'o', 'down', 'enter')).toEqual([{ type: 'replay', file: '/runs/1.ndjson' }]);
    const { state } = after(lab(), [{ type: 'run-opened', source: 'replay' }]);
    expect(wanted(state, '+', '+', '-', 'space')).toEqual([
      { type: 'pace', speed: 2, paused: false },
      { type: 'pace', speed: 4, paused: false },
      { type: 'pace', speed: 2, paused: false },
      { type: 'pace', speed: 2, paused: true },
    ]);
    expect(shown(after(state, presses('+', '+', '+', '+', '+', 'space')).state)).toContain('replay fastest paused');
  });

  it('asks a secret without showing it, and tells when the person does not answer', () => {
    const { state } = after(lab(), [
      { type: 'ask', id: 7, question: 'Passphrase', secret: true },
      ...presses('q', 'あ', 'x', 'backspace'),
    ]);
    expect(shown(state)).not.toMatch(/[qあ] *▏/);
    expect(wanted(state, 'enter')).toEqual([{ type: 'answer', id: 7, value: 'qあ' }]);
    expect(wanted(state, 'esc')).toEqual([{ type: 'answer', id: 7, value: undefined }]);
    expect(wanted(running(MIDDLE), 'ctrl-c')).toEqual([{ type: 'quit' }]);
  });

  it('reads manifests in place, and comes back', () => {
    expect(wanted(lab(), 'm')).toEqual([{ type: 'manifests', playbook: 'clusterip' }]);
    const { state } = after(lab(), [{ type: 'read', title: 'clusterip', text: 'kind: Service\n' }]);
    expect(shown(state)).toContain('kind: Service');
    expect(after(state, presses('esc')).state.mode.kind).toBe('normal');
  });
});
