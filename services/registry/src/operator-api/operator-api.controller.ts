import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { rawBody, sendRefusal } from '@tranche/http';
import { encodeBody, httpError, messageTypes } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClusterInfo } from '../cluster-info/cluster-info.js';
import { ReadMetrics } from '../metrics/read-metrics.js';
import { CLUSTER_INFO } from '../tokens.js';
import { answerCall } from './operator-calls.js';
import { readCall } from './read-call.js';

/** `POST /api/v1`: the operator API. */
@Controller('api/v1')
export class OperatorApiController {
  constructor(
    @Inject(CLUSTER_INFO) private readonly info: ClusterInfo,
    private readonly metrics: ReadMetrics,
  ) {}

  @All()
  call(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const read = readCall({
      method: request.method,
      contentType: request.headers['content-type'],
      accept: request.headers.accept,
      body: rawBody(request),
    });
    if (!read.ok) {
      sendRefusal(reply, httpError(read.refusal));
      return;
    }
    const { type } = read.call;
    const response = answerCall(type, { info: this.info, metrics: () => this.metrics.read() });
    if (response === undefined) {
      const call = type === 'UNKNOWN' ? {} : { call: type };
      sendRefusal(reply, httpError({ kind: 'not-implemented', ...call }));
      return;
    }
    const body = encodeBody(messageTypes.MasterResponse, read.mediaType, response);
    void reply.code(200).header('content-type', read.mediaType).send(body);
  }
}
