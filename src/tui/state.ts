import type { ClusterFacts, PlaybookInfo, Verdict } from '../event/event.js';
import { initialState, type RunState } from '../event/state.js';
import type { Vitals } from '../probe/vitals.js';
import type { Role, Screen } from '../report/style.js';
import type { Language, Text } from '../text.js';
import type { Effect } from './action.js';
import type { SeenByStep } from './seen.js';

/** The three places of the screen, in the order in which Tab visits them. */
export const PLACES = ['hosts', 'playbooks', 'run'] as const;
export type Place = (typeof PLACES)[number];

/** Why something cannot be shown. */
export interface Trouble {
  readonly message: string;
  readonly hint?: string;
}

/** One machine of the lab, as far as it has been heard of. */
export interface HostRow {
  readonly name: string;
  readonly address: string;
  readonly role: 'control-plane' | 'worker';
  readonly vitals?: Vitals;
  /** Why its last refresh failed. */
  readonly trouble?: Trouble;
}

/** The end of a playbook in the newest record that has one. */
export interface LastRun {
  readonly verdict: Verdict;
  /** ISO 8601, of the run's start. */
  readonly at: string;
  readonly durationMs: number;
}

export interface PlaybookRow {
  readonly info: PlaybookInfo;
  readonly about?: Text;
  readonly manifests: readonly string[];
  /** What it needs and this lab lacks; undefined: nothing, or the cluster is not known yet. */
  readonly lacks?: Text;
}

/** An earlier run, as its record tells. */
export interface RecordRow {
  readonly file: string;
  readonly run: string;
  readonly startedAt: string;
  readonly lab: string;
  /** undefined: the record ends in the middle of the run. */
  readonly verdict?: Verdict;
  readonly durationMs?: number;
  readonly playbooks: readonly { readonly name: string; readonly verdict?: Verdict; readonly durationMs?: number }[];
}

/** The run on the screen. */
export interface RunView {
  /** `preview`: a playbook's steps before any run; `live`: it goes on now, or did; `replay`: from a record. */
  readonly source: 'preview' | 'live' | 'replay';
  readonly state: RunState;
  readonly seen: SeenByStep;
  /** The person asked it to stop. */
  readonly stopping: boolean;
  /** Times as fast as it was; 0: as fast as possible. Replay only. */
  readonly speed: number;
  readonly paused: boolean;
}

/** Who gets the keys. */
export type Mode =
  | { readonly kind: 'normal' }
  | { readonly kind: 'filter' }
  | { readonly kind: 'help' }
  /** Below the question stands what goes, as it is at that moment. */
  | { readonly kind: 'confirm'; readonly question: Text; readonly then: Effect }
  | { readonly kind: 'reading'; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: 'records'; readonly cursor: number }
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly question: string;
      readonly secret: boolean;
      readonly typed: string;
    };

/** Everything that is on the screen. */
export interface TuiState {
  readonly lang: Language;
  /** What the terminal can show. */
  readonly look: Pick<Screen, 'color' | 'unicode'>;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly place: Place;
  /** The main pane has the whole width, and the arrows scroll it. */
  readonly zoom: boolean;
  readonly cursor: Readonly<Record<Place, number>>;
  readonly filter: Readonly<Record<Place, string>>;
  /** First line of the main pane. */
  readonly scroll: number;
  /** The cursor of the run goes with the running step, until the person moves it. */
  readonly follow: boolean;
  readonly mode: Mode;
  readonly status: { readonly text: Text; readonly role: Role } | undefined;
  /** Where the lab comes from, as `--lab` takes it. */
  readonly labOption: string;
  readonly lab: string;
  readonly labTrouble: Trouble | undefined;
  readonly facts: ClusterFacts | undefined;
  readonly hosts: readonly HostRow[];
  /** undefined: still being read. */
  readonly playbooks: readonly PlaybookRow[] | undefined;
  /** Newest first; undefined: still being read. */
  readonly records: readonly RecordRow[] | undefined;
  readonly run: RunView | undefined;
  /** The person wants to leave; the screen closes once the run has cleaned up. */
  readonly leaving: boolean;
}

/** Before anything is known but who is asking. */
export function initialTui(parts: Pick<TuiState, 'lang' | 'look' | 'size' | 'labOption'>): TuiState {
  return {
    ...parts,
    place: 'playbooks',
    zoom: false,
    cursor: { hosts: 0, playbooks: 0, run: 0 },
    filter: { hosts: '', playbooks: '', run: '' },
    scroll: 0,
    follow: true,
    mode: { kind: 'normal' },
    status: undefined,
    lab: parts.labOption,
    labTrouble: undefined,
    facts: undefined,
    hosts: [],
    playbooks: undefined,
    records: undefined,
    run: undefined,
    leaving: false,
  };
}

/** A run view before its first event. */
export function newRun(source: RunView['source']): RunView {
  return { source, state: initialState(), seen: {}, stopping: false, speed: 1, paused: false };
}

/** True while a real run acts on the cluster. */
export function isBusy({ run }: TuiState): boolean {
  return run?.source === 'live' && run.state.end === undefined;
}

/** The newest end of a playbook on this lab. */
export function lastRunOf(state: TuiState, playbook: string): LastRun | undefined {
  for (const record of state.records ?? []) {
    const found = record.playbooks.find(({ name }) => name === playbook);
    if (found?.verdict !== undefined) {
      return { verdict: found.verdict, at: record.startedAt, durationMs: found.durationMs ?? 0 };
    }
  }
  return undefined;
}
