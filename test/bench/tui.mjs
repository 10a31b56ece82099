import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { setImmediate as breathe } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { initialTui } from '../../dist/tui/state.js';
import { createStore } from '../../dist/tui/store.js';
import { CLI } from './rack.mjs';

const STARTS = 15;
const EVENTS_PER_SECOND = 1000;
const SECONDS = 5;
const REPLAYED = 100_000;
/** One of these is between the two looks at the memory: what is kept of a run is full by then. */
const WARM = 20_000;

/** What the terminal UI promises: a picture at once, no key lost among events, no more memory for a longer record. */
export async function tuiRows({ note, signal }) {
  note(`the terminal UI opens, ${STARTS} times`);
  const folder = await mkdtemp(join(tmpdir(), 'pilab-bench-'));
  const firsts = [];
  const answers = [];
  try {
    // Nobody answers there: the first picture must not wait for a lab.
    await writeFile(join(folder, 'lab.yaml'), 'hosts: [{ name: raspi001, address: 127.0.0.1, port: 1, user: pi }]\n');
    for (let start = 0; start < STARTS; start++) {
      signal.throwIfAborted();
      const { firstMs, answerMs } = await opened(folder);
      firsts.push(firstMs);
      answers.push(answerMs);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  note(`${EVENTS_PER_SECOND} events a second with a key press between any two, ${SECONDS} s`);
  const keys = await keysAmongEvents(signal);
  note(`${REPLAYED} events into the screen's state`);
  const memory = await memoryOfReplay(signal);
  return [
    { what: 'first frame of the terminal UI', unit: 'ms', values: firsts, target: { most: 300 } },
    { what: '  its answer to a key pressed at once', unit: 'ms', values: answers },
    { what: '  keys lost among 1,000 events a second', unit: 'keys', values: [keys.lost], target: { most: 0 } },
    { what: '  time for 1,000 events and 1,000 keys', unit: 'ms', values: keys.perSecondMs, target: { most: 1000 } },
    { what: '  memory after 100,000 events beside 20,000', unit: 'x', values: [memory], target: { most: 1.1 } },
  ];
}

/** From the start of Node until the whole first picture is on a pseudo-terminal (util-linux's `script`) of 80x24. */
function opened(cwd) {
  return new Promise((resolve, reject) => {
    const command = 'stty cols 80 rows 24; printf READY; exec "$PILAB_NODE" "$PILAB_CLI"';
    const env = {
      ...process.env,
      TERM: 'xterm-256color',
      PILAB_NODE: process.execPath,
      PILAB_CLI: CLI,
      LC_ALL: 'C.UTF-8',
    };
    const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
    const limit = setTimeout(() => child.kill(), 20_000);
    let [text, startedAt, firstMs, answerMs] = ['', undefined, undefined, undefined];
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const now = performance.now();
      if (startedAt === undefined && text.includes('READY')) startedAt = now;
      // The line of hints is the last of a picture.
      if (firstMs === undefined && startedAt !== undefined && text.includes('q quit')) {
        firstMs = now - startedAt;
        child.stdin.write('?');
      }
      if (answerMs === undefined && firstMs !== undefined && text.includes('run the selected playbook')) {
        answerMs = now - startedAt;
        child.stdin.write('qq');
      }
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(limit);
      if (answerMs !== undefined && code === 0) resolve({ firstMs, answerMs });
      else reject(new Error(`the terminal UI ended with ${code} and this picture:\n${text.slice(-2000)}`));
    });
  });
}

function newStore(perform = () => undefined) {
  const options = {
    lang: 'en',
    look: { color: true, unicode: true },
    size: { columns: 120, rows: 40 },
    labOption: 'bench',
  };
  const store = createStore(initialTui(options), perform);
  store.dispatch({ type: 'run-opened', source: 'replay' });
  return store;
}

