import type { FrameworkRecord } from '@tranche/contracts';
import { compareSorted, type SortValue } from '@tranche/http';
import { uuidToBase64 } from '@tranche/mesos-api';
import { countRows, deleteInBatches, inDatabaseSpan, keyText, type PageRequest, readPage } from '@tranche/persistence';
import type { DataSource } from 'typeorm';
import type {
  CountRequest,
  History,
  HistoryRequest,
  PastOperation,
  PastTask,
  SortColumn,
  TaskHistoryRequest,
} from './history.port.js';
import {
  PastFrameworkSchema,
  type PastFrameworkRow,
  PastOperationSchema,
  type PastOperationRow,
  PastTaskSchema,
  type PastTaskRow,
} from './history.schema.js';
import { hashOf } from './past-rows.js';

/** Ids are used again by schedulers that number their tasks: the newest few are enough to tell them apart. */
const MAX_OF_ONE_ID = 10;

/** Rows that one question names. */
const MAX_KEYS = 1_000;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const ORDER = ['listRank', 'listKey'] as const;

/** The part of all frameworks whose history this one tells. */
export interface HistoryPart {
  readonly index: number;
  readonly count: number;
}

/** History in the database of the service. */
export class TypeormHistory implements History {
  private readonly remainder: { column: 'frameworkHash'; divisor: number; value: number } | undefined;

  constructor(
    private readonly source: DataSource,
    { index, count }: HistoryPart,
  ) {
    this.remainder = count === 1 ? undefined : { column: 'frameworkHash', divisor: count, value: index };
  }

  async tasks({ beginnings, ...request }: TaskHistoryRequest): Promise<readonly PastTask[]> {
    const common = { ...this.page(request), equal: cut(request.equal) };
    // Each of them by an index of its own.
    const parts: PageRequest<PastTaskRow>[] =
      beginnings === undefined
        ? [common]
        : beginningsIn(beginnings).map((beginning) => ({ ...common, beginnings: [beginning] }));
    const rows = await Promise.all(parts.map((part) => readPage(this.source, PastTaskSchema, part)));
    return rows.length === 1 ? (rows[0] ?? []) : pageOfParts(rows.flat(), request);
  }

  tasksWithId(taskId: string, frameworkId: string | undefined): Promise<readonly PastTask[]> {
    const equal = { taskId: [taskId], ...(frameworkId === undefined ? {} : { frameworkId: [frameworkId] }) };
    const request = { order: ORDER, equal, limit: MAX_OF_ONE_ID, remainder: this.remainder };
    return readPage(this.source, PastTaskSchema, request);
  }

  /** Those with a role are few among all, or most of them: rows are read until there are enough. */
  async frameworks(request: HistoryRequest<'name' | 'role'>): Promise<readonly FrameworkRecord[]> {
    const { role: roles, ...equal } = request.equal;
    const found: FrameworkRecord[] = [];
    let { after } = request;
    for (;;) {
      const page: PageRequest<PastFrameworkRow> = { ...this.page({ ...request, after }), equal: cut(equal) };
      const rows = await readPage(this.source, PastFrameworkSchema, page);
      const wanted = rows.filter(
        ({ record }) => roles === undefined || record.roles.some((role) => roles.includes(role)),
      );
      found.push(...wanted.map(({ record }) => record));
      const last = rows.at(-1);
      if (last === undefined || rows.length < request.limit || found.length >= request.limit) return found;
      const by = request.sort?.by;
      const value = by === undefined ? undefined : sortTextOf(last[by as keyof PastFrameworkRow]);
      after = { rank: last.listRank, key: last.listKey, value };
    }
  }

  async framework(frameworkId: string): Promise<FrameworkRecord | undefined> {
    const row = await inDatabaseSpan(this.source, 'SELECT', PastFrameworkSchema, () =>
      this.source.getRepository(PastFrameworkSchema).findOneBy({ id: frameworkId }),
    );
    return row?.record;
  }

  operations(
    request: HistoryRequest<'frameworkId' | 'agentId' | 'state' | 'type' | 'role'>,
  ): Promise<readonly PastOperation[]> {
    const page: PageRequest<PastOperationRow> = { ...this.page(request), equal: cut(request.equal) };
    return readPage(this.source, PastOperationSchema, page);
  }

