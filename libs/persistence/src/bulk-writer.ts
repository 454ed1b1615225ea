import { setTimeout as sleep } from 'node:timers/promises';
import type { TraceContext } from '@tranche/telemetry';
import type { DataSource, EntityManager, EntitySchema } from 'typeorm';
import { bulkDelete, bulkUpsert, type Row } from './bulk-upsert.js';
import { WrittenTraces } from './database-span.js';
import { PersistenceError } from './persistence.errors.js';
import { inTransaction } from './transactions.js';

export interface BulkWriterOptions {
  /** How long changes may wait to be written together. Default 50. */
  readonly delayMs?: number;
  /**
   * How many changes are kept while the database is away. Default 200,000. Beyond it changes of further keys are lost for the database,
   * until `rewrite` brings them back.
   */
  readonly maxChanges?: number;
  /** Asked before each transaction. False: somebody else owns these rows by now; what waits is dropped. Default: always true. */
  readonly mayWrite?: () => Promise<boolean>;
  /** Told of each failed write; the changes are kept and tried again. */
  readonly onError?: (error: PersistenceError) => void;
  /** Told of each transaction: its changes, how long it took, and whether the database took it. */
  readonly onWrite?: (write: { readonly changes: number; readonly durationMs: number; readonly ok: boolean }) => void;
  /** Puts everything that the memory holds once more. Called when the database is back after changes were lost. */
  readonly rewrite?: () => void;
}

const DEFAULT_MAX_CHANGES = 200_000;
const RETRY_DELAY_MS = 1_000;
/** Who waits for the database waits so much longer, and shares the write with all who come meanwhile. */
const STORE_TOGETHER_MS = 20;

/** A transaction has at most so many changes: one of a hundred thousand would hold its locks for seconds. */
const MAX_TRANSACTION_CHANGES = 5_000;

interface Change {
  readonly entity: EntitySchema;
  readonly key: string;
  /** Undefined to delete it. */
  readonly row: Row | undefined;
}

/**
 * Writes rows behind the memory that leads: the newest state of each key, many in one transaction.
 *
 * `put` and `remove` cost a map entry; nobody waits for the database. A failed write is tried again with whatever has changed since. What
 * waits is bounded: a database that stays away costs history, never the process.
 */
export class BulkWriter {
  /** By entity, by primary key. */
  private waiting = new Map<EntitySchema, Map<string, Row | undefined>>();
  private count = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private storing: Promise<void> | undefined;
  private failure: { readonly text: string; readonly sinceMs: number } | undefined;
  private lostCount = 0;
  /** What the memory holds is bounded by the memory: lost again, it would be written again for ever. */
  private isRewriting = false;
  private readonly traces = new WrittenTraces();

  constructor(
    private readonly source: DataSource,
    private readonly options: BulkWriterOptions = {},
  ) {}

  /** @param key the row's primary key; a later row or removal of the same key replaces this one */
  put(entity: EntitySchema, key: string, row: Row): void {
    this.change({ entity, key, row });
  }

  remove(entity: EntitySchema, key: string): void {
    this.change({ entity, key, row: undefined });
  }

