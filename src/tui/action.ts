import type { ClusterFacts, RunEvent } from '../event/event.js';
import type { Vitals } from '../probe/vitals.js';
import type { Role } from '../report/style.js';
import type { Text } from '../text.js';
import type { KeyPress } from './key-press.js';
import type { HostRow, PlaybookRow, RecordRow, RunView, Trouble } from './state.js';

/** What happened: to the keyboard, the terminal, the lab, the run. */
export type Action =
  | { readonly type: 'press'; readonly key: KeyPress }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'lab'; readonly name: string; readonly hosts: readonly HostRow[] }
  /** undefined: the lab can be reached again. */
  | { readonly type: 'lab-trouble'; readonly trouble: Trouble | undefined }
  | { readonly type: 'facts'; readonly facts: ClusterFacts }
  | { readonly type: 'vitals'; readonly host: string; readonly vitals: Vitals }
  | { readonly type: 'host-trouble'; readonly host: string; readonly trouble: Trouble }
  | { readonly type: 'playbooks'; readonly rows: readonly PlaybookRow[] }
  | { readonly type: 'records'; readonly rows: readonly RecordRow[] }
  | { readonly type: 'run-opened'; readonly source: RunView['source'] }
  | { readonly type: 'events'; readonly events: readonly RunEvent[] }
  | { readonly type: 'say'; readonly text: Text; readonly role: Role }
  | { readonly type: 'read'; readonly title: string; readonly text: string }
  | { readonly type: 'ask'; readonly id: number; readonly question: string; readonly secret: boolean };

/** A playbook to run; `from`: earlier steps that only look are left out. */
export interface Chosen {
  readonly name: string;
  /** Step number, from 1. @default 1 */
  readonly from?: number;
}

/** What the person wants done outside the screen. */
export type Effect =
  | { readonly type: 'run'; readonly playbooks: readonly Chosen[] }
  | { readonly type: 'stop' }
  /** Leave a stopping run at once, whatever is still on the cluster. */
  | { readonly type: 'abandon' }
  | { readonly type: 'quit' }
  | { readonly type: 'suspend' }
  | { readonly type: 'redraw' }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'manifests'; readonly playbook: string }
  | { readonly type: 'replay'; readonly file: string }
  | { readonly type: 'pace'; readonly speed: number; readonly paused: boolean }
  /** undefined: the person did not want to answer. */
  | { readonly type: 'answer'; readonly id: number; readonly value: string | undefined };
