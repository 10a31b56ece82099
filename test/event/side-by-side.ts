import type { EventBody, PlaybookInfo, RunEvent } from '../../src/event/event.js';
import { stamped } from './sample.js';

/** When a playbook began, its steps were over, and it was cleaned up, in seconds; its steps as title → seconds. */
export interface Draft {
  readonly at: readonly [started: number, stepsOver: number, cleaned: number];
  readonly locks?: readonly string[];
  readonly steps?: Readonly<Record<string, number>>;
  /** @default passed */
  readonly verdict?: 'passed' | 'failed';
}

/** A run of several playbooks with these times, its events in order of time. */
export function runOf(drafts: Readonly<Record<string, Draft>>): RunEvent[] {
  const names = Object.keys(drafts);
  const timed = names.flatMap((name) => eventsOf(name, drafts[name] as Draft)).sort(([a], [b]) => a - b);
  const end = Math.max(0, ...timed.map(([ms]) => ms));
  const counts = { passed: 0, failed: 0, inconclusive: 0, skipped: 0 };
  return stamped([
    [
      0,
      {
        type: 'run-started',
        run: '20261126-110749-3f9a',
        pilab: '0.1.0',
        lab: { name: 'rack', simulated: false },
        startedAt: '2026-11-26T11:07:49.120Z',
        playbooks: names.map((name) => infoOf(name, drafts[name] as Draft)),
      },
    ],
    ...timed,
    [end, { type: 'run-finished', verdict: 'passed', steps: counts, interrupted: false, exitCode: 0, durationMs: end }],
  ]);
}

function infoOf(name: string, { locks, steps = { 'Look on': 1 } }: Draft): PlaybookInfo {
  return {
    name,
    title: { en: `About ${name}`, ja: `${name} について` },
    namespaces: [`pilab-${name}-3f9a`],
    ...(locks === undefined ? {} : { locks }),
    steps: Object.keys(steps).map((title, index) => ({
      id: `${name}/${index + 1}`,
      kind: 'check',
      title: { en: title, ja: title },
      claims: [],
      from: 'api',
      command: '',
      where: `${name}.yaml:${index}`,
    })),
  };
}

function eventsOf(name: string, draft: Draft): [number, EventBody][] {
  const { at, steps = { 'Look on': 1 }, verdict = 'passed' } = draft;
  const [started, stepsOver, cleaned] = at.map((seconds) => seconds * 1000) as [number, number, number];
  const told = Object.values(steps).flatMap((seconds, index): [number, EventBody][] => {
    const step = `${name}/${index + 1}`;
    return [
      [started, { type: 'step-started', step }],
      [
        Math.min(started + seconds * 1000, stepsOver),
        { type: 'step-finished', step, verdict, durationMs: seconds * 1000 },
      ],
    ];
  });
  return [
    [started, { type: 'playbook-started', playbook: name }],
    ...told,
    [stepsOver, { type: 'playbook-finished', playbook: name, verdict, durationMs: stepsOver - started }],
    [stepsOver, { type: 'cleanup-started', playbook: name }],
    [cleaned, { type: 'cleanup-finished', playbook: name, left: [], durationMs: cleaned - stepsOver }],
  ];
}
