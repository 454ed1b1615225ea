import type { CancelTimer, Logger, TimerClock } from '@tranche/telemetry';
import type { SandboxOf } from '../../paths.js';
import { type CollectionTerms, maxAgeMs } from './collection-age.js';
import type { SandboxSizes } from './sandbox-sizes.js';
import type { SandboxRun, SandboxRuns } from './sandbox-runs.port.js';

/** Dates are told again after this long, for those who have forgotten them. */
const TELL_AGAIN_MS = 60 * 60_000;
/** A date that has moved by less than this part of the delay is not worth telling. */
const TOLD_PRECISION = 0.01;

export interface CollectOptions extends CollectionTerms {
  /** How often the disk is looked at. */
  readonly intervalMs: number;
}

/** One whose container has ended. */
interface EndedRun {
  readonly run: SandboxRun;
  readonly endedAtMs: number;
}

/** What is known of runs beside what the disk tells. */
export interface RunBook {
  /** Containers that are there or about to be: their sandboxes stay. */
  liveContainers(): ReadonlySet<string>;
  /** When ended containers ended, milliseconds since the epoch, as far as that is remembered. */
  endTimes(): ReadonlyMap<string, number>;
  /** Tells until when a sandbox stays. */
  tell(run: SandboxOf, untilMs: number): void;
}

/**
 * Removes the sandboxes of ended tasks: those that are too old, and while the disk is full the oldest first.
 *
 * What there is to remove is read from the disk each time, so that nothing is forgotten over restarts, and what was left by other agents
 * of the same work directory goes as well.
 *
 * @source Mesos 1.11: sandbox garbage collection
 */
export class CollectSandboxes {
  /** Since the agent's start. */
  readonly counts = { succeeded: 0, failed: 0, pending: 0 };
  /** How old a sandbox could become, by the fullness of the disk when it was last looked at; absent before. */
  maxAgeMs: number | undefined;
  private readonly told = new Map<string, { readonly untilMs: number; readonly atMs: number }>();
  private cancel: CancelTimer | undefined;
  private isStopped = false;

  constructor(
    private readonly runs: SandboxRuns,
    private readonly book: RunBook,
    private readonly options: CollectOptions,
    private readonly clock: TimerClock,
    private readonly logger: Logger,
    private readonly sizes: Pick<SandboxSizes, 'sum' | 'bytes'>,
  ) {}

  /** What all sandboxes take on disk, as of the last look; undefined before. */
  get sandboxBytes(): number | undefined {
    return this.sizes.bytes;
  }

  /** Looks now, and then again and again. */
  start(): void {
    this.isStopped = false;
    void this.lookAndGoOn();
  }

  stop(): void {
    this.isStopped = true;
    this.cancel?.();
  }

  /** A run has ended: its age counts from now. */
  async ended(run: SandboxOf): Promise<void> {
    try {
      await this.runs.touch(run);
      const age = maxAgeMs(this.options, await this.runs.usedFraction());
      this.tell(run, this.clock.nowMs() + age);
    } catch (error) {
      this.logger.warn('end of a sandbox could not be marked', { ...run, error });
    }
  }

  /** Removes everything that is too old, and adds up what is left. Never throws. */
  async look(): Promise<void> {
    try {
      const age = maxAgeMs(this.options, await this.runs.usedFraction());
      this.maxAgeMs = age;
      const runs = await this.runs.list();
      const found = this.endedOf(runs);
      const due = found.filter(({ endedAtMs }) => this.clock.nowMs() - endedAtMs >= age);
      for (const { run, endedAtMs } of found) this.tell(run, endedAtMs + age);
      this.counts.pending = found.length;
      const left = new Set(runs);
      for (const { run } of due) if (!this.isStopped && (await this.remove(run))) left.delete(run);
      this.forgetAllBut(found.map(({ run }) => run.containerId));
      await this.measure([...left], found);
    } catch (error) {
      this.logger.error('sandboxes could not be looked at', { error });
    }
  }

  private async lookAndGoOn(): Promise<void> {
    await this.look();
    if (!this.isStopped) this.cancel = this.clock.after(this.options.intervalMs, () => void this.lookAndGoOn());
  }

  /** Oldest first. */
  private endedOf(runs: readonly SandboxRun[]): EndedRun[] {
    const live = this.book.liveContainers();
    const ends = this.book.endTimes();
    return runs
      .filter(({ containerId }) => !live.has(containerId))
      .map((run) => ({ run, endedAtMs: ends.get(run.containerId) ?? run.changedAtMs }))
      .toSorted((one, other) => one.endedAtMs - other.endedAtMs);
  }

  private async measure(runs: readonly SandboxRun[], ended: readonly EndedRun[]): Promise<void> {
    const ends = new Map(ended.map(({ run, endedAtMs }) => [run, endedAtMs]));
    const sandboxes = runs.map((run) => {
      const endedAtMs = ends.get(run);
      return { path: this.runs.pathOf(run), ...(endedAtMs === undefined ? {} : { endedAtMs }) };
    });
    const alone = (await this.runs.standalone()).map((path) => ({ path }));
    if (!this.isStopped) await this.sizes.sum([...sandboxes, ...alone], this.options.intervalMs / 2);
  }

  /** @returns whether it is gone */
  private async remove(run: SandboxRun): Promise<boolean> {
    // It may have come to life since it was listed: removing takes its time.
    if (this.book.liveContainers().has(run.containerId)) return false;
    const { agentId, frameworkId, executorId, containerId } = run;
    const ids = { agentId, frameworkId, executorId, containerId };
    this.counts.pending -= 1;
    try {
      await this.runs.remove(run);
      this.counts.succeeded += 1;
      this.book.tell(run, this.clock.nowMs());
      this.logger.info('sandbox removed', ids);
      return true;
    } catch (error) {
      this.counts.failed += 1;
      this.logger.warn('sandbox could not be removed', { ...ids, error });
      return false;
    }
  }

  private tell(run: SandboxOf, untilMs: number): void {
    const nowMs = this.clock.nowMs();
    const last = this.told.get(run.containerId);
    const hasMoved = last === undefined || Math.abs(last.untilMs - untilMs) > this.options.delayMs * TOLD_PRECISION;
    if (!hasMoved && nowMs - last.atMs < TELL_AGAIN_MS) return;
    this.told.set(run.containerId, { untilMs, atMs: nowMs });
    this.book.tell(run, untilMs);
  }

  private forgetAllBut(containerIds: readonly string[]): void {
    const there = new Set(containerIds);
    for (const id of this.told.keys()) if (!there.has(id)) this.told.delete(id);
  }
}
