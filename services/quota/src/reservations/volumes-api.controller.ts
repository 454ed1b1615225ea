import { Controller, Delete, Get, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { AgentOperationView, Page, VolumeView } from '@tranche/contracts';
import {
  demand,
  Flag,
  jsonBody,
  type ListQuery,
  ListRequest,
  LISTS,
  type Permits,
  permitsOf,
  problem,
  ProblemError,
  unknown,
} from '@tranche/http';
import type { OfferOperation } from '@tranche/mesos-api';
import { formatMilli } from '@tranche/resources';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentOperations } from './agent-operations.port.js';
import { AgentResources } from './agent-resources.js';
import { carryOut } from './carry-out.js';
import {
  createOperation,
  destroyOperation,
  diskOf,
  resizeOperation,
  roomFor,
  VolumeBody,
  VolumePatch,
} from './operation-request.js';
import { type Reservation, reservationsOf, roleOf, type Volume, volumesOf, volumeView } from './reservation.js';
import { AGENT_OPERATIONS } from './tokens.js';

/** `/v1/volumes`: persistent volumes of agents. */
@Controller('v1/volumes')
export class VolumesApiController {
  constructor(
    private readonly agents: AgentResources,
    @Inject(AGENT_OPERATIONS) private readonly operations: AgentOperations,
  ) {}

  /** By agent, in the order of admission. */
  @Get()
  list(@Query() query: ListQuery, @Req() request: FastifyRequest): Page<VolumeView> {
    const permits = permitsOf(request);
    const list = new ListRequest(query, LISTS.volumes);
    const entries = this.all().map((volume) => ({
      entry: volumeView(volume),
      rank: volume.reservation.agent.registeredAtMs,
      key: `${volume.reservation.agent.agentId}/${volume.id}`,
    }));
    const wanted = entries.filter(
      ({ entry }) =>
        permits.may('view_roles', entry.role) &&
        list.passes('agentId', entry.agentId) &&
        list.passes('role', entry.role) &&
        list.passes('persistenceId', entry.persistenceId) &&
        list.passes('reservationId', entry.reservationId),
    );
    return list.page(wanted, this.agents.revision, (view) => view);
  }

  /** @throws ProblemError 404 */
  @Get(':id')
  one(@Param('id') id: string, @Req() request: FastifyRequest): VolumeView {
    return volumeView(this.known(id, permitsOf(request)));
  }

  /** Makes one of disk that is reserved to its role. @throws ProblemError 400, 403, 404, 409, 422, 503 */
  @Post()
  create(
    @Flag('dryRun') isTrial: boolean,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgentOperationView> {
    const body = jsonBody(request, VolumeBody);
    const agent = this.agents.get(body.agentId);
    if (agent === undefined) throw new ProblemError(unknown('agent', `no agent has the id ${body.agentId}`));
    const reservations = reservationsOf(agent);
    const room = roomFor(body, reservations);
    if (room === undefined) throw new ProblemError(noRoom(body, reservations));
    void reply.code(200);
    const asked = { agentId: body.agentId, info: createOperation(body, room), isTrial };
    return carryOut(this.operations, asked, reply);
  }

  /** Grows or shrinks it. @throws ProblemError 400, 403, 404, 409, 422, 503 */
  @Patch(':id')
  async resize(
    @Param('id') id: string,
    @Flag('dryRun') isTrial: boolean,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgentOperationView> {
    const { diskBytes } = jsonBody(request, VolumePatch);
    const volume = this.known(id, permitsOf(reply.request));
    const info = resizeOperation(volume, diskBytes);
    if (info !== undefined) return this.change(volume, info, isTrial, reply);
    // It has that size: nothing to be done is asked for like anything else.
    demand(permitsOf(request), ['resize_volumes', roleOf(volume.reservation)]);
    return { agentId: volume.reservation.agent.agentId, consumed: '', converted: '' };
  }

  /** Destroys it with all that is in it. @throws ProblemError 403, 404, 409, 422, 503 */
  @Delete(':id')
  remove(
    @Param('id') id: string,
    @Flag('dryRun') isTrial: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgentOperationView> {
    const volume = this.known(id, permitsOf(reply.request));
    return this.change(volume, destroyOperation(volume), isTrial, reply);
  }

  private change(
    { reservation }: Volume,
    info: OfferOperation,
    isTrial: boolean,
    reply: FastifyReply,
  ): Promise<AgentOperationView> {
    const { agentId } = reservation.agent;
    return carryOut(this.operations, { agentId, info, isTrial }, reply);
  }

  private all(): Volume[] {
    return this.agents.all().flatMap(reservationsOf).flatMap(volumesOf);
  }

  /** What a caller may not see is not there for it. */
  private known(id: string, permits: Permits): Volume {
    const found = this.all().find((volume) => volume.id === id);
    if (found !== undefined && permits.may('view_roles', roleOf(found.reservation))) return found;
    throw new ProblemError(unknown('volume', `no volume has the id ${id}`));
  }
}

function noRoom(
  { agentId, role, diskBytes }: { readonly agentId: string; readonly role: string; readonly diskBytes: number },
  reservations: readonly Reservation[],
) {
  const largest = Math.max(
    0,
    ...reservations.filter((one) => one.reservations.at(-1)?.role === role).map((one) => diskOf(one)),
  );
  const detail = `role ${role} has ${formatMilli(largest)} MB of reserved disk left on agent ${agentId}, ${diskBytes / (1 << 20)} MB are asked for`;
  // In whole MiB, as reservations are counted.
  const lackingMib = Math.ceil(diskBytes / (1 << 20) - largest / 1000);
  const hints = [`tranche reservation add ${agentId} ${role} disk=${lackingMib}m`];
  return problem(409, 'volume.no_reserved_disk', 'Not enough reserved disk', detail, { hints });
}
