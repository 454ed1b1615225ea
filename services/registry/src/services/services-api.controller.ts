import { Controller, Get, Header, Inject, Param, Query, Req } from '@nestjs/common';
import {
  type LogLineRecord,
  type LogLineView,
  type Page,
  type QueueView,
  type ReplicaSeen,
  ReplicaSeenV1,
  type ServiceView,
} from '@tranche/contracts';
import { demand, type ListQuery, ListRequest, LISTS, permitsOf, problem, ProblemError, unknown } from '@tranche/http';
import { Handles } from '@tranche/messaging';
import { METRICS_CONTENT_TYPE } from '@tranche/telemetry';
import type { FastifyRequest } from 'fastify';
import { QUEUE_DEPTHS } from '../tokens.js';
import { MeshServices } from './mesh-services.js';
import { ReplicasHeard } from './replicas-heard.js';

/** How much waits in queues, by name. @throws TransportError when the broker is away */
export type ReadDepths = (queues: readonly string[]) => Promise<readonly QueueView[]>;

/** `/v1/services`, `/v1/queues`: what the parts of the mesh say of themselves, asked for one by one, and what waits between them. */
@Controller('v1')
export class ServicesApiController {
  constructor(
    private readonly services: MeshServices,
    private readonly replicas: ReplicasHeard,
    @Inject(QUEUE_DEPTHS) private readonly depths: ReadDepths,
  ) {}

  @Handles(ReplicaSeenV1)
  replicasSeen(items: ReplicaSeen[]): void {
    this.replicas.heard(items);
  }

  @Get('services')
  async list(@Query() query: ListQuery): Promise<Page<ServiceView>> {
    const list = new ListRequest(query, LISTS.services);
    const isNamed = list.wanted('service') !== undefined;
    const found = await this.services.list(
      (service) => list.passes('service', service),
      isNamed && list.passes('service', 'agent'),
    );
    const shown = found.filter(
      ({ id, role = '', ready }) =>
        list.passes('id', id) && list.passes('role', role) && list.passes('ready', String(ready)),
    );
    return list.page(
      shown.map((entry) => ({ entry, rank: 0, key: entry.id })),
      0,
      (view) => view,
    );
  }

  /** @throws ProblemError 404 */
  @Get('services/:id')
  async one(@Param('id') id: string): Promise<ServiceView> {
    return (await this.services.one(id)) ?? refuse(id);
  }

  /** @throws ProblemError 404, 503 */
  @Get('services/:id/metrics')
  @Header('content-type', METRICS_CONTENT_TYPE.text)
  async metrics(@Param('id') id: string): Promise<string> {
    return (await this.services.metrics(id)) ?? refuse(id);
  }

  /** For who may read the log of the cluster. @throws ProblemError 403, 404, 503 */
  @Get('services/:id/logs')
  async logs(
    @Param('id') id: string,
    @Query() query: ListQuery,
    @Req() request: FastifyRequest,
  ): Promise<Page<LogLineView>> {
    demand(permitsOf(request), ['access_mesos_logs']);
    const list = new ListRequest(query, LISTS.logs);
    const lines = (await this.services.log(id)) ?? refuse(id);
    const shown = lines.filter(
      ({ level, traceId = '' }) => list.passes('level', level) && list.passes('traceId', traceId),
    );
    return list.page(
      shown.map((entry) => ({ entry, rank: entry.number, key: String(entry.number) })),
      lines.at(-1)?.number ?? 0,
      viewOf,
    );
  }

  /** @throws ProblemError 503 */
  @Get('queues')
  async queues(@Query() query: ListQuery): Promise<Page<QueueView>> {
    const list = new ListRequest(query, LISTS.queues);
    const found = await this.depths(this.services.queues()).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      throw new ProblemError(problem(503, 'service.away', 'Broker away', detail, { retryAfterSeconds: 5 }));
    });
    return list.page(
      found.filter(({ name }) => list.passes('name', name)).map((entry) => ({ entry, rank: 0, key: entry.name })),
      0,
      (view) => view,
    );
  }
}

const viewOf = ({ number, timeMs, level, message, traceId, fields }: LogLineRecord): LogLineView => ({
  ...{ number, time: new Date(timeMs).toISOString(), level, msg: message },
  ...(traceId === undefined ? {} : { traceId }),
  fields: JSON.parse(fields) as LogLineView['fields'],
});

function refuse(id: string): never {
  throw new ProblemError(unknown('service', `no service, partition, replica or agent has the id ${id}`));
}
