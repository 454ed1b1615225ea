import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { OperationView, Page } from '@tranche/contracts';
import {
  type ItemCount,
  type ListQuery,
  ListRequest,
  LISTS,
  permitsOf,
  type Place,
  type Placed,
  ProblemError,
  type Sight,
  sightOf,
  unknown,
} from '@tranche/http';
import type { CountedChanges } from '../changes/counted.changes.js';
import { type History, type PastOperation, SORT_COLUMNS } from '../history/history.port.js';
import { operationRowId } from '../history/past-rows.js';
import type { OffersContext } from '../offers-context.js';
import { CHANGE_COUNT, HISTORY, OFFERS_CONTEXT } from '../tokens.js';
import { operationView } from './operation-view.js';
import { isBehindHistory, ofHistory, pastRequest, together } from './past.js';
import { countSeen, readSeen, type SeenRows, seesOperation } from './seen.js';

/** `/v1/operations`: what is to be done, what has ended, and what of that is not acknowledged. */
@Controller('v1/operations')
export class OperationsController {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(HISTORY) private readonly history: Pick<History, 'operations' | 'operation' | 'count'>,
    @Inject(CHANGE_COUNT) private readonly changes: CountedChanges,
  ) {}

  @Get()
  async operations(@Query() query: ListQuery, @Req() request: FastifyRequest): Promise<Page<OperationView>> {
    const sight = sightOf(permitsOf(request));
    const list = new ListRequest(query, LISTS.operations);
    const { state } = this.context;
    const present = Array.from(state.operations.all())
      .filter(({ record }) => seesOperation(sight, state, record))
      .map(({ record }) => operationView(state, record))
      .filter((view) => list.passes('state', view.state) && list.passes('type', view.type))
      .filter(
        ({ frameworkId = '', agentId }) => list.passes('frameworkId', frameworkId) && list.passes('agentId', agentId),
      )
      .filter(({ role = '' }) => list.passes('role', role));
    const { past, count, upTo } = await this.past(list, sight);
    const { entries, total } = together(present.map(placed), {
      past: past.map((row) => placed(operationView(state, row.record, row))),
      ...(list.isCounted ? { count } : {}),
    });
    return list.page(entries, this.changes.newest, (view) => view, {
      upTo,
      ...(total === undefined ? {} : { total }),
    });
  }

  @Get(':id')
  async operation(@Param('id') id: string, @Req() request: FastifyRequest): Promise<OperationView> {
    const { state } = this.context;
    const sight = sightOf(permitsOf(request));
    for (const { record } of state.operations.all()) {
      if (!seesOperation(sight, state, record)) continue;
      const view = operationView(state, record);
      if (view.id === id) return view;
    }
    const past = await ofHistory(() => this.history.operation(id), WITHOUT_HISTORY);
    if (past !== undefined && seesOperation(sight, state, past.record)) return operationView(state, past.record, past);
    throw new ProblemError(unknown('operation', `no operation ${id} is kept`));
  }

  private past(list: ListRequest<typeof LISTS.operations.filters>, sight: Sight | undefined) {
    const request = pastRequest(list, ['state', 'type', 'frameworkId', 'agentId', 'role'], SORT_COLUMNS.operations);
    const { state } = this.context;
    const read = (window: typeof request) => this.history.operations(window);
    const sees = sight && (({ record }: PastOperation): boolean => seesOperation(sight, state, record));
    const placedRow = ({ record, ...names }: PastOperation) => placed(operationView(state, record, names));
    const placeOf = (row: PastOperation): Place => placeIn(list, placedRow(row));
    const counted = async (): Promise<ItemCount> => {
      if (!list.isCounted) return 0;
      const present = this.presentRows();
      if (sees === undefined) return this.history.count({ of: 'operations', ...request }, present);
      const known = new Set(present);
      const isCounted = (row: PastOperation): boolean => sees(row) && !known.has(operationRowId(row.record));
      return countSeen(read, request, isCounted, placedRow);
    };
    return ofHistory(async () => {
      const [{ rows: past, upTo }, count] = await Promise.all([
        isBehindHistory(list) ? NOTHING : readSeen(read, request, sees, placeOf),
        counted(),
      ]);
      return { past, count, upTo };
    }, WITHOUT_HISTORY);
  }

  private presentRows(): string[] {
    return Array.from(this.context.state.operations.all(), ({ record }) => operationRowId(record));
  }
}

const NOTHING: SeenRows<PastOperation> = { rows: [] };

const WITHOUT_HISTORY = 'try again when the database is back';

const placeIn = (
  { order }: ListRequest<typeof LISTS.operations.filters>,
  { entry, rank, key }: Placed<OperationView>,
) => ({
  ...{ rank, key },
  ...(order.field === undefined ? {} : { value: order.valueIn(entry) }),
});

const placed = (entry: OperationView): Placed<OperationView> => ({
  entry,
  rank: Date.parse(entry.acceptedAt),
  key: entry.id,
});
