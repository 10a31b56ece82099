import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PilabError } from '../../errors.js';
import type { ClusterFacts } from '../../event/event.js';
import type { Lab } from '../../lab/lab.js';
import { infoOf, planPlaybook, planRun, runId, type Plan } from '../../plan/plan.js';
import { SHIPPED, loadPlaybooks } from '../../playbook/library.js';
import type { Playbook } from '../../playbook/schema.js';
import { unmetNeed } from '../../run/needs.js';
import type { Hosts } from '../../ssh/connections.js';
import type { Chosen, Effect } from '../../tui/action.js';
import type { OpenScreen } from '../../tui/open.js';
import type { Store } from '../../tui/store.js';
import { openHosts } from '../session.js';
import { labOf } from '../lab-option.js';
import { troubleOf, watchLab } from './lab-watch.js';
import { startRun, type LiveRun, type RunOptions } from './live-run.js';
import { screenPrompt, type ScreenPrompt } from './prompt.js';
import { listRecords } from './records.js';
import { replay } from './replay.js';

/** What the terminal UI was opened with. */
export interface WorkbenchOptions {
  readonly lab: string;
  /** Names or files; empty: all shipped ones. */
  readonly playbooks: readonly string[];
  /** Start these at once, as `pilab verify` does. */
  readonly start?: Omit<RunOptions, 'jobs'> & { readonly from: readonly string[] };
  readonly jobs: number;
}

/** Does what the screen's state cannot: reads files, asks the lab, runs playbooks. */
export class Workbench {
  #lab: Lab | undefined;
  #hosts: Hosts | undefined;
  #playbooks: readonly Playbook[] = [];
  #facts: ClusterFacts | undefined;
  #run: LiveRun | undefined;
  #replay: AbortController | undefined;
  /** Of the last run; 0 before any. */
  #exitCode = 0;
  readonly #closed = new AbortController();
  readonly #prompt: ScreenPrompt;

  constructor(
    private readonly store: Store,
    private readonly screen: OpenScreen,
    private readonly options: WorkbenchOptions,
    private readonly onClose: (exitCode: number) => void,
  ) {
    this.#prompt = screenPrompt(store);
  }

