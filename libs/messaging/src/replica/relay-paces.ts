import type { CancelTimer, TimerClock } from '@tranche/telemetry';

/** A client is waited for as long without another word: it may have gone, and its replica with it, which the next message tells. */
export const MAX_PAUSE_MS = 30_000;

interface Pause {
  readonly isOver: PromiseWithResolvers<void>;
  cancel: CancelTimer;
}

/** Which of the answers that are relayed wait for their clients to read. */
export class RelayPaces {
  private readonly relayed = new Set<string>();
  private readonly pauses = new Map<string, Pause>();

  constructor(private readonly clock: TimerClock) {}

  begin(exchangeId: string): void {
    this.relayed.add(exchangeId);
  }

  end(exchangeId: string): void {
    this.relayed.delete(exchangeId);
    this.goOn(exchangeId);
  }

  /** Nothing is said from now on; said again, it counts from now on. */
  pause(exchangeId: string): void {
    if (!this.relayed.has(exchangeId)) return;
    const cancel = this.clock.after(MAX_PAUSE_MS, () => this.goOn(exchangeId));
    const known = this.pauses.get(exchangeId);
    known?.cancel();
    if (known === undefined) this.pauses.set(exchangeId, { isOver: Promise.withResolvers(), cancel });
    else known.cancel = cancel;
  }

  goOn(exchangeId: string): void {
    const pause = this.pauses.get(exchangeId);
    if (pause === undefined) return;
    this.pauses.delete(exchangeId);
    pause.cancel();
    pause.isOver.resolve();
  }

  /** When more may be said. */
  async over(exchangeId: string): Promise<void> {
    await this.pauses.get(exchangeId)?.isOver.promise;
  }
}
