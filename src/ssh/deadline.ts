/** A time limit that stands still while a person is being asked. */
export class Deadline {
  private timer: NodeJS.Timeout | undefined;
  private leftMs: number;
  private startedAt = 0;
  private pauses = 0;

  constructor(
    limitMs: number,
    private readonly onExpired: () => void,
  ) {
    this.leftMs = limitMs;
    this.start();
  }

  async pausedDuring<T>(task: () => Promise<T>): Promise<T> {
    this.pauses++;
    this.stop();
    try {
      return await task();
    } finally {
      this.pauses--;
      if (this.pauses === 0) this.start();
    }
  }

  /** Ends the limit for good. */
  clear(): void {
    this.stop();
    this.pauses = Number.POSITIVE_INFINITY;
  }

  private start(): void {
    this.startedAt = performance.now();
    this.timer = setTimeout(this.onExpired, Math.max(0, this.leftMs));
  }

  private stop(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.leftMs -= performance.now() - this.startedAt;
  }
}
