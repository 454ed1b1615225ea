import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { CallView, Page } from '@tranche/contracts';
import { type ListQuery, ListRequest, LISTS, permitsOf, ProblemError, sightOf, unknown } from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import type { OffersContext } from '../offers-context.js';
import { StreamLog } from '../scheduler-api/stream-log.js';
import { OFFERS_CONTEXT } from '../tokens.js';
import { seesFramework } from './seen.js';

/** `GET /v1/frameworks/ID/calls`: what a framework has called and was sent of late. */
@Controller('v1/frameworks/:id/calls')
export class CallsController {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(StreamLog) private readonly log: StreamLog,
  ) {}

  /** Oldest first. @throws ProblemError 404 */
  @Get()
  calls(@Param('id') id: string, @Query() query: ListQuery, @Req() request: FastifyRequest): Page<CallView> {
    const list = new ListRequest(query, LISTS.calls);
    const { frameworks } = this.context.state;
    const framework = frameworks.get(id) ?? frameworks.completed(id);
    if (framework === undefined || !seesFramework(sightOf(permitsOf(request)), framework)) {
      throw new ProblemError(unknown('framework', `no framework ${id} is known`));
    }
    const entries = this.log
      .of(id)
      .filter(({ direction, type }) => list.passes('direction', direction) && list.passes('type', type))
      .map((entry) => ({ entry, rank: entry.number, key: entry.id }));
    return list.page(entries, this.log.newest, ({ number: _number, ...view }) => view);
  }
}
