import { createHash } from 'node:crypto';
import type { NotedChange, RequestStore, StoredAnswer } from '@tranche/http';
import type { DataSource, EntitySchema, FindOptionsWhere } from 'typeorm';
import { deleteInBatches } from '../delete-in-batches.js';
import { inDatabaseSpan } from '../database-span.js';
import { inTransaction } from '../transactions.js';
import type { RequestTables } from './request-tables.js';

/** As long a client may come back with its key. @source product §7 */
const KEEP_ANSWERS_MS = 24 * 3_600_000;

/** Who looked at a resource longer ago than that is told that it has changed, and not by whom. */
const KEEP_CHANGES_MS = 30 * 24 * 3_600_000;

/** Of each; beyond, the oldest go before their time. */
const MAX_ROWS = 100_000;

export interface RequestStoreTerms {
  /** Part of a service that answers for itself, and knows nothing of the answers of the others. */
  readonly partition?: number;
  readonly maxRows?: number;
}

/** What a service remembers of requests, in tables of its own. */
export class TypeormRequestStore implements RequestStore {
  private readonly partition: number;
  private readonly maxRows: number;

  constructor(
    private readonly source: DataSource,
    private readonly tables: RequestTables,
    { partition = 0, maxRows = MAX_ROWS }: RequestStoreTerms = {},
  ) {
    this.partition = partition;
    this.maxRows = maxRows;
  }

  async answer(key: string): Promise<StoredAnswer | undefined> {
    const row = await this.read(this.tables.answers, key);
    if (row === null) return undefined;
    const { id: _id, ...answer } = row;
    return answer;
  }

  keepAnswer(key: string, answer: StoredAnswer): Promise<void> {
    return this.put(this.tables.answers, { id: this.idOf(key), ...answer });
  }

  async change(resource: string): Promise<NotedChange | undefined> {
    const row = await this.read(this.tables.changes, resource);
    return row === null ? undefined : (row.change as NotedChange);
  }

  noteChange(resource: string, change: NotedChange): Promise<void> {
    return this.put(this.tables.changes, { id: this.idOf(resource), change, atMs: change.atMs });
  }

  async expire(nowMs: number): Promise<void> {
    await this.keepTo(this.tables.answers, nowMs - KEEP_ANSWERS_MS);
    await this.keepTo(this.tables.changes, nowMs - KEEP_CHANGES_MS);
  }

  private async keepTo<T extends { readonly atMs: number }>(table: EntitySchema<T>, beforeMs: number): Promise<void> {
    await deleteInBatches<{ atMs: number }>(this.source, table, 'atMs', beforeMs);
    const [first] = await this.source
      .getRepository(table)
      .createQueryBuilder('row')
      .orderBy('row.atMs', 'DESC')
      .offset(this.maxRows)
      .limit(1)
      .getMany();
    if (first === undefined) return;
    await deleteInBatches<{ atMs: number }>(this.source, table, 'atMs', first.atMs + 1);
  }

  private async put<T extends { readonly id: string; readonly atMs: number }>(
    table: EntitySchema<T>,
    row: T,
  ): Promise<void> {
    const whole = { ...row, atMs: Math.round(row.atMs) };
    await inDatabaseSpan(this.source, 'UPSERT', table, () =>
      inTransaction(this.source, (manager) => manager.getRepository(table).upsert(whole as never, ['id'])),
    );
  }

  private read<T extends { readonly id: string }>(table: EntitySchema<T>, name: string): Promise<T | null> {
    const where = { id: this.idOf(name) } as FindOptionsWhere<T>;
    return inDatabaseSpan(this.source, 'SELECT', table, () => this.source.getRepository(table).findOneBy(where));
  }

  private idOf(name: string): string {
    return createHash('sha256').update(`${this.partition} ${name}`).digest('hex');
  }
}
