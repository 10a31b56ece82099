import type { EventBody } from '../../src/event/event.js';
import type { Kept } from '../../src/run/kept.js';
import type { Stop } from '../../src/event/stop.js';
import { walkDriver, type Earlier, type Move, type Presenter } from '../../src/run/walk-driver.js';
import type { PilabError } from '../../src/errors.js';
import type { Playbook } from '../../src/playbook/schema.js';
import type { MemoryCluster } from './memory-cluster.js';
import { runOn, type Told } from './world.js';

/** A presenter who makes these moves, then goes on to the end. */
export class Scripted implements Presenter {
  /** Numbers of the steps that were shown; 0 is the end. */
  readonly shown: number[] = [];
  readonly stops: Stop[] = [];
  readonly kept: Kept[] = [];
  readonly refusals: PilabError[] = [];

  /** @param moves by the number of how often it was asked, from 0 */
  constructor(private readonly moves: readonly (Move | ((stop: Stop | undefined) => Move))[]) {}

  readonly move = (stop: Stop | undefined): Promise<Move> => {
    this.shown.push(stop?.number ?? 0);
    if (stop !== undefined) this.stops.push(stop);
    const move = this.moves[this.shown.length - 1] ?? { kind: 'next' };
    return Promise.resolve(typeof move === 'function' ? move(stop) : move);
  };
  readonly keep = (kept: Kept): Promise<void> => {
    // What comes back from a file, not the object itself.
    this.kept.push(JSON.parse(JSON.stringify(kept)) as Kept);
    return Promise.resolve();
  };
  readonly refused = (error: PilabError): void => void this.refusals.push(error);
}

export const next: Move = { kind: 'next' };
export const again: Move = { kind: 'again' };
export const quit: Move = { kind: 'quit' };
export const keep: Move = { kind: 'keep' };
export function to(number: number): Move {
  return { kind: 'to', number };
}

/** Walks through a playbook on a cluster in memory. */
export async function walkOn(
  playbooks: readonly Playbook[],
  cluster: MemoryCluster,
  moves: readonly (Move | ((stop: Stop | undefined) => Move))[],
  more: {
    readonly earlier?: Earlier;
    readonly signal?: AbortSignal;
    readonly onEvent?: (event: EventBody) => void;
  } = {},
): Promise<Told & { readonly presenter: Scripted }> {
  const presenter = new Scripted(moves);
  const { earlier, ...deps } = more;
  const told = await runOn(playbooks, cluster, {
    driver: walkDriver(presenter, earlier),
    ...(earlier === undefined ? {} : { kept: earlier.kept }),
    ...deps,
  });
  return { ...told, presenter };
}
