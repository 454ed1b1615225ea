import { All, Controller, Req, Res } from '@nestjs/common';
import { rawBody, sendRefusal } from '@tranche/http';
import { type ExecutorCall, httpError, type MediaType } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Ledger } from '../../checkpoint/ledger.js';
import type { AgentExecutor } from '../../executors/agent-executor.js';
import { ExecutorLinks } from '../../executors/executor-links.js';
import { RecoverExecutors } from '../../executors/recover-executors.js';
import { SubscribeExecutor } from '../../executors/subscribe-executor.js';
import { TakeUpdate } from '../../executors/take-update.js';
import { ExecutorMessages } from '../../executors/executor-messages.js';
import { ExecutorEventStream } from './executor-event-stream.js';
import { type ExecutorCallScene, readExecutorCall } from './read-executor-call.js';

/** `POST /api/v1/executor`: calls of executors in, the event stream of SUBSCRIBE out. */
@Controller('api/v1/executor')
export class ExecutorApiController {
  private readonly scene: ExecutorCallScene;

  constructor(
    ledger: Ledger,
    recovery: RecoverExecutors,
    private readonly links: ExecutorLinks,
    private readonly subscriptions: SubscribeExecutor,
    private readonly taker: TakeUpdate,
    private readonly messages: ExecutorMessages,
  ) {
    this.scene = {
      get phase() {
        return recovery.phase;
      },
      hasFramework: (frameworkId) => ledger.state.framework(frameworkId) !== undefined,
      executor: (frameworkId, executorId) => ledger.state.executor(frameworkId, executorId),
      isSubscribed: ({ containerId }) => links.isSubscribed(containerId),
    };
  }

  @All()
  call(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const read = readExecutorCall(
      {
        method: request.method,
        contentType: request.headers['content-type'],
        accept: request.headers.accept,
        body: rawBody(request),
      },
      this.scene,
    );
    if (!read.ok) {
      sendRefusal(reply, httpError(read.refusal));
      return;
    }
    if (read.kind === 'call' && read.call.type === 'SUBSCRIBE') {
      this.subscribe(read.call, read.executor, read.mediaType, reply);
      return;
    }
    if (read.kind === 'call') this.take(read.call, read.executor);
    void reply.code(202).header('content-length', '0').send();
  }

  private take({ update, message }: ExecutorCall, executor: AgentExecutor): void {
    if (update !== undefined) this.taker.take(executor, update.status);
    if (message !== undefined) this.messages.toFramework(executor, message.data);
  }

  private subscribe(call: ExecutorCall, executor: AgentExecutor, mediaType: MediaType, reply: FastifyReply): void {
    const { raw } = reply;
    reply.hijack();
    raw.writeHead(200, { 'Content-Type': mediaType });
    const stream = new ExecutorEventStream(raw, mediaType);
    raw.on('close', () => {
      stream.closed();
      this.links.disconnect(executor.containerId, stream);
    });
    // An executor that vanishes is noticed by `close`; the error itself says no more.
    raw.on('error', () => undefined);
    this.subscriptions.subscribe(executor, call.subscribe ?? {}, stream);
  }
}