  async operation(id: string): Promise<PastOperation | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await inDatabaseSpan(this.source, 'SELECT', PastOperationSchema, () =>
      this.source.getRepository(PastOperationSchema).findOneBy({ id: hashOf([uuidToBase64(id)]) }),
    );
    return row ?? undefined;
  }

  async count(request: CountRequest, present: readonly string[]): Promise<number> {
    if (request.of === 'frameworks') return this.countFrameworks(request, new Set(present));
    const { remainder } = this;
    const filter = { equal: cut(request.equal), remainder };
    const count = (more: { readonly id?: readonly string[] }): Promise<number> =>
      request.of === 'operations'
        ? countRows(this.source, PastOperationSchema, { ...filter, equal: { ...filter.equal, ...more } })
        : countRows(this.source, PastTaskSchema, {
            ...{ ...filter, equal: { ...filter.equal, ...more } },
            beginnings: request.beginnings && beginningsIn(request.beginnings),
          });
    let found = await count({});
    for (let i = 0; i < present.length; i += MAX_KEYS) found -= await count({ id: present.slice(i, i + MAX_KEYS) });
    return found;
  }

  /** Those with a role are told by their records only. */
  private async countFrameworks(
    request: HistoryRequest<'name' | 'role'>,
    present: ReadonlySet<string>,
  ): Promise<number> {
    let found = 0;
    for (let after: HistoryRequest<string>['after']; ; ) {
      const page = await this.frameworks({ equal: request.equal, limit: MAX_KEYS, after });
      found += page.filter(({ frameworkId }) => !present.has(frameworkId)).length;
      const last = page.at(-1);
      if (last === undefined || page.length < MAX_KEYS) return found;
      after = { rank: -last.registeredAtMs, key: last.frameworkId };
    }
  }

  async expire(beforeMs: number): Promise<number> {
    let deleted = 0;
    for (const schema of [PastTaskSchema, PastOperationSchema, PastFrameworkSchema]) {
      deleted += await deleteInBatches<{ endedAtMs: number }>(this.source, schema, 'endedAtMs', beforeMs);
    }
    return deleted;
  }

  private page({ after, limit, sort }: Pick<HistoryRequest<string>, 'after' | 'limit' | 'sort'>) {
    return {
      order: ORDER,
      sort: sort?.by as 'endedAtMs' | undefined,
      isBackwards: sort?.isBackwards ?? false,
      limit,
      remainder: this.remainder,
      after: after && { rank: after.rank, key: keyText(after.key), value: columnValue(after.value, sort?.by) },
    };
  }
}

/** The first rows of several questions' rows: as if it had been one question, whose last row the next page is asked behind. */
function pageOfParts(rows: readonly PastTaskRow[], { sort, limit }: TaskHistoryRequest): PastTaskRow[] {
  const by = sort?.by as keyof PastTaskRow & SortColumn;
  const placed = new Map(
    rows.map((row) => {
      const { listRank: rank, listKey: key } = row;
      return [row.id, { row, rank, key, ...(sort?.by === undefined ? {} : { value: row[by] }) }] as const;
    }),
  );
  const isBackwards = sort?.isBackwards ?? false;
  const sorted = placed.values().toArray();
  return sorted
    .toSorted((a, b) => compareSorted(a, b, isBackwards))
    .slice(0, limit)
    .map(({ row }) => row);
}

/** Times are numbers there. */
function columnValue(value: SortValue, column: SortColumn | undefined): string | number | undefined {
  if (column !== 'endedAtMs') return value;
  return Date.parse(String(value));
}

/** As lists have it. */
const sortTextOf = (value: unknown): string =>
  typeof value === 'number' ? new Date(value).toISOString() : String(value);

const beginningsIn = (texts: readonly string[]): { readonly column: 'name' | 'taskId'; readonly text: string }[] =>
  texts.flatMap((text) => (['name', 'taskId'] as const).map((column) => ({ column, text: keyText(text) })));

/** Columns hold so much of a text. */
function cut<F extends string>(
  equal: Readonly<Partial<Record<F, readonly string[]>>>,
): Readonly<Partial<Record<F, readonly string[]>>> {
  const entries = Object.entries<readonly string[] | undefined>(equal);
  return Object.fromEntries(entries.map(([column, texts]) => [column, texts?.map(keyText)])) as Partial<
    Record<F, readonly string[]>
  >;
}
