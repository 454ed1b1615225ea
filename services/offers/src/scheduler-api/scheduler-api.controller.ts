import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { principalOf, rawBody, sendRefusal } from '@tranche/http';
import {
  httpError,
  type MediaType,
  type SchedulerCall,
  type SchedulerCallSubscribe,
  type SchedulerEvent,
} from '@tranche/mesos-api';
import { activeTrace, beginTrace, type Logger } from '@tranche/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { subscribeFramework } from '../frameworks/subscribe-framework.js';
import type { OffersContext } from '../offers-context.js';
import { describeCall } from '../tasks/task-trace.js';
import { LOGGER, OFFERS_CONTEXT } from '../tokens.js';
import type { CallMetrics } from './call-metrics.js';
import { EventStream } from './event-stream.js';
import { type Asking, findCaller } from './find-caller.js';
import { handleCall, termsOf } from './handle-call.js';
import { readCall } from './read-call.js';
import { StreamLog } from './stream-log.js';
import { StreamRegistry } from './stream-registry.js';
import { CALL_METRICS, STREAM_LIMIT } from './tokens.js';

/** `POST /api/v1/scheduler`: calls in, the event stream of SUBSCRIBE out. */
@Controller('api/v1/scheduler')
export class SchedulerApiController {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(STREAM_LIMIT) private readonly maxBufferedBytes: number,
    @Inject(CALL_METRICS) private readonly metrics: CallMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly log: StreamLog,
  ) {}

  @All()
  async call(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const streamId = header(request, 'mesos-stream-id');
    const principal = principalOf(request);
    const read = readCall({
      principal,
      method: request.method,
      contentType: header(request, 'content-type'),
      accept: header(request, 'accept'),
      streamId,
      body: rawBody(request),
    });
    if (!read.ok) {
      this.metrics.refused(read.type);
      sendRefusal(reply, httpError(read.refusal));
      return;
    }
    if (read.call.type === 'SUBSCRIBE') {
      this.subscribe(read.call.subscribe as SchedulerCallSubscribe, read.mediaType, reply);
      return;
    }
    await this.handle(read.call, { streamId, principal }, reply);
  }

  private async handle(call: SchedulerCall, asking: Asking, reply: FastifyReply): Promise<void> {
    const caller = findCaller(this.context.state.frameworks, call.framework_id?.value ?? '', asking);
    if (!caller.ok) {
      sendRefusal(reply, httpError(caller.refusal));
      return;
    }
    describeCall(this.context.state.tasks, caller.framework, call);
    const { traceId } = activeTrace() ?? beginTrace();
    const outcome = await handleCall(this.context, caller.framework, call, traceId);
    this.metrics.called(caller.framework, call, outcome);
    const { frameworkId } = caller.framework;
    const bytes = rawBody(reply.request).length;
    this.log.note(frameworkId, {
      direction: 'call',
      type: call.type ?? 'UNKNOWN',
      bytes,
      outcome: outcome.kind,
      traceId,
    });
    if (outcome.kind === 'refused') {
      sendRefusal(reply, httpError(outcome.refusal));
      return;
    }
    if (outcome.kind === 'unknown') {
      reply.hijack();
      reply.raw.destroy();
      return;
    }
    void reply
      .code(outcome.kind === 'done' ? 200 : 202)
      .header('content-length', '0')
      .send();
  }

  private subscribe(subscribe: SchedulerCallSubscribe, mediaType: MediaType, reply: FastifyReply): void {
    const { raw } = reply;
    this.metrics.subscribing(subscribe.framework_info);
    reply.hijack();
    const streamId = this.context.ids.newStreamId();
    const trace = activeTrace();
    raw.writeHead(200, {
      'Content-Type': mediaType,
      'Mesos-Stream-Id': streamId,
      ...(trace === undefined ? {} : { 'Trace-Id': trace.traceId }),
    });
    const { maxBufferedBytes } = this;
    const count = this.metrics.counterOf(subscribe.framework_info.name);
    let id = subscribe.framework_info.id?.value;
    const onSent = (event: SchedulerEvent, bytes: number): void => {
      count(event);
      // A framework that is new learns its id from the first event.
      id ??= event.subscribed?.framework_id.value;
      if (id !== undefined) this.log.note(id, { direction: 'event', type: event.type ?? 'UNKNOWN', bytes });
    };
    const stream = new EventStream(raw, { streamId, mediaType, maxBufferedBytes, onSent });
    raw.on('close', () => this.streams.closed(stream));
    // A client that vanishes is noticed by `close`; the error itself says no more.
    raw.on('error', () => undefined);
    const subscription = subscribeFramework(this.context, termsOf(subscribe), stream);
    if (!subscription.ok) {
      this.logger.info('subscription refused', { name: subscribe.framework_info.name, reason: subscription.message });
      return;
    }
    const { frameworkId, record } = subscription.framework;
    this.streams.opened(subscription.framework, stream);
    this.logger.info('framework subscribed', { frameworkId, name: record.info.name, roles: record.roles });
  }
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
