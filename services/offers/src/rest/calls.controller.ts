import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { CallView, Page } from '@tranche/contracts';
import { type ListQuery, ListRequest, LISTS, ProblemError, unknown } from '@tranche/http';
import type { OffersContext } from '../offers-context.js';
import { StreamLog } from '../scheduler-api/stream-log.js';
import { OFFERS_CONTEXT } from '../tokens.js';

/** `GET /v1/frameworks/ID/calls`: what a framework has called and was sent of late. */
@Controller('v1/frameworks/:id/calls')
export class CallsController {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(StreamLog) private readonly log: StreamLog,
  ) {}

  /** Oldest first. @throws ProblemError 404 */
  @Get()
  calls(@Param('id') id: string, @Query() query: ListQuery): Page<CallView> {
    const list = new ListRequest(query, LISTS.calls);
    const { frameworks } = this.context.state;
    if ((frameworks.get(id) ?? frameworks.completed(id)) === undefined) {
      throw new ProblemError(unknown('framework', `no framework ${id} is known`));
    }
    const entries = this.log
      .of(id)
      .filter(({ direction, type }) => list.passes('direction', direction) && list.passes('type', type))
      .map((entry) => ({ entry, rank: entry.number, key: entry.id }));
    return list.page(entries, this.log.newest, ({ number: _number, ...view }) => view);
  }
}
