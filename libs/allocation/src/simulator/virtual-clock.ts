/** What a clock calls for: a batch cycle at each interval, and the end of a failover's pause. */
export interface ClockEvents {
  /** @returns whether the cycle did anything */
  batch(): boolean;
  pauseEnds(): void;
  /** This many batch cycles were left out, as they would have done nothing. */
  skipped(cycles: number): void;
}

export interface ClockOptions {
  readonly intervalNs: number;
  /** When a failover's pause ends at the latest; absent when there is none. */
  readonly pauseEndNs?: number | undefined;
  /** Whether a cycle that did nothing would do nothing again, as long as nothing changes. */
  readonly canSkip: boolean;
}

/** Batch cycles in a row that did nothing before some are left out: refusals that have ended live through one more. */
const IDLE_CYCLES = 2;

/**
 * Virtual time in whole nanoseconds, which moves only when told to.
 *
 * Batch cycles fall due at the interval, twice the interval and so on. Once they do nothing, the clock leaps to the next one that
 * may: a year takes no longer than a second.
 */
export class VirtualClock {
  #nowNs = 0;
  /** Number of batch cycles that have fallen due. */
  #batches = 0;
  #idle = 0;
  #pauseEndNs: number | undefined;
  /** Instants at which something ends that may make a cycle do something, in no order. */
  #wakes: number[] = [];

  constructor(private readonly options: ClockOptions) {
    this.#pauseEndNs = options.pauseEndNs;
  }

  get nowNs(): number {
    return this.#nowNs;
  }

  get nowMs(): number {
    return this.#nowNs / 1e6;
  }

  get nowSeconds(): number {
    return this.#nowNs / 1e9;
  }

  /** Something ends then: a refusal, for instance. */
  wakeAt(ns: number): void {
    if (this.options.canSkip) this.#wakes.push(ns);
  }

  advanceTo(targetNs: number, events: ClockEvents): void {
    this.#idle = 0;
    for (;;) {
      const batchNs = (this.#batches + 1) * this.options.intervalNs;
      const pauseEndNs = this.#pauseEndNs ?? Infinity;
      const nextNs = Math.min(batchNs, pauseEndNs);
      if (nextNs > targetNs) break;
      this.#nowNs = nextNs;
      // A pause that ends at the instant of a batch cycle ends before it.
      if (pauseEndNs === nextNs) {
        this.#pauseEndNs = undefined;
        events.pauseEnds();
      }
      if (batchNs === nextNs) {
        this.#batches++;
        this.#idle = events.batch() ? 0 : this.#idle + 1;
        if (this.#idle >= IDLE_CYCLES) this.#leap(targetNs, events);
      }
    }
    this.#nowNs = targetNs;
  }

  /** Leaves out the batch cycles up to the target before which nothing ends. */
  #leap(targetNs: number, events: ClockEvents): void {
    if (!this.options.canSkip || this.#pauseEndNs !== undefined) return;
    const { intervalNs } = this.options;
    this.#wakes = this.#wakes.filter((ns) => ns > this.#nowNs);
    const wakeNs = this.#wakes.reduce((least, ns) => Math.min(least, ns), Infinity);
    const lastNs = Math.min(targetNs, wakeNs);
    // The batch cycle at the wake itself is run, the one at the target, if nothing ends there, is not.
    const batches = wakeNs <= targetNs ? Math.ceil(lastNs / intervalNs) - 1 : Math.floor(lastNs / intervalNs);
    if (batches > this.#batches) {
      events.skipped(batches - this.#batches);
      this.#batches = batches;
    }
    this.#idle = 0;
  }
}
