import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CheckpointFailedError } from './checkpoint.errors.js';
import type { CheckpointStore } from './checkpoint.port.js';
import { DiskReserve, reserveOf } from './disk-reserve.js';
import { encodeBatch, journalHeader } from './journal-format.js';
import type { JournalEnd } from './read-journal.js';
import type { CheckpointRecord } from './record.js';
import { isDiskFull, replaceFile } from './replace-file.js';

/** A journal smaller than this is never compacted while the agent runs: at 1 KB a record that is some 16,000 updates. */
const COMPACT_ABOVE_BYTES = 16 * 1024 * 1024;
/** And only when it has grown to this many times its last snapshot, so that the work stays proportional to what is written. */
const COMPACT_GROWTH = 4;
/** How often a write is tried again while there is no room for it. */
const ROOM_RETRY_MS = 500;

export interface JournalOptions {
  /** All records that lead to the present state; read in one turn, when the journal is compacted. */
  readonly snapshot: () => Iterable<CheckpointRecord>;
  /** Told once, when a write has failed for another reason than a full disk: the agent must stop. */
  readonly onFailure: (error: CheckpointFailedError) => void;
  /** Told when the disk becomes full, and when there is room again. */
  readonly onFull?: (isFull: boolean) => void;
  /** Told how long each write took to become durable, milliseconds. */
  readonly onSynced?: (durationMs: number) => void;
  /** Where the journal that was found ends: it is written on when there is no room for a new one. */
  readonly end?: JournalEnd | undefined;
  readonly compactAboveBytes?: number;
  /** Room that is kept for the time when the disk is full. */
  readonly reserveBytes?: number;
}

interface Batch {
  readonly lines: string[];
  readonly settled: PromiseWithResolvers<void>;
}

/**
 * An append-only file with group commit: what is appended in one turn, and while a write is under way, becomes durable by one write and
 * one fdatasync.
 *
 * On a full disk it cuts off what was written of a batch, gives its reserve away and writes again, and if that does not help, waits for
 * room: nothing is lost, what waits for a record waits longer. Any other failure is final.
 */
export class FileJournal implements CheckpointStore {
  private open: Batch = newBatch();
  private writing: Promise<void> | undefined;
  private failure: CheckpointFailedError | undefined;
  private file: FileHandle | undefined;
  private batches = 0;
  private sizeBytes = 0;
  private snapshotBytes = 0;
  private readonly closing = new AbortController();
  private readonly reserve: DiskReserve;

  private constructor(
    private readonly path: string,
    private readonly options: JournalOptions,
  ) {
    const onFull = (isFull: boolean): void => options.onFull?.(isFull);
    this.reserve = new DiskReserve(reserveOf(path), onFull, options.reserveBytes);
  }

