import { Controller, Delete, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { AgentOperationView, Page, ReservationView } from '@tranche/contracts';
import {
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
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentOperations } from './agent-operations.port.js';
import { AgentResources } from './agent-resources.js';
import { carryOut } from './carry-out.js';
import { ReservationBody, reserveOperation, unreserveOperation } from './operation-request.js';
import { plainPart, type Reservation, reservationsOf, roleOf, reservationView, volumesOf } from './reservation.js';
import { AGENT_OPERATIONS } from './tokens.js';

/** `/v1/reservations`: what of agents is reserved, and for whom. */
@Controller('v1/reservations')
export class ReservationsApiController {
  constructor(
    private readonly agents: AgentResources,
    @Inject(AGENT_OPERATIONS) private readonly operations: AgentOperations,
  ) {}

  /** By agent, in the order of admission. */
  @Get()
  list(@Query() query: ListQuery, @Req() request: FastifyRequest): Page<ReservationView> {
    const permits = permitsOf(request);
    const list = new ListRequest(query, LISTS.reservations);
    const entries = this.agents.all().flatMap((agent) =>
      reservationsOf(agent).map((reservation) => ({
        entry: reservationView(reservation),
        rank: agent.registeredAtMs,
        key: `${agent.agentId}/${reservation.id}`,
      })),
    );
    const wanted = entries.filter(
      ({ entry }) =>
        permits.may('view_roles', entry.role) &&
        list.passes('agentId', entry.agentId) &&
        list.passes('role', entry.role) &&
        list.passes('kind', entry.kind) &&
        list.passes('principal', entry.principal ?? '') &&
        list.selects('label', (key) => entry.labels[key]),
    );
    return list.page(wanted, this.agents.revision, (view) => view);
  }

  /** @throws ProblemError 404 */
  @Get(':id')
  one(@Param('id') id: string, @Req() request: FastifyRequest): ReservationView {
    return reservationView(this.known(id, permitsOf(request)));
  }

  /** Reserves what is free on an agent. @throws ProblemError 400, 403, 404, 409, 422, 503 */
  @Post()
  add(
    @Flag('dryRun') isTrial: boolean,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgentOperationView> {
    const body = jsonBody(request, ReservationBody);
    const asked = { agentId: body.agentId, info: reserveOperation(body), isTrial };
    void reply.code(200);
    return carryOut(this.operations, asked, reply);
  }

  /** Takes all of it back; volumes have to be destroyed before. @throws ProblemError 403, 404, 409, 422, 503 */
  @Delete(':id')
  remove(
    @Param('id') id: string,
    @Flag('dryRun') isTrial: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgentOperationView> {
    const reservation = this.known(id, permitsOf(reply.request));
    const volumes = volumesOf(reservation);
    if (volumes.length > 0 && plainPart(reservation).isEmpty) {
      const detail = `reservation ${id} consists of volumes: ${volumes.map((volume) => volume.id).join(', ')}`;
      const hints = volumes.map((volume) => `tranche volume rm ${volume.id}`);
      throw new ProblemError(problem(409, 'reservation.has_volumes', 'Volumes are in it', detail, { hints }));
    }
    const { agentId } = reservation.agent;
    return carryOut(this.operations, { agentId, info: unreserveOperation(reservation), isTrial }, reply);
  }

  /** What a caller may not see is not there for it. */
  private known(id: string, permits: Permits): Reservation {
    for (const agent of this.agents.all()) {
      const found = reservationsOf(agent).find((reservation) => reservation.id === id);
      if (found !== undefined && permits.may('view_roles', roleOf(found))) return found;
    }
    throw new ProblemError(unknown('reservation', `no reservation has the id ${id}`));
  }
}