  /** Reads lab, playbooks and records, each as soon as it can. */
  async open(): Promise<void> {
    const lab = this.#openLab();
    await Promise.all([lab, this.#loadPlaybooks()]);
    this.#showPlaybooks();
    if (this.options.start !== undefined)
      this.#start(
        this.#playbooks.map(({ name }) => ({ name })),
        this.options.start,
      );
    await this.#loadRecords();
  }

  /** Does an effect of the state. */
  readonly perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'run':
        this.#start(effect.playbooks, { from: [] });
        break;
      case 'stop':
        this.#run?.stop();
        break;
      case 'abandon':
        this.#abandon();
        break;
      case 'quit':
        this.#quit();
        break;
      case 'suspend':
        this.screen.suspend();
        break;
      case 'redraw':
        this.screen.redraw();
        break;
      case 'copy':
        this.screen.copy(effect.text);
        break;
      case 'manifests':
        void this.#readManifests(effect.playbook);
        break;
      case 'replay':
        void this.#startReplay(effect.file);
        break;
      case 'pace':
        // The replay looks at the state itself.
        break;
      case 'answer':
        this.#prompt.answer(effect.id, effect.value);
        break;
    }
  };

  /** What the run, if any, has on the cluster. */
  left(): string[] {
    return this.#run?.left() ?? [];
  }

  async #openLab(): Promise<void> {
    try {
      const lab = await labOf(this.options.lab);
      this.#lab = lab;
      this.store.dispatch({
        type: 'lab',
        name: lab.name,
        hosts: lab.hosts.map(({ name, address, role }) => ({ name, address, role })),
      });
      this.#hosts = await openHosts(lab, this.#prompt);
      watchLab(lab, this.#hosts, this.store, {
        busy: () => this.#run !== undefined,
        facts: (facts) => {
          this.#facts = facts;
          this.store.dispatch({ type: 'facts', facts });
          this.#showPlaybooks();
        },
        signal: this.#closed.signal,
      });
    } catch (error) {
      this.store.dispatch({ type: 'lab-trouble', trouble: troubleOf(error) });
    }
  }

  async #loadPlaybooks(): Promise<void> {
    try {
      this.#playbooks = await loadPlaybooks(this.options.playbooks);
    } catch (error) {
      this.#complain(error);
    }
  }

  #showPlaybooks(): void {
    const [lab, facts] = [this.#lab, this.#facts];
    const rows = this.#playbooks.map((playbook) => {
      const lacks = lab === undefined || facts === undefined ? undefined : unmetNeed(playbook.needs, facts, lab);
      return {
        // The run's id is not known yet; its last four characters stand in the namespaces.
        info: infoOf(planPlaybook(playbook, 'XXXX')),
        manifests: [...playbook.manifests.keys()],
        ...(playbook.about === undefined ? {} : { about: playbook.about }),
        ...(lacks === undefined ? {} : { lacks }),
      };
    });
    this.store.dispatch({ type: 'playbooks', rows });
  }

  async #loadRecords(): Promise<void> {
    this.store.dispatch({ type: 'records', rows: await listRecords(this.#lab?.name) });
  }

  #start(chosen: readonly Chosen[], options: NonNullable<WorkbenchOptions['start']>): void {
    const [lab, hosts] = [this.#lab, this.#hosts];
    if (this.#run !== undefined || lab === undefined || hosts === undefined) return;
    this.#replay?.abort();
    try {
      const { jobs } = this.options;
      this.#run = startRun(this.#planOf(chosen, lab, options.from), lab, hosts, this.store, { ...options, jobs });
    } catch (error) {
      this.#complain(error);
      return;
    }
    void this.#run.ended
      .then((code) => (this.#exitCode = code))
      .catch((error: unknown) => {
        this.#exitCode = 3;
        this.#complain(error);
      })
      .finally(() => {
        this.#run = undefined;
        if (this.store.get().leaving) this.#close(this.#exitCode);
        else void this.#loadRecords();
      });
  }

  #planOf(chosen: readonly Chosen[], lab: Lab, from: readonly string[]): Plan {
    const names = chosen.map(({ name }) => name);
    const starts = chosen.flatMap((each) => (each.from === undefined ? [] : [`${each.name}/${each.from}`]));
    return planRun(
      this.#playbooks.filter(({ name }) => names.includes(name)),
      lab,
      runId(new Date()),
      [...starts, ...from],
    );
  }

  async #startReplay(file: string): Promise<void> {
    this.#replay?.abort();
    const control = new AbortController();
    this.#replay = control;
    this.store.dispatch({ type: 'run-opened', source: 'replay' });
    const pace = (): { speed: number; paused: boolean } => this.store.get().run ?? { speed: 0, paused: false };
    try {
      await replay(file, pace, this.store.event, control.signal);
    } catch (error) {
      if (!control.signal.aborted) this.#complain(error);
    }
  }

  async #readManifests(name: string): Promise<void> {
    const playbook = this.#playbooks.find((each) => each.name === name);
    if (playbook === undefined) return;
    try {
      const files = await Promise.all(
        [...playbook.manifests.keys()].map(async (file) => `# ${file}\n${await manifestText(playbook, file)}`),
      );
      this.store.dispatch({ type: 'read', title: name, text: files.join('\n') });
    } catch (error) {
      this.#complain(error);
    }
  }

  #quit(): void {
    if (this.#run === undefined) this.#close(this.#exitCode);
    else this.#run.stop();
  }

  #abandon(): void {
    const left = this.left();
    this.#run?.abandon();
    this.#close(130);
    process.stderr.write(
      left.length === 0
        ? 'Left at once; nothing of this run is on the cluster.\n'
        : `Left at once. Still on the cluster: ${left.join(', ')}\n  remove it with: pilab clean\n`,
    );
    process.exit(130);
  }

  #close(exitCode: number): void {
    this.#closed.abort();
    this.#replay?.abort();
    this.#hosts?.close();
    this.screen.close();
    this.onClose(exitCode);
  }

  #complain(error: unknown): void {
    const { message, hint } = troubleOf(error);
    if (!(error instanceof PilabError)) {
      this.store.dispatch({ type: 'lab-trouble', trouble: { message: `pilab has a defect: ${message}` } });
      return;
    }
    const text = [message, ...(hint === undefined ? [] : [hint])].join('\n');
    this.store.dispatch({ type: 'read', title: error.code, text });
  }
}

/** A manifest as it lies there: beside the playbook, or among the shipped ones. */
async function manifestText({ file }: Playbook, name: string): Promise<string> {
  return readFile(join(dirname(file), name), 'utf8').catch(() => readFile(join(SHIPPED.manifests, name), 'utf8'));
}
