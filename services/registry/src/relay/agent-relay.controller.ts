import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AgentRelay } from './agent-relay.js';
import { clientSignal, sendAnswer } from './send-answer.js';

/** What can be read of an agent through the registry, under the agent's own paths. */
const RELAYED = ['files/browse', 'files/read', 'files/download', 'state', 'containers', 'monitor/statistics'];

/** `/v1/agents/ID` and the path at the agent. */
const URL_PARTS = /^\/v1\/agents\/[^/]+(\/.*)$/s;

/** `GET /v1/agents/ID/files/…`, `/state`, `/containers`: the agent's own answer, so that no agent needs to be reachable for clients. */
@Controller('v1/agents/:agentId')
export class AgentRelayController {
  constructor(private readonly relay: AgentRelay) {}

  @Get(RELAYED)
  async read(
    @Param('agentId') agentId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const target = URL_PARTS.exec(request.url)?.[1] ?? '/';
    await sendAnswer(await this.relay.get(agentId, target, clientSignal(reply)), reply);
  }
}
