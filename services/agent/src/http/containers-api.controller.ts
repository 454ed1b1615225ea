import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { ContainerView, Page } from '@tranche/contracts';
import { type ListQuery, ListRequest, LISTS, newestMs, permitsOf, ProblemError, unknown } from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import { ApiContainerList } from './api-container-list.js';
import { ContainerList } from './container-list.js';
import { ContainerUsers } from './container-users.js';
import { containerIsSeen } from './file-access.js';

/** `/v1/containers`: what runs on the agent now, whoever has launched it. */
@Controller('v1/containers')
export class ContainersApiController {
  constructor(
    private readonly ofTasks: ContainerList,
    private readonly ofApi: ApiContainerList,
    private readonly users: ContainerUsers,
  ) {}

  @Get()
  async list(@Query() query: ListQuery, @Req() request: FastifyRequest): Promise<Page<ContainerView>> {
    const list = new ListRequest(query, LISTS.containers);
    const views = (await this.views(request)).filter(
      ({ id, frameworkId = '', executorId = '', parentId = '', taskId = '' }) =>
        list.passes('id', id) &&
        list.passes('taskId', taskId) &&
        list.passes('frameworkId', frameworkId) &&
        list.passes('executorId', executorId) &&
        list.passes('parentId', parentId),
    );
    // They are measured for each answer: the newest change is the last measurement.
    const asOf = newestMs(views, ({ usage }) => usage?.measuredAt);
    const entries = views.map((entry) => ({ entry, rank: 0, key: entry.id }));
    return list.page(entries, asOf, (view) => view);
  }

  /** @throws ProblemError 404 */
  @Get(':id')
  async one(@Param('id') id: string, @Req() request: FastifyRequest): Promise<ContainerView> {
    const found = (await this.views(request)).find((view) => view.id === id);
    if (found !== undefined) return found;
    throw new ProblemError(unknown('container', `no container with the id ${id} runs on this agent`));
  }

  /** Those that the caller may see. */
  private async views(request: FastifyRequest): Promise<ContainerView[]> {
    const permits = permitsOf(request);
    const all = (await Promise.all([this.ofTasks.views(), this.ofApi.views()])).flat();
    if (permits.isOpen) return all;
    return all.filter(({ id: value, parentId }) => {
      const id = parentId === undefined ? { value } : { value, parent: { value: parentId } };
      return containerIsSeen(permits, this.users.of(id));
    });
  }
}
