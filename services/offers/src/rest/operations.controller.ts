import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { OperationView, Page } from '@tranche/contracts';
import { ANY_TEXT, type ListQuery, ListRequest, ProblemError, unknown } from '@tranche/http';
import type { CountedChanges } from '../changes/counted.changes.js';
import type { OffersContext } from '../offers-context.js';
import { CHANGE_COUNT, OFFERS_CONTEXT } from '../tokens.js';
import { operationView } from './operation-view.js';

/** `/v1/operations`: what is to be done, and what has ended and is not acknowledged. */
@Controller('v1/operations')
export class OperationsController {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(CHANGE_COUNT) private readonly changes: CountedChanges,
  ) {}

  @Get()
  operations(@Query() query: ListQuery): Page<OperationView> {
    const list = new ListRequest(query, {
      state: ANY_TEXT,
      type: ANY_TEXT,
      frameworkId: ANY_TEXT,
      agentId: ANY_TEXT,
      role: ANY_TEXT,
    });
    const { state } = this.context;
    const entries = Array.from(state.operations.all(), ({ record }) => operationView(state, record))
      .filter((view) => list.passes('state', view.state) && list.passes('type', view.type))
      .filter(
        ({ frameworkId = '', agentId }) => list.passes('frameworkId', frameworkId) && list.passes('agentId', agentId),
      )
      .filter(({ role = '' }) => list.passes('role', role))
      .map((entry) => ({ entry, rank: Date.parse(entry.acceptedAt), key: entry.id }));
    return list.page(entries, this.changes.newest, (view) => view);
  }

  @Get(':id')
  operation(@Param('id') id: string): OperationView {
    const { state } = this.context;
    for (const { record } of state.operations.all()) {
      const view = operationView(state, record);
      if (view.id === id) return view;
    }
    throw new ProblemError(unknown('operation', `no operation ${id} is kept`));
  }
}
