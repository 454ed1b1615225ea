import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import type { AllocationEngine, Holding, ShareEntry } from '@tranche/allocation';
import type { AllocationView, Page, ShareView } from '@tranche/contracts';
import { type ListQuery, ListRequest, LISTS, permitsOf } from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import { ALLOCATION_ENGINE } from '../tokens.js';

/** What is held by whom, and who is next. `asOf` counts allocation runs. */
@Controller('v1')
export class AllocationsApiController {
  constructor(@Inject(ALLOCATION_ENGINE) private readonly engine: AllocationEngine) {}

  /** By agent, role and framework. `?frameworkId=`, `?role=` and `?agentId=` keep those of any of the given values. */
  @Get('allocations')
  allocations(@Query() query: ListQuery, @Req() request: FastifyRequest): Page<AllocationView> {
    const permits = permitsOf(request);
    const list = new ListRequest(query, LISTS.allocations);
    const { view } = this.engine;
    const entries = Array.from(view.holdings())
      .filter(
        (holding) =>
          permits.may('view_roles', holding.role) &&
          list.passes('frameworkId', holding.frameworkId) &&
          list.passes('role', holding.role) &&
          list.passes('agentId', holding.agentId),
      )
      .map((entry) => ({ entry, rank: 0, key: [entry.agentId, entry.role, entry.frameworkId].join(' ') }));
    return list.page(entries, view.runs, allocationView);
  }

  /** In the order in which the next resources would be given. `?role=` keeps those of any of the given roles. */
  @Get('shares')
  shares(@Query() query: ListQuery, @Req() request: FastifyRequest): Page<ShareView> {
    const permits = permitsOf(request);
    const list = new ListRequest(query, LISTS.shares);
    const { view } = this.engine;
    const entries = view
      .shares()
      .map((entry, rank) => ({ entry, rank, key: [entry.role, entry.frameworkId ?? ''].join(' ') }))
      .filter(({ entry }) => permits.may('view_roles', entry.role) && list.passes('role', entry.role));
    return list.page(entries, view.runs, shareView);
  }
}

function allocationView({ frameworkId, role, agentId, resources }: Holding): AllocationView {
  return { frameworkId, role, agentId, resources: resources.quantities().toNumbers() };
}

const shareView = ({ share, ...entry }: ShareEntry): ShareView => ({
  ...entry,
  ...(share === undefined ? {} : { share }),
});
