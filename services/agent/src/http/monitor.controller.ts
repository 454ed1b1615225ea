import { All, Controller, Req, Res } from '@nestjs/common';
import { permitsOf, sendJsonText, sendRefusal } from '@tranche/http';
import { arrayOf, httpError, jsonString, objectOf } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ContainerizerCalls } from '../containerizer/containerizer-calls.js';
import { type ContainerFilter, ContainerList } from './container-list.js';
import { ContainerUsers } from './container-users.js';
import { containerIsSeen } from './file-access.js';
import { mayGet } from './guard-endpoint.js';

/** What the containers of the agent are and use. */
@Controller()
export class MonitorController {
  constructor(
    private readonly list: ContainerList,
    private readonly calls: ContainerizerCalls,
    private readonly users: ContainerUsers,
  ) {}

  /** `container_id`, or `framework_id` with or without `executor_id`; `show_nested=true` for those within others, too. */
  @All('containers')
  async containers(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!mayGet(request, reply, ['get_endpoints', '/containers'])) return;
    const { container_id, framework_id, executor_id, show_nested } = request.query as Record<
      string,
      string | undefined
    >;
    const fault = faultOf(container_id, framework_id, executor_id);
    if (fault !== undefined) {
      sendRefusal(reply, httpError({ kind: 'bad-request', message: fault }));
      return;
    }
    const filter = {
      ...(container_id === undefined ? {} : { containerId: container_id }),
      ...(framework_id === undefined ? {} : { frameworkId: framework_id }),
      ...(executor_id === undefined ? {} : { executorId: executor_id }),
      showsNested: show_nested === 'true',
      ...this.seenBy(request),
    };
    sendJsonText(reply, await this.list.containers(filter));
  }

  @All('monitor/statistics')
  async statistics(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!mayGet(request, reply, ['get_endpoints', '/monitor/statistics'])) return;
    sendJsonText(reply, await this.list.statistics(this.seenBy(request)));
  }

  /** For who may not see every container. */
  private seenBy(request: FastifyRequest): Pick<ContainerFilter, 'sees'> {
    const permits = permitsOf(request);
    if (permits.isOpen) return {};
    return { sees: (containerId) => containerIsSeen(permits, this.users.ofContainer(containerId)) };
  }

  /** What the containerizer has not finished. */
  @All('containerizer/debug')
  debug(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!mayGet(request, reply, ['get_endpoints', '/containerizer/debug'])) return;
    const pending = this.calls.pending.map(({ operation, containerId }) =>
      objectOf([
        ['operation', jsonString(operation)],
        ['args', objectOf([['containerId', jsonString(containerId)]])],
      ]),
    );
    sendJsonText(reply, objectOf([['pending', arrayOf(pending)]]));
  }
}

function faultOf(container?: string, framework?: string, executor?: string): string | undefined {
  if (container !== undefined && (framework !== undefined || executor !== undefined)) {
    return "'container_id' cannot be combined with 'framework_id' or 'executor_id'";
  }
  if (executor !== undefined && framework === undefined) return "'executor_id' needs 'framework_id'";
  return undefined;
}
