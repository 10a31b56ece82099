import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PilabError } from '../../errors.js';
import type { EventBody, RunEvent } from '../../event/event.js';
import { decodeRecord } from '../../event/record.js';
import type { Lab } from '../../lab/lab.js';
import { namespacesOf, planRun, runId } from '../../plan/plan.js';
import { SHIPPED } from '../../playbook/library.js';
import type { Playbook } from '../../playbook/schema.js';
import { DEFAULT_PROBE_IMAGE } from '../../probe/pod.js';
import { screenOf } from '../../report/style.js';
import { Emitter } from '../../run/emitter.js';
import { run } from '../../run/run.js';
import { walkDriver, type Earlier } from '../../run/walk-driver.js';
import { labImage } from '../../steps/manifest.js';
import { WALK_WORDS } from '../../tui/walk/words.js';
import { recordDisplay } from '../cast-file.js';
import { reportersFor } from '../displays.js';
import { localeLanguage } from '../locale.js';
import { terminalPrompt } from '../prompt.js';
import { defaultRecord } from '../record-file.js';
import { openSession } from '../session.js';
import { interruptible } from '../signals.js';
import { version } from '../version.js';
import type { WalkOptions } from '../walk.js';
import { keyboardOn } from './keyboard.js';
import { LinesSurface } from './lines-surface.js';
import { findPaused, fingerprint, removePaused, writePaused, type Paused } from './paused.js';
import { KeyPresenter } from './presenter.js';
import { walkPrompt } from './questions.js';
import { ScreenSurface } from './screen-surface.js';

/** Walks through a playbook with a display, keys and signals around it. @returns the process's exit code */
export async function runWalk(playbook: Playbook, lab: Lab, options: WalkOptions): Promise<number> {
  const { stdin, stdout } = process;
  const keys = stdin.isTTY && stdout.isTTY;
  if (!keys && options.pace === undefined) {
    throw new PilabError({
      code: 'NO_TERMINAL',
      message: 'a walkthrough waits for keys, and there is no terminal',
      hint: 'pilab walk --pace SECONDS goes on by itself',
    });
  }
  const lang = options.lang ?? localeLanguage(process.env);
  const words = WALK_WORDS[lang];
  const paused = await findPaused(playbook.name, lab.name);
  const from = options.resume === true ? takenUp(playbook, lab, paused) : undefined;
  const plan = planRun([playbook], lab, from?.kept.run ?? runId(new Date(), () => randomInt(0x10000) / 0x10000));
  const [planned] = plan.playbooks;
  if (planned === undefined) return 2;
  if (from !== undefined && from.steps !== fingerprint(planned)) throw changed(playbook.name);
  const earlier: Earlier | undefined = from && { kept: from.kept, events: await earlierEvents(from.record) };
  if (from === undefined && paused !== undefined) {
    process.stderr.write(
      `A walkthrough of ${playbook.name} is paused since ${moment(paused.at)}: --resume goes on with it, pilab clean removes it.\n`,
    );
  }
  const record = resolve(options.record ?? freeRecord(plan.run));
  const recording =
    options.cast === undefined ? undefined : recordDisplay(options.cast, `pilab walk ${playbook.name}`, lang);
  const opening = [
    words.typeAlong(planned.namespace),
    `${words.manifests} ${SHIPPED.manifests}`,
    ...(from === undefined ? [] : [words.goesOn(from.kept.next, moment(from.at))]),
  ];
  const { steps, title } = playbook;
  const common = { lang, total: steps.length, notes: options.notes === true, opening };
  const screen = screenOf(stdout, process.env);
  const surface = onScreen(options, keys && screen.tty)
    ? new ScreenSurface({ ...common, terminal: { stdin, stdout }, name: playbook.name, title })
    : new LinesSurface({ ...common, screen, write: (text) => void stdout.write(text) });
  /** Playbooks of which nothing is left on the cluster. */
  const away = new Set<string>();
  const outlets = reportersFor(
    plan,
    { display: 'plain', lang, record, recording },
    {
      onEvent: (event) => {
        if (event.type === 'cleanup-finished' && event.left.length === 0) away.add(event.playbook);
        surface.onEvent(event);
      },
      onEnd: () => surface.onEnd(),
      onTrouble: (message) => surface.say(message),
    },
  );
  const interrupt = interruptible(() => outlets.left());
  // Only when it is wanted: until then SSH may ask for a passphrase on this terminal in the ordinary way.
  let keyboard: ReturnType<typeof keyboardOn> | undefined;
  const open = (): typeof keyboard => (keyboard ??= keys ? keyboardOn(stdin, surface) : undefined);
  const prompt = walkPrompt(terminalPrompt(), () => keyboard && { surface, keyboard, signal: interrupt.signal });
  const presenter = new KeyPresenter({
    surface,
    keyboard: open,
    paceMs: options.pace === undefined ? undefined : options.pace * 1000,
    words,
    steps: planned.steps,
    namespaces: namespacesOf(planned),
    keep: (kept) => writePaused({ lab: lab.name, steps: fingerprint(planned), record, kept }, new Date()),
    signal: interrupt.signal,
  });
  interrupt.signal.addEventListener('abort', () => surface.redraw());
  try {
    const outcome = await run(plan, {
      lab,
      connect: (signal) => openSession(lab, signal, { prompt }),
      probeImage: labImage(DEFAULT_PROBE_IMAGE, lab.images),
      jobs: 1,
      version: version(),
      emit: new Emitter(outlets.reporter).emit,
      signal: interrupt.signal,
      abandon: interrupt.abandon,
      driver: walkDriver(presenter, earlier),
      ...(earlier === undefined ? {} : { kept: earlier.kept }),
    });
    if (from !== undefined && away.has(playbook.name)) await removePaused(plan.run);
    const reportsFailed = await outlets.end();
    return reportsFailed && outcome.exitCode === 0 ? 3 : outcome.exitCode;
  } finally {
    keyboard?.close();
    surface.leaveTerminal();
    interrupt.dispose();
  }
}

