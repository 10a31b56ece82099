import type { PlaybookState, RunState, StepState } from '../event/state.js';
import { headlineOf, nameOf, openReason, runTrouble, skipReason, troubleOf } from './prose.js';
import { element, xmlText, type Xml } from './xml.js';

/**
 * The run as JUnit XML, the dialect that Jenkins and GitLab read: a suite for each playbook, a case for each step.
 * A failed expectation is a `failure`, what could not be measured an `error`, and neither is ever left out: a run that
 * broke off has a suite of its own that says so.
 */
export function junitReport(state: RunState): string {
  const { start, end } = state;
  const suites = [...state.playbooks.map((playbook) => suiteOf(playbook, state)), ...runSuite(state)];
  const root = element(
    'testsuites',
    {
      name: start?.run ?? 'pilab',
      tests: sum(suites, 'tests'),
      failures: sum(suites, 'failures'),
      errors: sum(suites, 'errors'),
      skipped: sum(suites, 'skipped'),
      time: seconds(end?.durationMs ?? state.ms),
    },
    ...suites.map(({ xml }) => xml),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`;
}

interface Suite {
  readonly xml: Xml;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function sum(suites: readonly Suite[], key: Exclude<keyof Suite, 'xml'>): number {
  return suites.reduce((total, suite) => total + suite[key], 0);
}

function suiteOf({ info, steps, durationMs }: PlaybookState, state: RunState): Suite {
  const results = steps.map((step) => resultOf(step, state));
  const counts = {
    tests: steps.length,
    failures: results.filter(({ kind }) => kind === 'failure').length,
    errors: results.filter(({ kind }) => kind === 'error').length,
    skipped: results.filter(({ kind }) => kind === 'skipped').length,
  };
  const { start, facts } = state;
  const properties = {
    run: start?.run,
    lab: start?.lab.name,
    simulated: start === undefined ? undefined : String(start.lab.simulated),
    kubernetes: facts?.serverVersion,
    proxyMode: facts?.proxyMode,
  };
  const xml = element(
    'testsuite',
    { name: info.name, ...counts, time: seconds(durationMs ?? 0), timestamp: start?.startedAt },
    propertiesOf(properties),
    ...steps.map((step, index) =>
      element(
        'testcase',
        { classname: info.name, name: nameOf(step), time: seconds(step.durationMs ?? 0) },
        propertiesOf({ claims: step.info.claims.join(' ') || undefined, from: step.info.from, where: step.info.where }),
        results[index]?.xml,
      ),
    ),
  );
  return { xml, ...counts };
}

interface Result {
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly xml?: Xml;
}

function resultOf(step: StepState, state: RunState): Result {
  switch (step.verdict) {
    case 'passed':
      return { kind: 'passed' };
    case 'failed':
      return trouble('failure', step, 'failed');
    case 'inconclusive':
      return trouble('error', step, 'inconclusive');
    case 'skipped':
      return { kind: 'skipped', xml: element('skipped', { message: skipReason(step) }) };
    case undefined: {
      const message = openReason(step, state);
      const kind = step.progress === 'waiting' ? 'skipped' : 'error';
      return { kind, xml: element(kind, { message }) };
    }
  }
}

function trouble(kind: 'failure' | 'error', step: StepState, type: string): Result {
  return { kind, xml: element(kind, { message: headlineOf(step), type }, xmlText(troubleOf(step))) };
}

function runSuite(state: RunState): Suite[] {
  const messages = runTrouble(state);
  if (messages.length === 0) return [];
  const counts = { tests: 1, failures: 0, errors: 1, skipped: 0 };
  const message = messages[0] ?? '';
  const hint = state.end?.error?.hint;
  const text = [...messages, ...(hint === undefined ? [] : [hint])].join('\n');
  const error = element('error', { message, type: state.end?.error?.code ?? 'run' }, xmlText(text));
  const testcase = element('testcase', { classname: 'pilab', name: 'the run as a whole', time: seconds(0) }, error);
  return [{ xml: element('testsuite', { name: 'pilab', ...counts, time: seconds(0) }, testcase), ...counts }];
}

function propertiesOf(values: Readonly<Record<string, string | undefined>>): Xml | undefined {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  if (known.length === 0) return undefined;
  return element('properties', {}, ...known.map(([name, value]) => element('property', { name, value })));
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
