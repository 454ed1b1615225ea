import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { permitsOf, principalOf, rawBody, sendRefusal, sightOf } from '@tranche/http';
import { encodeBody, httpError, messageTypes } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendPieces } from '../documents/send-pieces.js';
import { OPERATOR_SCENE } from '../tokens.js';
import { answerCall, type OperatorScene } from './answer-call.js';
import { EventStreams } from './event-streams.js';
import { readCall } from './read-call.js';
import { RenderedState } from './rendered-state.js';

/** `POST /api/v1`: the operator API. */
@Controller('api/v1')
export class OperatorApiController {
  constructor(
    @Inject(OPERATOR_SCENE) private readonly scene: OperatorScene,
    private readonly streams: EventStreams,
    private readonly state: RenderedState,
  ) {}

  @All()
  async call(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const read = readCall({
      method: request.method,
      contentType: request.headers['content-type'],
      accept: request.headers.accept,
      body: rawBody(request),
    });
    if (!read.ok) return sendRefusal(reply, httpError(read.refusal));
    const { call, mediaType } = read;
    const permits = permitsOf(request);
    if (call.type === 'SUBSCRIBE') {
      reply.hijack();
      reply.raw.writeHead(200, { 'Content-Type': mediaType });
      return this.streams.open(reply.raw, mediaType, sightOf(permits));
    }
    if (call.type === 'GET_STATE') {
      return sendPieces(request, reply, {
        pieces: await this.state.body(mediaType, sightOf(permits)),
        type: mediaType,
      });
    }
    const caller = { principal: principalOf(request), permits };
    const answer = await answerCall(call, this.scene, caller);
    switch (answer.kind) {
      case 'refused':
        return sendRefusal(reply, httpError(answer.refusal));
      case 'done':
        return void reply.code(200).header('content-length', '0').send();
      case 'accepted':
        return void reply.code(202).header('content-length', '0').send();
      case 'response': {
        const body = encodeBody(messageTypes.MasterResponse, mediaType, answer.response);
        void reply.code(200).header('content-type', mediaType).send(body);
      }
    }
  }
}
