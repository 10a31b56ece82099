import type { RunEvent } from '../../src/event/event.js';
import type { Action, Effect } from '../../src/tui/action.js';
import { frameLines } from '../../src/tui/frame.js';
import { initialTui, type TuiState } from '../../src/tui/state.js';
import { update } from '../../src/tui/update.js';
import { PLAYBOOK, sampleRun } from '../event/sample.js';

/** Names of keys as {@link update} takes them. */
export function presses(...names: readonly string[]): Action[] {
  return names.map((name) => ({
    type: 'press',
    key: { name, text: name === 'space' ? ' ' : [...new Intl.Segmenter().segment(name)].length === 1 ? name : '' },
  }));
}

/** The state after all of these, and what was wanted on the way. */
export function after(state: TuiState, actions: readonly Action[]): { state: TuiState; effects: Effect[] } {
  const effects: Effect[] = [];
  let now = state;
  for (const action of actions) {
    const step = update(now, action);
    now = step.state;
    effects.push(...step.effects);
  }
  return { state: now, effects };
}

const HOSTS = [1, 2, 3].map((number) => ({
  name: `raspi00${number}`,
  address: `192.168.11.10${number}`,
  role: number === 1 ? ('control-plane' as const) : ('worker' as const),
}));

/** A lab that has been heard of: one host well, one hot and short of power, one away. */
export function lab(parts: Partial<TuiState> = {}): TuiState {
  const facts = sampleRun().flatMap((event) => (event.type === 'cluster-read' ? [event.facts] : []))[0];
  const vitals = {
    temperature: 48.3,
    throttled: { now: [], sinceBoot: ['under-voltage' as const] },
    load: [0.42, 0.38, 0.31] as const,
    cpus: 4,
    memory: { used: 1_200_000, total: 3_884_000 },
    disk: { used: 9_000_000, total: 30_000_000 },
  };
  const start = initialTui({
    lang: 'en',
    look: { color: false, unicode: true },
    size: { columns: 80, rows: 24 },
    labOption: 'rack',
  });
  const { state } = after(start, [
    { type: 'lab', name: 'shelf', hosts: HOSTS },
    { type: 'facts', facts: facts! },
    { type: 'vitals', host: 'raspi001', vitals },
    {
      type: 'vitals',
      host: 'raspi002',
      vitals: {
        ...vitals,
        temperature: 82.1,
        throttled: { now: ['under-voltage', 'throttled'], sinceBoot: ['under-voltage'] },
      },
    },
    {
      type: 'host-trouble',
      host: 'raspi003',
      trouble: { message: 'raspi003: no route to host', hint: 'is it switched on?' },
    },
    {
      type: 'playbooks',
      rows: [
        { info: PLAYBOOK, manifests: ['sample-deployment.yaml'], about: { en: 'One address.', ja: '1つのアドレス。' } },
        {
          info: {
            name: 'dns',
            title: { en: 'Names', ja: '名前' },
            namespaces: ['pilab-dns-3f9a'],
            steps: [{ ...PLAYBOOK.steps[0]!, id: 'dns/1' }],
          },
          manifests: [],
          lacks: { en: 'needs 9 ready nodes', ja: 'ノードが足りません' },
        },
      ],
    },
    {
      type: 'records',
      rows: [
        {
          file: '/runs/2.ndjson',
          run: '20261126-110749-3f9a',
          startedAt: '2026-11-26T11:07:49.120Z',
          lab: 'shelf',
          verdict: 'failed',
          durationMs: 13_341,
          playbooks: [{ name: 'clusterip', verdict: 'failed', durationMs: 8020 }],
        },
        {
          file: '/runs/1.ndjson',
          run: '1',
          startedAt: '2026-11-25T09:00:00Z',
          lab: 'shelf',
          playbooks: [{ name: 'dns' }],
        },
      ],
    },
  ]);
  return { ...state, ...parts };
}

/** The lab with a run on the screen, as far as these events go. */
export function running(events: readonly RunEvent[] = sampleRun(), parts: Partial<TuiState> = {}): TuiState {
  return after(lab(parts), [
    { type: 'run-opened', source: 'live' },
    { type: 'events', events },
  ]).state;
}

/** The screen as text. */
export function shown(state: TuiState): string {
  return frameLines(state).join('\n');
}
