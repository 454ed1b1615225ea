import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { OperatorCallV1, queueOf } from '@tranche/contracts';
import { problem, ProblemError, rawBody, sendRefusal } from '@tranche/http';
import { MessageBus } from '@tranche/messaging';
import {
  encodeBody,
  httpError,
  type MasterCall,
  type MasterCallType,
  type MediaType,
  messageTypes,
} from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClusterInfo } from '../cluster-info/cluster-info.js';
import { ChangeMaintenance } from '../maintenance/change-maintenance.js';
import { ReadMaintenance } from '../maintenance/read-maintenance.js';
import { ReadMetrics } from '../metrics/read-metrics.js';
import { ClusterModel } from '../model/cluster-model.js';
import { CLUSTER_INFO, OPERATOR_ORDERS, SAVED } from '../tokens.js';
import { onceSaved, type Saved } from '../draining/operator-order.js';
import { AgentOperations, operationOf } from './agent-operations.js';
import { EventStreams } from './event-streams.js';
import { answerMaintenanceCall } from './maintenance-calls.js';
import { answerCall } from './operator-calls.js';
import type { OperatorOrders } from './operator-orders.js';
import { readCall } from './read-call.js';

/** What `quota` answers. */
const ROLE_CALLS: ReadonlySet<MasterCallType> = new Set([
  ...(['GET_ROLES', 'GET_WEIGHTS', 'UPDATE_WEIGHTS'] as const),
  ...(['GET_QUOTA', 'UPDATE_QUOTA', 'SET_QUOTA', 'REMOVE_QUOTA'] as const),
]);

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
    private readonly bus: MessageBus,
    private readonly streams: EventStreams,
    private readonly operations: AgentOperations,
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
    const operation = operationOf(read.call);
    if (operation !== undefined) {
      const refusal = await this.operations.carryOut(operation);
      if (refusal === undefined) void reply.code(202).header('content-length', '0').send();
      else sendRefusal(reply, httpError(refusal));
      return;
    }
    if (type === 'SUBSCRIBE') return this.subscribe(read.mediaType, reply);
    if (ROLE_CALLS.has(type)) return this.askQuota(read.call, read.mediaType, reply);
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
      model: this.model,
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
  private subscribe(mediaType: MediaType, reply: FastifyReply): void {
    reply.hijack();
    reply.raw.writeHead(200, { 'Content-Type': mediaType });
    this.streams.open(reply.raw, mediaType);
  }

  /** Calls about roles belong to `quota`. @throws ProblemError 503 while it is away */
  private async askQuota(call: MasterCall, mediaType: MediaType, reply: FastifyReply): Promise<void> {
    const {
      outcome,
      response,
      message = '',
    } = await this.bus.ask(OperatorCallV1, queueOf('quota'), { call }).catch((cause: unknown) => {
      throw new ProblemError(problem(503, 'quota.away', 'Quota service away', messageOf(cause)));
    });
    if (outcome === 'done') return void reply.code(200).header('content-length', '0').send();
    if (outcome !== 'answered') return sendRefusal(reply, httpError({ kind: outcome, message }));
    const body = encodeBody(messageTypes.MasterResponse, mediaType, response ?? {});
    void reply.code(200).header('content-type', mediaType).send(body);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