/** A screen reader is best served by lines that stay; so is a terminal that cannot rewrite. */
function onScreen({ display }: WalkOptions, possible: boolean): boolean {
  if (display === 'tui' && !possible) {
    throw new PilabError({
      code: 'NO_TERMINAL',
      message: 'the terminal UI needs a terminal at both ends that can rewrite its lines',
      hint: '--display plain tells the same line by line',
    });
  }
  return possible && (display === 'tui' || (display === 'auto' && process.env['INK_SCREEN_READER'] !== 'true'));
}

function takenUp(playbook: Playbook, lab: Lab, paused: Paused | undefined): Paused {
  if (paused !== undefined) return paused;
  throw new PilabError({
    code: 'WALK_NOT_PAUSED',
    message: `no walkthrough of ${playbook.name} is paused on the lab ${lab.name}`,
    hint: `begin one: pilab walk ${playbook.name}`,
  });
}

function changed(playbook: string): PilabError {
  return new PilabError({
    code: 'WALK_CHANGED',
    message: `the playbook ${playbook} has changed since its walkthrough was paused, which cannot go on in its middle`,
    hint: `remove what it left (pilab clean), then begin anew: pilab walk ${playbook}`,
  });
}

/** What was told of the steps before the break; nothing when that record is lost, and the walkthrough goes on all the same. */
async function earlierEvents(record: string): Promise<EventBody[]> {
  const text = await readFile(record, 'utf8').catch(() => '');
  return decodeRecord(record, text)
    .events.filter((event) => 'step' in event && event.step !== undefined && event.type !== 'progress')
    .map(unstamped);
}

function unstamped(event: RunEvent): EventBody {
  const stamp = new Set(['v', 'seq', 'ms']);
  return Object.fromEntries(Object.entries(event).filter(([key]) => !stamp.has(key))) as unknown as EventBody;
}

/** A later part of a run has a record of its own, which holds the earlier parts too. */
function freeRecord(run: string): string {
  for (let part = 1; ; part++) {
    const file = defaultRecord(part === 1 ? run : `${run}.${part}`);
    if (!existsSync(file)) return file;
  }
}

/** `2026-11-26T11:07:49.120Z` → `2026-11-26 11:07 UTC`. */
function moment(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
