import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { rawBody } from '@tranche/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AgentRelay } from './agent-relay.js';
import { clientSignal, sendAnswer } from './send-answer.js';

/** What can be read of an agent through the registry, under the agent's own paths. */
const RELAYED = ['files/browse', 'files/read', 'files/download', 'state', 'monitor/statistics'];

/** An agent measures all its containers for it. */
const CONTAINERS_TIMEOUT_MS = 30_000;

/** `/v1/agents/ID` and the path at the agent. */
const URL_PARTS = /^\/v1\/agents\/[^/]+(\/.*)$/s;

/** `GET /v1/agents/ID/files/…`, `/state`, and its `/v1/containers` and `/v1/images` as `/containers` and `/images`: the agent's own answer, so that no agent needs to be reachable for clients. */
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
    await sendAnswer(await this.relay.for(request).get(agentId, target, clientSignal(reply)), reply);
  }

  /** The agent's answer, refusals too; read as a whole, so that it can be followed like any other list. */
  @Get(['containers', 'containers/:containerId', 'images'])
  async lists(
    @Param('agentId') agentId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const target = `/v1${URL_PARTS.exec(request.url)?.[1] ?? '/'}`;
    const signal = AbortSignal.timeout(CONTAINERS_TIMEOUT_MS);
    const answer = await this.relay.for(request).asking(agentId, (http, agent) => http.get(agent, target, signal));
    const { status, headers, body } = answer;
    void reply.code(status).header('content-type', headers['content-type'] ?? 'application/json');
    return json(body);
  }

  /** `POST /v1/agents/ID/api/v1`: a call to the agent's own API, streamed both ways; the answer is the agent's, refusals too. */
  @Post('api/v1')
  async call(
    @Param('agentId') agentId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const signal = clientSignal(reply);
    const sent = { headers: headersOf(request), body: bodyOf(request) };
    const answer = await this.relay
      .for(request)
      .asking(agentId, (http, agent) => http.post(agent, '/api/v1', sent, signal));
    await sendAnswer(answer, reply);
  }
}

/** What says how to read the call and how to write its answer. */
const CALL_HEADERS = ['content-type', 'accept', 'message-content-type', 'message-accept'] as const;

function headersOf({ headers }: FastifyRequest): Record<string, string> {
  const passed = CALL_HEADERS.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(passed.filter((pair): pair is [(typeof pair)[0], string] => typeof pair[1] === 'string'));
}

/** A stream of records as it comes; any other body as a whole. */
const bodyOf = (request: FastifyRequest): Buffer | Readable =>
  request.body instanceof Readable ? request.body : rawBody(request);
