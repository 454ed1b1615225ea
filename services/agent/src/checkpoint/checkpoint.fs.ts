import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CheckpointFailedError } from './checkpoint.errors.js';
import type { CheckpointStore } from './checkpoint.port.js';
import { decodeJournal, encodeBatch, journalHeader } from './journal-format.js';
import type { CheckpointRecord } from './record.js';

/** A journal smaller than this is never compacted while the agent runs: at 1 KB a record that is some 16,000 updates. */
const COMPACT_ABOVE_BYTES = 16 * 1024 * 1024;
/** And only when it has grown to this many times its last snapshot, so that the work stays proportional to what is written. */
const COMPACT_GROWTH = 4;

export interface JournalOptions {
  /** All records that lead to the present state; read in one turn, when the journal is compacted. */
  readonly snapshot: () => Iterable<CheckpointRecord>;
  /** Told once, when a write has failed: the agent must stop. */
  readonly onFailure: (error: CheckpointFailedError) => void;
  /** Told how long each write took to become durable, milliseconds. */
  readonly onSynced?: (durationMs: number) => void;
  readonly compactAboveBytes?: number;
}

interface Batch {
  readonly lines: string[];
  readonly settled: PromiseWithResolvers<void>;
}

/**
 * Reads a journal.
 *
 * @returns its records, none when there is no file yet
 * @throws NewerFormatError, CorruptJournalError, or the system's error
 */
export async function readJournal(path: string): Promise<readonly CheckpointRecord[]> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return bytes === undefined ? [] : decodeJournal(path, bytes).records;
}

/**
 * An append-only file with group commit: what is appended in one turn, and while a write is under way, becomes durable by one write and
 * one fdatasync.
 */
export class FileJournal implements CheckpointStore {
  private open: Batch = newBatch();
  private writing: Promise<void> | undefined;
  private failure: CheckpointFailedError | undefined;
  private file: FileHandle | undefined;
  private batches = 0;
  private sizeBytes = 0;
  private snapshotBytes = 0;

  private constructor(
    private readonly path: string,
    private readonly options: JournalOptions,
  ) {}

  /** Begins a new journal file with the present state in place of the old one. @throws the system's error */
  static async start(path: string, options: JournalOptions): Promise<FileJournal> {
    const journal = new FileJournal(path, options);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await journal.compact();
    return journal;
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
    await this.writing;
    const { file } = this;
    this.failure ??= new CheckpointFailedError(this.path, { cause: new Error('the journal is closed') });
    this.file = undefined;
    await file?.close();
  }

  /** Writes until nothing is left. Never rejects: a failure goes to the waiters and to `onFailure`. */
  private async writeAll(): Promise<void> {
    while (this.open.lines.length > 0) {
      const batch = this.open;
      this.open = newBatch();
      try {
        // After a failed write the end of the file is not known: nothing may be written behind it.
        if (this.failure !== undefined) throw this.failure.cause;
        if (this.isDueForCompaction()) await this.compact();
        else await this.write(batch.lines);
        batch.settled.resolve();
      } catch (cause) {
        this.fail(batch, cause);
      }
    }
    this.writing = undefined;
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
      if (waiting.lines.length > 0) this.fail(waiting, cause);
      throw cause;
    }
    this.batches = lines.length > 0 ? 1 : 0;
    this.sizeBytes = bytes.length;
    this.snapshotBytes = bytes.length;
    waiting.settled.resolve();
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

/** Puts a file in place such that after a crash either the old or the new one is there. @returns it, open for appending */
async function replaceFile(path: string, bytes: Buffer): Promise<FileHandle> {
  const temporary = `${path}.new`;
  const written = await open(temporary, 'w', 0o600);
  try {
    await written.writeFile(bytes);
    await written.sync();
  } finally {
    await written.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return open(path, 'a');
}
