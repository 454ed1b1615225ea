import type { DataSource, EntitySchema } from 'typeorm';
import { bulkDelete, bulkUpsert, type Row } from './bulk-upsert.js';
import { PersistenceError } from './persistence.errors.js';
import { inTransaction } from './transactions.js';

export interface BulkWriterOptions {
  /** How long changes may wait to be written together. Default 50. */
  readonly delayMs?: number;
  /** Told of each failed write; the changes are kept and tried again. */
  readonly onError?: (error: PersistenceError) => void;
}

const RETRY_DELAY_MS = 1_000;

/**
 * Writes rows behind the memory that leads: the newest state of each key, many in one transaction.
 *
 * `put` and `remove` cost a map entry; nobody waits for the database. A failed write is tried again with whatever has changed since.
 */
export class BulkWriter {
  /** By entity, by primary key: the row to write, or undefined to delete it. */
  private waiting = new Map<EntitySchema, Map<string, Row | undefined>>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly options: BulkWriterOptions = {},
  ) {}

  /** @param key the row's primary key; a later row or removal of the same key replaces this one */
  put(entity: EntitySchema, key: string, row: Row): void {
    this.change(entity, key, row);
  }

  remove(entity: EntitySchema, key: string): void {
    this.change(entity, key, undefined);
  }

  /** Writes what waits, now. @throws PersistenceError when the database does not take it; it stays waiting */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.writing?.catch(() => undefined);
    if (this.waiting.size === 0) return;
    this.writing = this.write();
    try {
      await this.writing;
    } finally {
      this.writing = undefined;
    }
  }

  /** Changes that are not in the database yet. */
  get backlog(): number {
    let count = 0;
    for (const rows of this.waiting.values()) count += rows.size;
    return count;
  }

  private change(entity: EntitySchema, key: string, row: Row | undefined): void {
    const rows = this.waiting.get(entity) ?? new Map<string, Row | undefined>();
    this.waiting.set(entity, rows.set(key, row));
    this.schedule(this.options.delayMs ?? 50);
  }

  private schedule(delayMs: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.flush().catch((error: PersistenceError) => {
        this.options.onError?.(error);
        this.schedule(RETRY_DELAY_MS);
      });
    }, delayMs);
    this.timer.unref();
  }

  private async write(): Promise<void> {
    const batch = this.waiting;
    this.waiting = new Map();
    try {
      await inTransaction(this.source, async (manager) => {
        for (const [entity, rows] of batch) {
          const metadata = this.source.getMetadata(entity.options.name);
          const kept = [...rows.values()].filter((row) => row !== undefined);
          const removed = [...rows].filter(([, row]) => row === undefined).map(([key]) => key);
          if (kept.length > 0) await bulkUpsert(manager, metadata, kept);
          if (removed.length > 0) await bulkDelete(manager, metadata, removed);
        }
      });
    } catch (cause) {
      this.keep(batch);
      const text = cause instanceof Error ? cause.message : String(cause);
      throw new PersistenceError('persistence/write-failed', `cannot write: ${text}`, { cause });
    }
  }

  /** Puts a failed batch back, under whatever has changed since. */
  private keep(batch: Map<EntitySchema, Map<string, Row | undefined>>): void {
    for (const [entity, rows] of batch) {
      this.waiting.set(entity, new Map([...rows, ...(this.waiting.get(entity) ?? [])]));
    }
  }
}
