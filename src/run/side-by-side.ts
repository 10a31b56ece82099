/** Work that needs things for itself. */
export interface Locked {
  readonly locks: readonly string[];
}

/** How many at once, and whether anything more may be started. */
export interface Room {
  readonly slots: number;
  /** Asked before each start; once false, what has not been started never is. */
  readonly open: () => boolean;
}

/**
 * Does pieces of work side by side, started in their order: each as soon as there is a slot and nobody holds one of its
 * locks; a later one overtakes one that waits for a lock. All locks are taken at once, so nobody waits with a lock in hand.
 * @param work one piece. It may give its slot back early by `freeSlot`; its locks it keeps to its end
 * @throws what the first piece threw, once all that were started are over; after it nothing more is started
 */
export async function sideBySide<T extends Locked>(
  pieces: readonly T[],
  room: Room,
  work: (piece: T, freeSlot: () => void) => Promise<void>,
): Promise<void> {
  const waiting = [...pieces];
  const held = new Set<string>();
  const thrown: unknown[] = [];
  let [busy, unfinished] = [0, 0];
  let changed: () => void = () => undefined;

  const start = (piece: T): void => {
    waiting.splice(waiting.indexOf(piece), 1);
    for (const lock of piece.locks) held.add(lock);
    busy += 1;
    unfinished += 1;
    let inSlot = true;
    const freeSlot = (): void => {
      if (inSlot) busy -= 1;
      inSlot = false;
      changed();
    };
    void work(piece, freeSlot)
      .catch((error: unknown) => thrown.push(error))
      .finally(() => {
        for (const lock of piece.locks) held.delete(lock);
        unfinished -= 1;
        freeSlot();
      });
  };
  for (;;) {
    while (thrown.length === 0 && room.open() && busy < room.slots) {
      const next = waiting.find(({ locks }) => !locks.some((lock) => held.has(lock)));
      if (next === undefined) break;
      start(next);
    }
    // With nothing at work no lock is held: what still waits may not be started any more.
    if (unfinished === 0) break;
    await new Promise<void>((resolve) => (changed = resolve));
  }
  if (thrown.length > 0) throw thrown[0];
}
