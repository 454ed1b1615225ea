import type { Clock } from '@tranche/telemetry';

/** A sandbox, and since when nothing has been written to it, if its container has ended. */
export interface SizedSandbox {
  readonly path: string;
  readonly endedAtMs?: number;
}

interface Measurement {
  readonly bytes: number;
  /** When it began: what was written later need not be in it. */
  readonly atMs: number;
}

/** Of the time: each measurement is a process. */
const MEASURING_PART = 0.01;

/**
 * What all sandboxes take on disk, put together from measurements that others make anyway.
 *
 * The isolator that watches disk use measures through this, so that what it has found is known here. Only what nobody has measured is
 * measured for the sum: a sandbox without a disk resource, and an ended one for the last time.
 */
export class SandboxSizes {
  private readonly measured = new Map<string, Measurement>();
  private total: number | undefined;

  /** @param measurePath bytes that a folder takes on its disk; undefined when it cannot be told */
  constructor(
    private readonly measurePath: (path: string) => Promise<number | undefined>,
    private readonly clock: Clock,
  ) {}

  /** Bytes of all sandboxes, as of the last `sum`; undefined before. */
  get bytes(): number | undefined {
    return this.total;
  }

  /** Measures a folder, and remembers it. */
  readonly measure = async (path: string): Promise<number | undefined> => {
    const atMs = this.clock.nowMs();
    const bytes = await this.measurePath(path);
    if (bytes === undefined) this.measured.delete(path);
    else this.measured.set(path, { bytes, atMs });
    return bytes;
  };

  /**
   * Adds up, and forgets every folder that is not among these.
   *
   * Measuring takes a hundredth of the time at most, what was measured longest ago first: with many sandboxes some count as they were earlier.
   *
   * @param staleMs how old the measurement of a sandbox that is written to may be, if there is time
   */
  async sum(sandboxes: readonly SizedSandbox[], staleMs: number): Promise<void> {
    const untilMs = this.clock.nowMs() + staleMs * MEASURING_PART;
    const measuredAt = ({ path }: SizedSandbox): number => this.measured.get(path)?.atMs ?? Number.NEGATIVE_INFINITY;
    const isStale = (one: SizedSandbox): boolean => measuredAt(one) < (one.endedAtMs ?? this.clock.nowMs() - staleMs);
    for (const { path } of sandboxes.filter(isStale).toSorted((a, b) => measuredAt(a) - measuredAt(b))) {
      if (this.clock.nowMs() > untilMs) break;
      await this.measure(path);
    }
    this.total = sandboxes.reduce((sum, { path }) => sum + (this.measured.get(path)?.bytes ?? 0), 0);
    const there = new Set(sandboxes.map(({ path }) => path));
    for (const path of this.measured.keys()) if (!there.has(path)) this.measured.delete(path);
  }
}
