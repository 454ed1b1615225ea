import { All, Controller, Req, Res } from '@nestjs/common';
import { sendJsonText, sendRefusal } from '@tranche/http';
import { arrayOf, httpError, jsonString, objectOf } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ContainerizerCalls } from '../containerizer/containerizer-calls.js';
import { ContainerList } from './container-list.js';

/** What the containers of the agent are and use. */
@Controller()
export class MonitorController {
  constructor(
    private readonly list: ContainerList,
    private readonly calls: ContainerizerCalls,
  ) {}

  /** `container_id`, or `framework_id` with or without `executor_id`; `show_nested=true` for those within others, too. */
  @All('containers')
  async containers(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
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
    };
    sendJsonText(reply, await this.list.containers(filter));
  }

  @All('monitor/statistics')
  async statistics(@Res() reply: FastifyReply): Promise<void> {
    sendJsonText(reply, await this.list.statistics());
  }

  /** What the containerizer has not finished. */
  @All('containerizer/debug')
  debug(@Res() reply: FastifyReply): void {
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
