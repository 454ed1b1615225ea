import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { OperationView, Page } from '@tranche/contracts';
import { type ListQuery, ListRequest, LISTS, type Placed, ProblemError, unknown } from '@tranche/http';
import type { CountedChanges } from '../changes/counted.changes.js';
import { type History, SORT_COLUMNS } from '../history/history.port.js';
import { operationRowId } from '../history/past-rows.js';
import type { OffersContext } from '../offers-context.js';
import { CHANGE_COUNT, HISTORY, OFFERS_CONTEXT } from '../tokens.js';
import { operationView } from './operation-view.js';
import { isBehindHistory, ofHistory, pastRequest, together } from './past.js';

/** `/v1/operations`: what is to be done, what has ended, and what of that is not acknowledged. */
@Controller('v1/operations')
export class OperationsController {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(HISTORY) private readonly history: Pick<History, 'operations' | 'operation' | 'count'>,
    @Inject(CHANGE_COUNT) private readonly changes: CountedChanges,
  ) {}

  @Get()
  async operations(@Query() query: ListQuery): Promise<Page<OperationView>> {
    const list = new ListRequest(query, LISTS.operations);
    const { state } = this.context;
    const present = Array.from(state.operations.all(), ({ record }) => operationView(state, record))
      .filter((view) => list.passes('state', view.state) && list.passes('type', view.type))
      .filter(
        ({ frameworkId = '', agentId }) => list.passes('frameworkId', frameworkId) && list.passes('agentId', agentId),
      )
      .filter(({ role = '' }) => list.passes('role', role));
    const { past, count } = await this.past(list);
    const { entries, total } = together(present.map(placed), {
      past: past.map((row) => placed(operationView(state, row.record, row))),
      ...(list.isCounted ? { count } : {}),
    });
    return list.page(entries, this.changes.newest, (view) => view, total === undefined ? {} : { total });
  }

  @Get(':id')
  async operation(@Param('id') id: string): Promise<OperationView> {
    const { state } = this.context;
    for (const { record } of state.operations.all()) {
      const view = operationView(state, record);
      if (view.id === id) return view;
    }
    const past = await ofHistory(() => this.history.operation(id), WITHOUT_HISTORY);
    if (past !== undefined) return operationView(state, past.record, past);
    throw new ProblemError(unknown('operation', `no operation ${id} is kept`));
  }

  private past(list: ListRequest<typeof LISTS.operations.filters>) {
    const request = pastRequest(list, ['state', 'type', 'frameworkId', 'agentId', 'role'], SORT_COLUMNS.operations);
    return ofHistory(async () => {
      const [past, count] = await Promise.all([
        isBehindHistory(list) ? [] : this.history.operations(request),
        list.isCounted ? this.history.count({ of: 'operations', ...request }, this.presentRows()) : 0,
      ]);
      return { past, count };
    }, WITHOUT_HISTORY);
  }

  private presentRows(): string[] {
    return Array.from(this.context.state.operations.all(), ({ record }) => operationRowId(record));
  }
}

const WITHOUT_HISTORY = 'try again when the database is back';

const placed = (entry: OperationView): Placed<OperationView> => ({
  entry,
  rank: Date.parse(entry.acceptedAt),
  key: entry.id,
});