  /** Writes what waits, now. @throws PersistenceError when the database does not take it; it stays waiting */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    // Another flush may have begun the next write by the time that the last one ends.
    while (this.writing !== undefined) await this.writing.catch(() => undefined);
    if (this.count === 0) return;
    this.writing = this.write();
    try {
      await this.writing;
    } finally {
      this.writing = undefined;
    }
  }

  /** When all that was given until now is in the database. @throws PersistenceError when it does not take it */
  stored(): Promise<void> {
    this.storing ??= sleep(STORE_TOGETHER_MS).then(() => {
      this.storing = undefined;
      return this.flush();
    });
    return this.storing;
  }

  /** The last write of a service that stops. Never fails: what the database does not take now is told, and gone. */
  async close(): Promise<void> {
    await this.flush().catch((error: PersistenceError) => this.options.onError?.(error));
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Changes that are not in the database yet. */
  get backlog(): number {
    return this.count;
  }

  /** Changes that found no room since the database went away. */
  get lost(): number {
    return this.lostCount;
  }

  /** For `/readyz`: true, or since when and why the database takes nothing, and what that means. */
  get state(): true | string {
    if (this.failure === undefined) return true;
    const seconds = Math.round((performance.now() - this.failure.sinceMs) / 1_000);
    const lost = this.lostCount === 0 ? '' : `, ${this.lostCount} found no room and are written again later`;
    return `not written for ${seconds} s (${this.failure.text}); ${this.count} changes wait${lost}`;
  }

  private change({ entity, key, row }: Change): void {
    let rows = this.waiting.get(entity);
    if (rows === undefined) this.waiting.set(entity, (rows = new Map()));
    if (!rows.has(key)) {
      if (!this.isRewriting && this.count >= (this.options.maxChanges ?? DEFAULT_MAX_CHANGES)) {
        this.lostCount++;
        return;
      }
      this.count++;
    }
    rows.set(key, row);
    this.traces.note();
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
    const all = [...this.waiting].flatMap(([entity, rows]) =>
      Array.from(rows, ([key, row]): Change => ({ entity, key, row })),
    );
    // Removals last: a row that moves to another table is never in neither.
    const batch = [...all.filter(({ row }) => row !== undefined), ...all.filter(({ row }) => row === undefined)];
    this.waiting = new Map();
    this.count = 0;
    const traces = this.traces.take();
    for (let start = 0; start < batch.length; start += MAX_TRANSACTION_CHANGES) {
      if ((await this.options.mayWrite?.()) === false) return;
      try {
        await this.writeTogether(batch.slice(start, start + MAX_TRANSACTION_CHANGES), traces);
      } catch (cause) {
        this.keep(batch.slice(start));
        this.traces.giveBack(traces);
        const text = textOf(cause);
        this.failure ??= { text, sinceMs: performance.now() };
        // Not the driver's error: it carries the statement with its values, and those may be a task's secrets.
        throw new PersistenceError('persistence/write-failed', `cannot write: ${text}`);
      }
    }
    this.failure = undefined;
    if (this.lostCount === 0) return;
    this.lostCount = 0;
    this.isRewriting = true;
    this.options.rewrite?.();
    this.isRewriting = false;
  }

  private async writeTogether(changes: readonly Change[], traces: readonly TraceContext[]): Promise<void> {
    const startMs = performance.now();
    const told = (ok: boolean): void =>
      this.options.onWrite?.({ changes: changes.length, durationMs: performance.now() - startMs, ok });
    const byEntity = Map.groupBy(changes, (change) => change.entity);
    try {
      await this.traces.inSpan(this.source, { traces, entities: byEntity.keys(), changes: changes.length }, () =>
        inTransaction(this.source, async (manager) => {
          for (const [entity, own] of byEntity) await this.writeOf(manager, entity, own);
        }),
      );
    } catch (error) {
      told(false);
      throw error;
    }
    told(true);
  }

  private async writeOf(manager: EntityManager, entity: EntitySchema, changes: readonly Change[]): Promise<void> {
    const metadata = this.source.getMetadata(entity.options.name);
    // In the order of their keys: two writers of one table then wait for each other instead of deadlocking.
    const ordered = changes.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const kept = ordered.flatMap(({ row }) => (row === undefined ? [] : [row]));
    const removed = ordered.filter(({ row }) => row === undefined).map(({ key }) => key);
    if (kept.length > 0) await bulkUpsert(manager, metadata, kept);
    if (removed.length > 0) await bulkDelete(manager, metadata, removed);
  }

  /** Puts changes back that could not be written, under whatever has changed since. */
  private keep(changes: readonly Change[]): void {
    const newer = this.waiting;
    this.waiting = new Map();
    for (const { entity, key, row } of changes) {
      const rows = this.waiting.get(entity) ?? new Map<string, Row | undefined>();
      this.waiting.set(entity, rows.set(key, row));
    }
    for (const [entity, rows] of newer) {
      this.waiting.set(entity, new Map([...(this.waiting.get(entity) ?? []), ...rows]));
    }
    this.count = [...this.waiting.values()].reduce((sum, rows) => sum + rows.size, 0);
  }
}

/** mysql2 says why it cannot connect in the parts of an AggregateError alone. */
function textOf(error: unknown): string {
  const inner = error instanceof Error && 'driverError' in error ? error.driverError : error;
  if (inner instanceof AggregateError) return inner.errors.map(textOf).join(', ');
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}
