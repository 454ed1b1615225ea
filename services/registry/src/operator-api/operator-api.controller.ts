import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { rawBody, sendRefusal } from '@tranche/http';
import { encodeBody, httpError, messageTypes } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClusterInfo } from '../cluster-info/cluster-info.js';
import { ChangeMaintenance } from '../maintenance/change-maintenance.js';
import { ReadMaintenance } from '../maintenance/read-maintenance.js';
import { ReadMetrics } from '../metrics/read-metrics.js';
import { ClusterModel } from '../model/cluster-model.js';
import { CLUSTER_INFO, OPERATOR_ORDERS, SAVED } from '../tokens.js';
import { onceSaved, type Saved } from '../draining/operator-order.js';
import { answerMaintenanceCall } from './maintenance-calls.js';
import { answerCall } from './operator-calls.js';
import type { OperatorOrders } from './operator-orders.js';
import { readCall } from './read-call.js';

/** `POST /api/v1`: the operator API. */
@Controller('api/v1')
export class OperatorApiController {
  constructor(
    @Inject(CLUSTER_INFO) private readonly info: ClusterInfo,
    private readonly metrics: ReadMetrics,
    private readonly model: ClusterModel,
    @Inject(OPERATOR_ORDERS) private readonly orders: OperatorOrders,
    private readonly maintenance: ReadMaintenance,
    private readonly changeMaintenance: ChangeMaintenance,
    @Inject(SAVED) private readonly saved: Saved,
  ) {}

  @All()
  async call(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
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
    const order = this.orders[type]?.(read.call);
    if (order !== undefined) {
      const outcome = await onceSaved(order, this.saved);
      if (outcome.ok) void reply.code(200).header('content-length', 0).send();
      else sendRefusal(reply, httpError(outcome.refusal));
      return;
    }
    const answer = await answerMaintenanceCall(read.call, this.maintenance, this.changeMaintenance);
    if (answer?.kind === 'refused') {
      sendRefusal(reply, httpError({ kind: 'bad-request', message: answer.message }));
      return;
    }
    if (answer?.kind === 'done') {
      void reply.code(200).header('content-length', '0').send();
      return;
    }
    const context = {
      info: this.info,
      metrics: () => this.metrics.read(),
      operations: () => this.model.operations.all(),
    };
    const response = answer?.response ?? answerCall(type, context);
    if (response === undefined) {
      const call = type === 'UNKNOWN' ? {} : { call: type };
      sendRefusal(reply, httpError({ kind: 'not-implemented', ...call }));
      return;
    }
    const body = encodeBody(messageTypes.MasterResponse, read.mediaType, response);
    void reply.code(200).header('content-type', read.mediaType).send(body);
  }
}
