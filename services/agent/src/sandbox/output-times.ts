import type { CancelTimer, TimerClock } from '@tranche/telemetry';

/** A file had so many bytes at that time: what is before them was written before it. */
export interface SizeMark {
  readonly atMs: number;
  readonly bytes: number;
}

const STREAMS = ['stdout', 'stderr'] as const;
const PAUSE_MS = 1_000;
/** A look may take this part of the time, two thousandths: with many containers looks are further apart. */
const PAUSE_FACTOR = 500;
/** Sandboxes that are looked at before others get their turn: half a millisecond. */
const LOOKED_AT_A_TURN = 64;
/** Of one file. When it has more, every second one of the older half goes. */
const MAX_MARKS = 256;
/** Files whose times are remembered; those that began to be watched first are forgotten first. */
const MAX_FILES = 4_096;

/**
 * When the output of containers was written, as well as can be told of files that programs write to by themselves: how large they were when.
 *
 * In memory: of what was written before the agent's start it is only known that it was.
 */
export class OutputTimes {
  private readonly marks = new Map<string, SizeMark[]>();
  private readonly watched = new Set<string>();
  private cancel: CancelTimer | undefined;
  private isStopped = true;

  /**
   * @param sizeOf bytes of a file; undefined when it is not there. Asked at once: a way through Node's thread pool costs ten times what the
   * answer does
   */
  constructor(
    private readonly sizeOf: (path: string) => number | undefined,
    private readonly clock: TimerClock,
  ) {}

  start(): void {
    this.isStopped = false;
    void this.lookAndGoOn();
  }

  stop(): void {
    this.isStopped = true;
    this.cancel?.();
  }

  /** From now on; the folder is a sandbox. */
  watch(sandbox: string): void {
    this.watched.add(sandbox);
  }

  /** Nobody writes there any more: looked at for the last time. */
  ended(sandbox: string): void {
    if (this.watched.delete(sandbox)) this.lookAt(sandbox);
  }

  /** Oldest first; none for a file that was not watched. @param path `SANDBOX/stdout` or `SANDBOX/stderr` */
  of(path: string): readonly SizeMark[] {
    return this.marks.get(path) ?? [];
  }

  async look(): Promise<void> {
    let looked = 0;
    for (const sandbox of this.watched) {
      this.lookAt(sandbox);
      if (++looked % LOOKED_AT_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private async lookAndGoOn(): Promise<void> {
    const beganMs = this.clock.nowMs();
    await this.look();
    if (this.isStopped) return;
    const pauseMs = Math.max(PAUSE_MS, (this.clock.nowMs() - beganMs) * PAUSE_FACTOR);
    this.cancel = this.clock.after(pauseMs, () => void this.lookAndGoOn());
  }

  private lookAt(sandbox: string): void {
    for (const stream of STREAMS) {
      const path = `${sandbox}/${stream}`;
      // The time is taken before: what is in the file then was written before it, or within the look.
      const atMs = this.clock.nowMs();
      const bytes = this.sizeOf(path);
      if (bytes !== undefined) this.note(path, { atMs, bytes });
    }
  }

  private note(path: string, mark: SizeMark): void {
    const known = this.marks.get(path);
    if (known === undefined) {
      this.marks.set(path, [mark]);
      const [oldest] = this.marks.keys();
      if (this.marks.size > MAX_FILES && oldest !== undefined) this.marks.delete(oldest);
      return;
    }
    if (known.at(-1)?.bytes === mark.bytes) return;
    known.push(mark);
    if (known.length > MAX_MARKS) {
      this.marks.set(
        path,
        known.filter((_mark, at) => at % 2 === 0 || at > MAX_MARKS / 2),
      );
    }
  }
}
