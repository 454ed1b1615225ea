import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 200;

/** How soon after a pause the loss of a connection is known: the system tells it as soon as the process looks. */
const SUSPICION_MS = 1_000;

/**
 * Notices that this process did not run for a while: it was stopped, or its machine stood still.
 *
 * Timers that fell due meanwhile run before the process hears that its connection was taken away. For a moment after such a pause nothing shall be
 * done that only the owner may do.
 */
export class PauseWatch {
  private readonly timer: NodeJS.Timeout;
  private lastMs: number;
  private suspectUntilMs = 0;
  private isStopped = false;

  /** @param toleratedMs shorter pauses cannot have cost the place */
  constructor(
    private readonly toleratedMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.lastMs = nowMs();
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** Whether the process has certainly run without a pause until now. */
  get isSteady(): boolean {
    this.tick();
    return this.lastMs >= this.suspectUntilMs;
  }

  /** @returns when it is steady, or stopped */
  async untilSteady(): Promise<void> {
    while (!this.isStopped && !this.isSteady) await sleep(TICK_MS);
  }

  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
  }

  private tick(): void {
    const nowMs = this.nowMs();
    if (nowMs - this.lastMs > this.toleratedMs) this.suspectUntilMs = nowMs + SUSPICION_MS;
    this.lastMs = nowMs;
  }
}