/** Events in batches of their time, each followed by keys that must all arrive, while every change is drawn. */
async function keysAmongEvents(signal) {
  let arrived = 0;
  const store = newStore(({ type }) => void (arrived += type === 'pace' ? 1 : 0));
  const { frameLines } = await import('../../dist/tui/frame.js');
  // Changes are drawn as ink does it, at most every 33 ms.
  let drawnAt = 0;
  store.subscribe(() => {
    if (performance.now() - drawnAt < 33) return;
    drawnAt = performance.now();
    frameLines(store.get());
  });
  const perSecondMs = [];
  for (let second = 0; second < SECONDS; second++) {
    signal.throwIfAborted();
    const startedAt = performance.now();
    for (let index = 0; index < EVENTS_PER_SECOND; index++) {
      store.event(eventAt(second * EVENTS_PER_SECOND + index));
      store.dispatch({ type: 'press', key: { name: 'space', text: ' ' } });
      if (index % 10 === 0) await breathe();
    }
    perSecondMs.push(performance.now() - startedAt);
  }
  store.flush();
  return { lost: EVENTS_PER_SECOND * SECONDS - arrived, perSecondMs };
}

/** Heap in use after the whole replay, divided by that after its first fifth. */
async function memoryOfReplay(signal) {
  const store = newStore();
  let early = 0;
  for (let index = 0; index < REPLAYED; index++) {
    store.event(eventAt(index));
    if (index % 500 === 499) {
      signal.throwIfAborted();
      store.flush();
      await breathe();
    }
    if (index === WARM) early = heap();
  }
  store.flush();
  const late = heap();
  // The state must still be alive here, or nothing was measured.
  if (store.get().run === undefined) throw new Error('the replay has no run');
  return late / early;
}

/** Bytes that are really in use: what is garbage is collected first. */
function heap() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

const STEPS = 30;

/** A run that never ends: the plan, then progress, judgements with evidence, measures and warnings of its steps. */
function eventAt(index) {
  const base = { v: 1, seq: index + 1, ms: index };
  if (index === 0) return { ...base, ...started() };
  const step = `bench/${(index % STEPS) + 1}`;
  const counts = { a: index % 331, b: index % 337, c: index % 347 };
  switch (index % 4) {
    case 0:
      return { ...base, type: 'progress', step, place: 'pod', done: index % 1000, total: 1000, counts };
    case 1:
      return { ...base, type: 'judged', step, judgement: judgement(index) };
    case 2:
      return { ...base, type: 'warning', step, message: `warning ${index}` };
    default:
      return { ...base, type: 'step-started', step };
  }
}

function started() {
  const steps = Array.from({ length: STEPS }, (_, index) => ({
    id: `bench/${index + 1}`,
    kind: 'probe',
    title: { en: `step ${index + 1}`, ja: `手順 ${index + 1}` },
    claims: ['B05'],
    from: 'pod',
    spread: 'even',
    command: 'curl',
    where: `bench.yaml:${index + 1}`,
  }));
  const playbook = { name: 'bench', title: { en: 'bench', ja: 'bench' }, namespaces: ['pilab-bench-0000'], steps };
  const lab = { name: 'bench', simulated: true };
  const startedAt = new Date(0).toISOString();
  return { type: 'run-started', run: 'bench', pilab: '0', lab, startedAt, playbooks: [playbook] };
}

/** With as much evidence as a thousand answers make. */
function judgement(index) {
  const output = `${index} 200 Host=10.99.39.214:8080 Path=/ From=sample-deployment\n`.repeat(150);
  return {
    verdict: 'passed',
    place: `pod@raspi00${(index % 3) + 1}`,
    subject: 'http://10.99.39.214:8080/',
    findings: [{ what: 'outcome', verdict: 'passed', expected: 'ok', observed: '1000 × ok' }],
    evidence: [{ command: 'curl', place: 'pod', output, exitCode: 0 }],
    next: [],
    durationMs: 1,
  };
}