  /** Begins a new journal file with the present state in place of the old one; on a full disk writes on in the old one. @throws the system's error */
  static async start(path: string, options: JournalOptions): Promise<FileJournal> {
    const journal = new FileJournal(path, options);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await journal.begin();
      await journal.reserve.fill();
    } catch (error) {
      journal.reserve.close();
      throw error;
    }
    return journal;
  }

  get shortage(): string | undefined {
    return this.reserve.isUsedUp ? `no space left on the agent's disk, in ${dirname(this.path)}` : undefined;
  }

  append(records: readonly CheckpointRecord[]): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (records.length === 0) return this.flushed();
    const batch = this.open;
    for (const record of records) batch.lines.push(JSON.stringify(record));
    this.writing ??= new Promise<void>((resolve) => {
      setImmediate(() => void this.writeAll().then(resolve));
    });
    return batch.settled.promise;
  }

  private async flushed(): Promise<void> {
    await this.writing;
    if (this.failure !== undefined) throw this.failure;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.writing;
    const { file } = this;
    this.failure ??= new CheckpointFailedError(this.path, { cause: new Error('the journal is closed') });
    this.file = undefined;
    this.reserve.close();
    await file?.close();
  }

  private async begin(): Promise<void> {
    try {
      await this.compact();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await this.reserve.release();
      await this.compact().catch((again: unknown) => this.writeOn(again));
    }
  }

  /** @throws the error that kept a new journal from being made, when there is none that could be written on */
  private async writeOn(error: unknown): Promise<void> {
    const { end } = this.options;
    if (!isDiskFull(error) || end === undefined) throw error;
    this.file = await open(this.path, 'a');
    this.batches = end.lastBatch;
    this.sizeBytes = end.sizeBytes;
    this.snapshotBytes = end.sizeBytes;
    await this.file.truncate(end.sizeBytes);
  }

  /** Writes until nothing is left. Never rejects: a failure goes to the waiters and to `onFailure`. */
  private async writeAll(): Promise<void> {
    while (this.open.lines.length > 0) {
      const batch = this.open;
      this.open = newBatch();
      try {
        // After a failed write the end of the file is not known: nothing may be written behind it.
        if (this.failure !== undefined) throw this.failure.cause;
        await this.writeUntilDone(batch.lines);
        batch.settled.resolve();
      } catch (cause) {
        this.fail(batch, cause);
      }
    }
    this.writing = undefined;
  }

  private async writeUntilDone(lines: readonly string[]): Promise<void> {
    for (;;) {
      try {
        if (!this.reserve.isUsedUp && this.isDueForCompaction()) return await this.compact();
        return await this.write(lines);
      } catch (error) {
        if (!isDiskFull(error) || this.closing.signal.aborted) throw error;
        await this.file?.truncate(this.sizeBytes);
        if (!(await this.reserve.release())) await this.pause();
      }
    }
  }

  /** Ends early when the journal is closed: the write is then tried a last time. */
  private async pause(): Promise<void> {
    await delay(ROOM_RETRY_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }

  private async write(lines: readonly string[]): Promise<void> {
    const bytes = encodeBatch(this.batches + 1, lines);
    const startedMs = performance.now();
    await this.file?.appendFile(bytes);
    await this.file?.datasync();
    this.options.onSynced?.(performance.now() - startedMs);
    this.batches += 1;
    this.sizeBytes += bytes.length;
  }

  private isDueForCompaction(): boolean {
    const { compactAboveBytes = COMPACT_ABOVE_BYTES } = this.options;
    return this.sizeBytes > Math.max(compactAboveBytes, this.snapshotBytes * COMPACT_GROWTH);
  }

  /**
   * Replaces the file by a snapshot. Records applied but not yet written are within the snapshot, so what waited for them can go on
   * once it is in place.
   */
  private async compact(): Promise<void> {
    const waiting = this.open;
    this.open = newBatch();
    const lines = Array.from(this.options.snapshot(), (record) => JSON.stringify(record));
    const bytes = Buffer.concat([Buffer.from(journalHeader()), ...(lines.length > 0 ? [encodeBatch(1, lines)] : [])]);
    try {
      const file = await replaceFile(this.path, bytes);
      await this.file?.close();
      this.file = file;
    } catch (cause) {
      this.takeBack(waiting, cause);
      throw cause;
    }
    this.batches = lines.length > 0 ? 1 : 0;
    this.sizeBytes = bytes.length;
    this.snapshotBytes = bytes.length;
    waiting.settled.resolve();
  }

  /** What waited for a snapshot that did not come about is written by itself, or fails with it. */
  private takeBack(waiting: Batch, cause: unknown): void {
    if (!isDiskFull(cause)) {
      if (waiting.lines.length > 0) this.fail(waiting, cause);
      return;
    }
    const later = this.open;
    later.settled.promise.then(waiting.settled.resolve, waiting.settled.reject);
    later.lines.unshift(...waiting.lines);
  }

  private fail(batch: Batch, cause: unknown): void {
    const first = this.failure === undefined;
    this.failure ??= new CheckpointFailedError(this.path, { cause });
    batch.settled.promise.catch(() => undefined);
    batch.settled.reject(this.failure);
    if (first) this.options.onFailure(this.failure);
  }
}

const newBatch = (): Batch => ({ lines: [], settled: Promise.withResolvers<void>() });
