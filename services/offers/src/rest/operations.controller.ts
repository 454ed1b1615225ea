import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { OperationView, Page } from '@tranche/contracts';
import { type ListQuery, ListRequest, LISTS, type Placed, ProblemError, unknown } from '@tranche/http';
import type { CountedChanges } from '../changes/counted.changes.js';
import type { History } from '../history/history.port.js';
import type { OffersContext } from '../offers-context.js';
import { CHANGE_COUNT, HISTORY, OFFERS_CONTEXT } from '../tokens.js';
import { operationView } from './operation-view.js';
import { ofHistory, pastRequest, together } from './past.js';

/** `/v1/operations`: what is to be done, what has ended, and what of that is not acknowledged. */
@Controller('v1/operations')
export class OperationsController {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(HISTORY) private readonly history: Pick<History, 'operations' | 'operation'>,
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
    const request = pastRequest(list, ['state', 'type', 'frameworkId', 'agentId', 'role']);
    const rows = await ofHistory(() => this.history.operations(request), WITHOUT_HISTORY);
    const past = rows.map((row) => operationView(state, row.record, row));
    return list.page(together(present.map(placed), past.map(placed)), this.changes.newest, (view) => view);
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
}

const WITHOUT_HISTORY = 'try again when the database is back';

const placed = (entry: OperationView): Placed<OperationView> => ({
  entry,
  rank: Date.parse(entry.acceptedAt),
  key: entry.id,
});
