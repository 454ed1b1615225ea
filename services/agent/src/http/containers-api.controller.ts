import { Controller, Get, Param, Query } from '@nestjs/common';
import type { ContainerView, Page } from '@tranche/contracts';
import { type ListQuery, ListRequest, LISTS, ProblemError, unknown } from '@tranche/http';
import { ApiContainerList } from './api-container-list.js';
import { ContainerList } from './container-list.js';

/** `/v1/containers`: what runs on the agent now, whoever has launched it. */
@Controller('v1/containers')
export class ContainersApiController {
  constructor(
    private readonly ofTasks: ContainerList,
    private readonly ofApi: ApiContainerList,
  ) {}

  @Get()
  async list(@Query() query: ListQuery): Promise<Page<ContainerView>> {
    const list = new ListRequest(query, LISTS.containers);
    const views = (await this.views()).filter(
      ({ frameworkId = '', executorId = '', parentId = '' }) =>
        list.passes('frameworkId', frameworkId) &&
        list.passes('executorId', executorId) &&
        list.passes('parentId', parentId),
    );
    // They are measured for each answer: the newest change is the last measurement.
    const asOf = Math.max(0, ...views.map(({ usage }) => (usage === undefined ? 0 : Date.parse(usage.measuredAt))));
    const entries = views.map((entry) => ({ entry, rank: 0, key: entry.id }));
    return list.page(entries, asOf, (view) => view);
  }

  /** @throws ProblemError 404 */
  @Get(':id')
  async one(@Param('id') id: string): Promise<ContainerView> {
    const found = (await this.views()).find((view) => view.id === id);
    if (found !== undefined) return found;
    throw new ProblemError(unknown('container', `no container with the id ${id} runs on this agent`));
  }

  private async views(): Promise<ContainerView[]> {
    return (await Promise.all([this.ofTasks.views(), this.ofApi.views()])).flat();
  }
}
